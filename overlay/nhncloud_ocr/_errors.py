"""Everything that can go wrong, as one tree.

    OcrError                                      .attempts .maybe_billed .retryable
    ├── ConfigurationError(ValueError)
    ├── InvalidImageError(ValueError)             refused before anything is sent
    ├── TransportError                            no reply came
    │   ├── OcrConnectionError(ConnectionError)
    │   └── OcrTimeoutError(TimeoutError)
    ├── UnexpectedResponseError                   .http_status .content_type .raw .snippet
    └── ApiError                                  .http_status .result_code
        │                                         .result_message .retry_after
        ├── AuthenticationError
        ├── PermissionDeniedError
        ├── BadRequestError
        ├── ImageRejectedError
        ├── NoTextFoundError
        ├── RateLimitError
        └── ServerError

All can be pickled, with equal text. The text holds no key and nothing of a reply's body, which
may be an identity card. Which error a reply becomes stands in `_codes`.
"""

from enum import Enum
from typing import ClassVar


class Again(Enum):
    """Whether a RetryPolicy makes another attempt after a failed one."""

    NO = "no"
    YES = "yes"  # it cannot have been billed, and waiting helps
    IF_MAYBE_BILLED = "with retry_maybe_billed=True"
    IF_RATE_LIMITED = "with retry_rate_limit=True"


class OcrError(Exception):
    """The root.

    attempts: how many requests were tried, 0 if none.
    maybe_billed: whether any of them may have been billed. The service bills when inference
        succeeds, even if its reply is lost (reported); of most failures nobody says whether it
        does, so False stands only where that is known or follows from what the error says.
    retryable: whether the same call may succeed later, without a change.
    """

    attempts: int
    maybe_billed: bool
    retryable: bool
    _again: Again = Again.NO

    def __init__(
        self,
        message: str = "",
        *,
        attempts: int = 0,
        maybe_billed: bool = False,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.maybe_billed = maybe_billed
        self.retryable = retryable

    def _conclude(self, attempts: int, maybe_billed: bool) -> None:
        """Make this the end of a call: say how many requests it took and what they may cost."""
        self.attempts = attempts
        self.maybe_billed = maybe_billed
        self.args = (f"{self.args[0]} {self._about_the_bill()}".strip(),)

    def _about_the_bill(self) -> str:
        return "The call may have been billed." if self.maybe_billed else ""


class ConfigurationError(OcrError, ValueError):
    """The client cannot work with this key, URL or option."""


class InvalidImageError(OcrError, ValueError):
    """The image was refused on this side: nothing was sent, nothing is billed."""


class TransportError(OcrError):
    """No reply came.

    `maybe_billed` is False only if no request of the call can have reached the service.
    """

    def __init__(
        self,
        message: str = "",
        *,
        attempts: int = 0,
        maybe_billed: bool = True,
        retryable: bool = True,
    ) -> None:
        super().__init__(
            message,
            attempts=attempts,
            maybe_billed=maybe_billed,
            retryable=retryable,
        )
        self._again = Again.IF_MAYBE_BILLED if maybe_billed else Again.YES

    def _about_the_bill(self) -> str:
        if self.maybe_billed:
            return "The call may have been billed, and so may another try."
        return "Nothing was billed."


class OcrConnectionError(TransportError, ConnectionError):
    """The connection could not be made, or broke."""


class OcrTimeoutError(TransportError, TimeoutError):
    """Connecting, sending or waiting took longer than the client's timeout."""


class UnexpectedResponseError(OcrError):
    """The reply is not the documented envelope.

    The text says what is wrong, at which JSON path. `raw` is the whole body, `content_type` the
    header as sent ("" if there was none).
    """

    http_status: int
    content_type: str
    raw: bytes

    def __init__(
        self,
        message: str = "",
        *,
        http_status: int = 0,
        content_type: str = "",
        raw: bytes = b"",
        attempts: int = 0,
        maybe_billed: bool = True,
        retryable: bool = False,
    ) -> None:
        super().__init__(
            message,
            attempts=attempts,
            maybe_billed=maybe_billed,
            retryable=retryable,
        )
        self.http_status = http_status
        self.content_type = content_type
        self.raw = raw

    @property
    def snippet(self) -> str:
        """The first 200 bytes of the body, as text."""
        return self.raw[:200].decode("utf-8", "replace")


class ApiError(OcrError):
    """The service said no.

    `http_status` is 200 for its own failures (guide). `result_code` is what to act on, None if the
    reply had none; `result_message` are its words, which change. `retry_after` is the header as
    sent, or None.
    """

    advice: ClassVar[str] = ""
    """What to do; it ends the text of each error that a reply becomes."""

    http_status: int
    result_code: int | None
    result_message: str
    retry_after: str | None

    def __init__(
        self,
        message: str = "",
        *,
        http_status: int = 0,
        result_code: int | None = None,
        result_message: str = "",
        retry_after: str | None = None,
        attempts: int = 0,
        maybe_billed: bool = False,
        retryable: bool = False,
    ) -> None:
        super().__init__(
            message,
            attempts=attempts,
            maybe_billed=maybe_billed,
            retryable=retryable,
        )
        self.http_status = http_status
        self.result_code = result_code
        self.result_message = result_message
        self.retry_after = retry_after


class AuthenticationError(ApiError):
    """A key is wrong or missing."""

    advice = (
        "A key is wrong or missing. Check the app key and the secret key (console: URL & Appkey)."
    )


class PermissionDeniedError(ApiError):
    """The keys may not do this, or not from here."""

    advice = (
        "The keys may not do this, or not from here. "
        "Check the project's permissions and its list of allowed addresses."
    )


class BadRequestError(ApiError):
    """The service could not read the request."""

    advice = "The service could not read the request. Check the base URL and what is sent."


class ImageRejectedError(ApiError):
    """The service would not take the image, or could not fetch it."""

    advice = (
        "The service would not take the image, or could not fetch it. Send a sound JPEG or PNG of "
        "at most 20 MB, or the URL of one that anybody can fetch within 20 s; "
        "recognize_cropping() is for long images."
    )


class NoTextFoundError(ApiError):
    """There is no text in the image."""

    advice = (
        'There is no text in the image. With on_no_text="empty" this is a result without lines.'
    )


class RateLimitError(ApiError):
    """Too many calls, or the quota is used up."""

    advice = (
        "Too many calls, or the quota is used up. "
        "Send fewer calls at a time, or ask the vendor for a higher limit."
    )


class ServerError(ApiError):
    """The service failed."""

    advice = "The service failed. Try again later."


class AspectRatioWarning(UserWarning):
    """A side is more than 2.5 times the other: cropping reads such an image better (documented)."""


_PUBLIC: tuple[type[Exception], ...] = (
    OcrError,
    ConfigurationError,
    InvalidImageError,
    TransportError,
    OcrConnectionError,
    OcrTimeoutError,
    UnexpectedResponseError,
    ApiError,
    AuthenticationError,
    PermissionDeniedError,
    BadRequestError,
    ImageRejectedError,
    NoTextFoundError,
    RateLimitError,
    ServerError,
    AspectRatioWarning,
)
for _kind in _PUBLIC:
    _kind.__module__ = "nhncloud_ocr"  # where people import it from
