"""The secrets of one request, on their way down past everything that looks at requests.

What traces, logs or records HTTP sits between a client and its network: OpenTelemetry wraps httpx's
own transports. So the request that they see has placeholders, and in its extensions this, which the
network opens (`pools`).
"""

from contextvars import ContextVar
from typing import TYPE_CHECKING, NoReturn

import httpx

from .._auth.redaction import Redactor
from .content import Content
from .gathered import Gathered
from .watch import Watch

if TYPE_CHECKING:
    import httpcore

EXTENSION = "nhncloud_ocr"
HIDDEN = "***"

# A transport of the user's may build the request anew, without its extensions.
current: ContextVar["Sealed | None"] = ContextVar("nhncloud_ocr_sealed", default=None)


class Sealed:
    """The secrets of a request, for one attempt. Never shown or pickled."""

    __slots__ = ("_headers", "_hidden", "_segment", "redactor", "watch")

    def __init__(
        self,
        redactor: Redactor,
        watch: Watch,
        headers: dict[bytes, bytes],
        *,
        hidden: bytes = b"",
        segment: bytes = b"",
    ) -> None:
        """
        headers: the secret ones, by their names in lower case.
        hidden: the segment of the path that stands for `segment`, if any.
        """
        self.redactor = redactor
        self.watch = watch
        self._headers = headers
        self._hidden = b"/" + hidden + b"/"
        self._segment = b"/" + segment + b"/"

    def is_of(self, request: "httpcore.Request") -> bool:
        """Whether that is the request, as one can tell without its extensions."""
        return len(self._hidden) > 2 and self._hidden in request.url.target

    def opened(self, request: "httpcore.Request") -> "httpcore.Request":
        """Return the request to send: this one, changed, for nobody else has it."""
        if len(self._hidden) > 2:
            url = request.url
            url.target = url.target.replace(self._hidden, self._segment, 1)
        secret = self._headers
        request.headers = [
            (name, secret.get(name.lower(), value)) for name, value in request.headers
        ]
        if not isinstance(request.stream, Content):
            request.stream = Gathered(request.stream)
        request.extensions = {**request.extensions, "timeout": self.watch.watched()}
        request.extensions.pop(EXTENSION, None)
        return request

    def masked(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Return a reply's headers without the secrets, which a trace may keep."""
        body = self.redactor.body
        together = b"\n".join([value for _, value in headers])
        if body(together) is together:  # nearly always, and in one go
            return headers
        return [(name, body(value)) for name, value in headers]

    def cleaned(self, exc: BaseException) -> BaseException:
        """Return the exception without the secrets, for a trace keeps its text."""
        return self.redactor.exception(exc, None)

    def __repr__(self) -> str:
        return "Sealed(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


def of(request: "httpcore.Request") -> "Sealed | None":
    """Return what was sealed of this request, or None: it is nobody's of ours."""
    found = request.extensions.get(EXTENSION)
    if isinstance(found, Sealed):
        return found
    last = current.get()
    return last if last is not None and last.is_of(request) else None


def sealed_request(request: httpx.Request, sealed: Sealed) -> httpx.Request:
    """Return the request, which has placeholders, with its secrets for the network below."""
    request.extensions[EXTENSION] = sealed
    current.set(sealed)
    return request
