"""Try the installed SDK on a bare Python: a call, and what comes after it. For `check_dist.py`.

python -I -W error scripts/try_sdk.py
"""

from pathlib import Path

import httpx
import nhncloud_ocr_toolkit as toolkit
from nhncloud_ocr import OcrClient, OcrResult

DATA = Path(__file__).resolve().parent.parent / "tests/data"
IMAGE = DATA / "images/ours/s08_mixed_receipt.png"
REPLY = (DATA / "replies/receipt.json").read_bytes()


def answer(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=REPLY, headers={"Content-Type": "application/json"})


with OcrClient("an-app-key", "a-secret-key", transport=httpx.MockTransport(answer)) as ocr:
    page = ocr.recognize(IMAGE)
assert page == OcrResult.from_raw(REPLY)
(amount,) = toolkit.right_of(page, toolkit.find(page, "합계")[0])
assert amount.text == "29,800원", amount
assert "ocr_page" in toolkit.hocr(page, IMAGE)
