"""Everything that can go wrong, as one tree.

    OcrError
    ├── ConfigurationError(ValueError)
    ├── InvalidImageError(ValueError)             refused before anything is sent
    ├── TransportError                            .maybe_billed
    │   ├── OcrConnectionError(ConnectionError)
    │   └── OcrTimeoutError(TimeoutError)
    ├── UnexpectedResponseError                   .http_status .content_type .raw .snippet
    └── ApiError                                  .http_status .result_code .result_message .retry_after
        ├── AuthenticationError
        ├── PermissionDeniedError
        ├── BadRequestError
        ├── ImageRejectedError
        ├── NoTextFoundError
        ├── RateLimitError
        └── ServerError

All can be pickled, with equal text, which holds no key and nothing of a reply's body: it may be an identity card.
"""

from typing import Any


class OcrError(Exception):
    """The root. `attempts`: how many requests were tried, 0 if none."""

    attempts: int = 0

    def __init__(self, message: str = "", **attributes: Any) -> None:
        super().__init__(message)
        self.__dict__.update(attributes)


class ConfigurationError(OcrError, ValueError):
    """The client cannot work with this key, URL or option."""


class InvalidImageError(OcrError, ValueError):
    """The image was refused on this side: nothing was sent, nothing is billed."""


class TransportError(OcrError):
    """No reply came. `maybe_billed`: False only if the request cannot have reached the service, which bills a
    successful inference even if its reply is lost (reported)."""

    maybe_billed: bool = True


class OcrConnectionError(TransportError, ConnectionError):
    """The connection could not be made, or broke."""


class OcrTimeoutError(TransportError, TimeoutError):
    """Connecting, sending or waiting took longer than the client's timeout."""


class UnexpectedResponseError(OcrError):
    """The reply is not the documented envelope. The text says what is wrong, at which JSON path; `raw` (bytes) has the
    whole body and `snippet` its first 200 bytes as text."""

    http_status: int = 0
    content_type: str = ""
    raw: bytes = b""

    @property
    def snippet(self) -> str:
        return self.raw[:200].decode("utf-8", "replace")


class ApiError(OcrError):
    """The service said no. `http_status` is 200 for its own failures (guide). `result_code`: what to act on, None if
    the reply had none. `result_message`: its words, which change. `retry_after`: the header as sent, or None."""

    http_status: int = 0
    result_code: int | None = None
    result_message: str = ""
    retry_after: str | None = None


# What these classes say of themselves ends the text of each error.
class AuthenticationError(ApiError):
    """A key is wrong or missing. Check the app key and the secret key (console: URL & Appkey)."""


class PermissionDeniedError(ApiError):
    """The keys may not do this, or not from here. Check the project's permissions and its list of allowed addresses."""


class BadRequestError(ApiError):
    """The service could not read the request. Check the base URL and what is sent."""


class ImageRejectedError(ApiError):
    """The service would not take the image, or could not fetch it. Send a sound JPEG or PNG of at most 20 MB, or the
    URL of one that anybody can fetch within 20 s; recognize_cropping() is for long images."""


class NoTextFoundError(ApiError):
    """There is no text in the image. With on_no_text="empty" this is a result without lines."""


class RateLimitError(ApiError):
    """Too many calls, or the quota is used up. Send fewer calls at a time, or ask the vendor for a higher limit."""


class ServerError(ApiError):
    """The service failed. Try again later; the call may have been billed."""


class AspectRatioWarning(UserWarning):
    """A side is more than 2.5 times the other: recognize_cropping() reads such an image better (documented)."""
