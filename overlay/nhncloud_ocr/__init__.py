"""Python SDK for NHN Cloud General OCR: lossless results, typed errors, no second bill unasked.

from nhncloud_ocr import OcrClient

with OcrClient(app_key="...", secret_key="...") as ocr:
    print(ocr.recognize("receipt.jpg").text)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# fmt: off
# isort: off
__all__ = [
    "ApiError", "AspectRatioWarning", "AsyncOcrClient", "AuthenticationError", "BadRequestError", "ConfigurationError",
    "ImageRejectedError", "InvalidImageError", "Line", "NoTextFoundError", "OcrClient", "OcrConnectionError",
    "OcrError", "OcrResult", "OcrTimeoutError", "PermissionDeniedError", "Quad", "RateLimitError", "RetryPolicy",
    "ServerError", "TransportError", "UnexpectedResponseError", "Word", "__version__",
]
if TYPE_CHECKING:
    from ._client import AsyncOcrClient, OcrClient
    from ._errors import (
        ApiError, AspectRatioWarning, AuthenticationError, BadRequestError, ConfigurationError, ImageRejectedError,
        InvalidImageError, NoTextFoundError, OcrConnectionError, OcrError, OcrTimeoutError, PermissionDeniedError,
        RateLimitError, ServerError, TransportError, UnexpectedResponseError,
    )
    from ._results import Line, OcrResult, Quad, Word
    from ._config import RetryPolicy
# fmt: on
_HOMES: dict[str, str] = {
    "AsyncOcrClient": "_client",
    "OcrClient": "_client",
    "RetryPolicy": "_config",
}
_HOMES |= dict.fromkeys(("Line", "OcrResult", "Quad", "Word"), "_results")


def __getattr__(
    name: str,
) -> Any:  # at a name's first use (PEP 562): importing the package costs next to nothing
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(
        import_module(f".{_HOMES.get(name, '_errors')}", __name__), name
    )
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
