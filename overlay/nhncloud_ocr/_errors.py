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

Behind the tree, one table: what (HTTP status, result code) means, and whether it is tried again. The service (HTTP 200)
and the gateway before the old host (real statuses) use the same numbers for different things. So the exact pair comes
first; else a status of 400 and more decides, below it the code. Messages are never matched.
"""

from typing import Any, NamedTuple


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


class Verdict(NamedTuple):
    """The class to raise, and for a call that is worth another try, whether this one may have been billed."""

    error: type[ApiError]
    maybe_billed: bool | None = None


# Of the two, the gateway refuses the client's address, and the quota is used up: waiting does not help.
PAIRS = {(400, 4000006): Verdict(PermissionDeniedError), (429, 4291001): Verdict(RateLimitError)}
STATUSES = {
    401: Verdict(AuthenticationError),
    403: Verdict(PermissionDeniedError),
    413: Verdict(ImageRejectedError),
    429: Verdict(RateLimitError, maybe_billed=False),
    503: Verdict(ServerError, maybe_billed=False),
    **dict.fromkeys((502, 504), Verdict(ServerError, maybe_billed=True)),
}
CODES = {
    **dict.fromkeys((-1, 500), Verdict(ServerError)),
    **dict.fromkeys((400, 404, 405, 415, 4000001, 4000005, 4041007), Verdict(BadRequestError)),
    **dict.fromkeys((401, 4010001, 4010002, 4010004, 4010006), Verdict(AuthenticationError)),
    **dict.fromkeys((403, 4010003, 4010005, 4010007, 4031007), Verdict(PermissionDeniedError)),
    **dict.fromkeys(
        (4000002, 4000003, 4000004, *range(4000502, 4000506), 4131000), Verdict(ImageRejectedError)
    ),
    **dict.fromkeys((4000006, 4291001), Verdict(RateLimitError)),
    4000501: Verdict(NoTextFoundError),
    4291000: Verdict(RateLimitError, maybe_billed=False),
    5000503: Verdict(ServerError, maybe_billed=False),
}
STATUS_RANGES = {
    4: BadRequestError,
    **dict.fromkeys(range(5, 10), ServerError),
}  # by the first digit
CODE_RANGES: dict[int, type[ApiError]] = dict.fromkeys(
    range(500, 600), ServerError
)  # by the first three of seven
CODE_RANGES |= {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    429: RateLimitError,
}


def verdict(http_status: int, result_code: int | None) -> Verdict:
    """Look up a failure; `result_code` is None where the reply had no readable envelope."""
    code = result_code or 0
    found, kind = CODES.get(code), CODE_RANGES.get(code // 10_000)
    if http_status >= 400:
        found, kind = (
            PAIRS.get((http_status, code)) or STATUSES.get(http_status),
            STATUS_RANGES.get(http_status // 100),
        )
    return found or Verdict(kind or ApiError)
