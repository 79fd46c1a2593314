"""One way to call the sync and the async client alike."""

import asyncio
import ssl
from typing import Any

import pytest
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrResult
from unit.support import PNG

both = pytest.mark.parametrize("kind", [OcrClient, AsyncOcrClient], ids=["sync", "async"])

TRUST = ssl.create_default_context()
"""Made once: loading the system's authorities costs more than a call."""


def recognize(kind: Any, image: Any = PNG, **options: Any) -> OcrResult:
    """One call of a client made with these options, and closed."""
    options = {"verify": TRUST, **options}
    if kind is OcrClient:
        with OcrClient(**options) as ocr:
            return ocr.recognize(image)

    async def call() -> OcrResult:
        async with AsyncOcrClient(**options) as ocr:
            return await ocr.recognize(image)

    return asyncio.run(call())
