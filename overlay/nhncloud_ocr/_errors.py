"""Everything that can go wrong, as one tree.

    OcrError
    ├── ConfigurationError(ValueError)        the client cannot work like this: keys, base URL, options
    ├── InvalidImageError(ValueError)         refused before anything is sent
    ├── TransportError                        no reply; .maybe_billed
    │   ├── OcrConnectionError(ConnectionError)
    │   └── OcrTimeoutError(TimeoutError)
    ├── UnexpectedResponseError               a reply, but not the documented envelope
    └── ApiError                              the service said no
        ├── AuthenticationError
        ├── PermissionDeniedError
        ├── BadRequestError
        ├── ImageRejectedError
        ├── NoTextFoundError
        ├── RateLimitError
        └── ServerError

Each has `attempts`: how many requests were tried (0: none). Each can be pickled, with equal text.
No message holds a key or the body of a reply, which may be somebody's identity card.
"""

from __future__ import annotations


class OcrError(Exception):
    """The root: catch this one to catch them all."""

    def __init__(self, message: str = "", *, attempts: int = 0) -> None:
        super().__init__(message)
        self.attempts = attempts


class ConfigurationError(OcrError, ValueError):
    """The client was given a key, URL or option with which it cannot work."""


class InvalidImageError(OcrError, ValueError):
    """The image was refused on this side: nothing was sent, nothing is billed."""


class TransportError(OcrError):
    """No reply was received. `maybe_billed` says whether trying again may cost a second time.

    It is False only if the request cannot have reached the service. The service bills a successful
    inference even if its reply is lost (reported).
    """

    def __init__(self, message: str = "", *, maybe_billed: bool = True, attempts: int = 0) -> None:
        super().__init__(message, attempts=attempts)
        self.maybe_billed = maybe_billed


class OcrConnectionError(TransportError, ConnectionError):
    """The connection could not be made, or broke."""


class OcrTimeoutError(TransportError, TimeoutError):
    """Connecting, sending or waiting took longer than the client's timeout."""


class UnexpectedResponseError(OcrError):
    """The reply is not the documented envelope.

    Its text gives status, content type, length and the JSON path that failed; `raw` (bytes) has
    the whole body and `snippet` its beginning. Both stay out of the text and the repr.
    """

    def __init__(
        self, message: str = "", *, http_status: int = 0, content_type: str = "", raw: bytes = b"", attempts: int = 0
    ) -> None:
        super().__init__(message, attempts=attempts)
        self.http_status = http_status
        self.content_type = content_type
        self.raw = raw

    @property
    def snippet(self) -> str:
        """The first 200 bytes of the body, as text."""
        return self.raw[:200].decode("utf-8", "replace")


class ApiError(OcrError):
    """The service answered that it could not do it.

    `http_status`: 200 for the service's own failures (guide). `result_code`: the number to act on,
    None if the reply had none. `result_message`: the service's words; they differ between
    editions, so never match them. `retry_after`: the Retry-After header as sent, or None.
    """

    advice = ""

    def __init__(
        self,
        message: str = "",
        *,
        http_status: int = 0,
        result_code: int | None = None,
        result_message: str = "",
        retry_after: str | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(message, attempts=attempts)
        self.http_status = http_status
        self.result_code = result_code
        self.result_message = result_message
        self.retry_after = retry_after


class AuthenticationError(ApiError):
    """The app key or the secret key is wrong, or the credentials are missing."""

    advice = "Check the app key and the secret key (console: URL & Appkey)."


class PermissionDeniedError(ApiError):
    """The keys are known but may not do this, or the client's address is refused."""

    advice = "Check the project's permissions and its list of allowed addresses."


class BadRequestError(ApiError):
    """The service could not read the request."""

    advice = "Check the base URL and what is sent."


class ImageRejectedError(ApiError):
    """The service would not take the image, or could not fetch it."""

    advice = (
        "Send a sound JPEG or PNG of at most 20 MB; an image URL must be reachable from the "
        "internet within 20 s; use recognize_cropping() for long images."
    )


class NoTextFoundError(ApiError):
    """There is no text in the image."""

    advice = 'With on_no_text="empty" this is a result without lines.'


class RateLimitError(ApiError):
    """Too many calls, or the quota is used up."""

    advice = "Send fewer calls at a time, or ask the vendor for a higher limit."


class ServerError(ApiError):
    """The service failed."""

    advice = "Try again later; the call may have been billed."


class AspectRatioWarning(UserWarning):
    """One side of the image is more than 2.5 times the other: recognize_cropping() reads it better (documented)."""
