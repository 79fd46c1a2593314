"""One way to call the sync and the async client alike."""

import asyncio
import ssl
from typing import Any

import pytest
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrResult, RetryPolicy
from unit.support import PNG

both = pytest.mark.parametrize("kind", [OcrClient, AsyncOcrClient], ids=["sync", "async"])

KEYS = {"app_key": "an-app-key-of-16", "secret_key": "a-secret-key-of-32-characters-...."}
AT_ONCE = RetryPolicy(backoff=0)
EVEN_IF_BILLED = RetryPolicy(backoff=0, retry_maybe_billed=True)
LARGE = PNG + bytes(16 * 1024 * 1024)  # more than all buffers on the way hold

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
