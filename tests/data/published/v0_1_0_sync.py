from nhncloud_ocr import OcrClient

with OcrClient(app_key="...", secret_key="...") as ocr:
    page = ocr.recognize("receipt.jpg")                       # a path, bytes or an open file
    page = ocr.recognize(image_url="https://example.com/receipt.jpg")
    page = ocr.recognize_cropping("long-screenshot.png")      # past 1:2.5
    print(page.text)
    for word in page.words:
        print(word.text, word.confidence, word.box)           # box: four corners in pixels, or None
