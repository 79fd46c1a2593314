import asyncio
from nhncloud_ocr import AsyncOcrClient

async def read(*images):
    async with AsyncOcrClient() as ocr:                       # keys from the environment
        return await asyncio.gather(*(ocr.recognize(image) for image in images))

for page in asyncio.run(read("one.jpg", "two.png")):
    print(page.text)
