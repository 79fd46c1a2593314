"""One way to call the sync and the async client alike."""

import asyncio
import inspect
import ssl
from typing import Any, Self

import pytest
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrResult, RetryPolicy
from unit.support import PNG

both = pytest.mark.parametrize("kind", [OcrClient, AsyncOcrClient], ids=["sync", "async"])

KEYS: dict[str, Any] = {  # any: they are handed on beside other options
    "app_key": "an-app-key-of-16",
    "secret_key": "a-secret-key-of-32-characters-....",
}
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


class Calls:
    """Several calls of one client, in one event loop if it is the async one."""

    def __init__(self, kind: Any, **options: Any) -> None:
        self.client = kind(**{"verify": TRUST, **options})
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    @property
    def loop(self) -> Any:
        return self._runner.get_loop()

    def recognize(self, image: Any = PNG, **options: Any) -> OcrResult:
        return self._done(self.client.recognize(image, **options))

    def _done(self, returned: Any) -> Any:
        return self._runner.run(returned) if inspect.iscoroutine(returned) else returned

    def __exit__(self, *_: object) -> None:
        close = getattr(self.client, "aclose", None) or self.client.close
        self._done(close())
        self._runner.close()
