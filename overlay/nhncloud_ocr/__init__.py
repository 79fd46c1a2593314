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
    from ._errors import ApiError as ApiError
    from ._errors import AspectRatioWarning as AspectRatioWarning
    from ._errors import AuthenticationError as AuthenticationError
    from ._errors import BadRequestError as BadRequestError
    from ._errors import ConfigurationError as ConfigurationError
    from ._errors import ImageRejectedError as ImageRejectedError
    from ._errors import InvalidImageError as InvalidImageError
    from ._errors import NoTextFoundError as NoTextFoundError
    from ._errors import OcrConnectionError as OcrConnectionError
    from ._errors import OcrError as OcrError
    from ._errors import OcrTimeoutError as OcrTimeoutError
    from ._errors import PermissionDeniedError as PermissionDeniedError
    from ._errors import RateLimitError as RateLimitError
    from ._errors import ServerError as ServerError
    from ._errors import TransportError as TransportError
    from ._errors import UnexpectedResponseError as UnexpectedResponseError
    from ._events import AttemptEnded as AttemptEnded
    from ._events import AttemptStarted as AttemptStarted
    from ._events import CallEnded as CallEnded
    from ._events import CallStarted as CallStarted
    from ._events import Observer as Observer
    from ._results import Line as Line
    from ._results import OcrResult as OcrResult
    from ._results import Quad as Quad
    from ._results import Word as Word
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
