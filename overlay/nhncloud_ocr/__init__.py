"""Python SDK for NHN Cloud General OCR: lossless results, typed errors, no second bill unasked.

from nhncloud_ocr import OcrClient

with OcrClient(app_key="...", secret_key="...") as ocr:
    print(ocr.recognize("receipt.jpg").text)
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ._async_client import AsyncOcrClient as AsyncOcrClient
    from ._auth.access import Access as Access
    from ._auth.access_token import AccessToken as AccessToken
    from ._auth.credentials import Credentials as Credentials
    from ._auth.secret_key import SecretKey as SecretKey
    from ._client import OcrClient as OcrClient
    from ._errors import (
        ApiError as ApiError,
        AspectRatioWarning as AspectRatioWarning,
        AuthenticationError as AuthenticationError,
        BadRequestError as BadRequestError,
        ConfigurationError as ConfigurationError,
        ImageRejectedError as ImageRejectedError,
        InvalidImageError as InvalidImageError,
        NoTextFoundError as NoTextFoundError,
        OcrConnectionError as OcrConnectionError,
        OcrError as OcrError,
        OcrTimeoutError as OcrTimeoutError,
        PermissionDeniedError as PermissionDeniedError,
        RateLimitError as RateLimitError,
        ServerError as ServerError,
        TransportError as TransportError,
        UnexpectedResponseError as UnexpectedResponseError,
    )
    from ._events import (
        AttemptEnded as AttemptEnded,
        AttemptStarted as AttemptStarted,
        CallEnded as CallEnded,
        CallStarted as CallStarted,
        Observer as Observer,
    )
    from ._results import Line as Line, OcrResult as OcrResult, Quad as Quad, Word as Word
    from ._retry import RetryPolicy as RetryPolicy
    from ._usage import Usage as Usage

# Imported when first asked for (PEP 562): importing the package costs next to nothing. The imports
# above say the same to type checkers; a test holds the two together.
_HOMES = {
    "Access": "_auth.access",
    "AccessToken": "_auth.access_token",
    "Usage": "_usage",
    "Observer": "_events",
    "CallStarted": "_events",
    "CallEnded": "_events",
    "AttemptStarted": "_events",
    "AttemptEnded": "_events",
    "ApiError": "_errors",
    "AspectRatioWarning": "_errors",
    "AsyncOcrClient": "_async_client",
    "AuthenticationError": "_errors",
    "BadRequestError": "_errors",
    "ConfigurationError": "_errors",
    "Credentials": "_auth.credentials",
    "ImageRejectedError": "_errors",
    "InvalidImageError": "_errors",
    "Line": "_results",
    "NoTextFoundError": "_errors",
    "OcrClient": "_client",
    "OcrConnectionError": "_errors",
    "OcrError": "_errors",
    "OcrResult": "_results",
    "OcrTimeoutError": "_errors",
    "PermissionDeniedError": "_errors",
    "Quad": "_results",
    "RateLimitError": "_errors",
    "RetryPolicy": "_retry",
    "SecretKey": "_auth.secret_key",
    "ServerError": "_errors",
    "TransportError": "_errors",
    "UnexpectedResponseError": "_errors",
    "Word": "_results",
}

if not TYPE_CHECKING:  # to a type checker, which sees no __getattr__, a misspelt name is an error
    __all__ = sorted([*_HOMES, "__version__"])

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{home}", __name__), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
