"""A request that credentials make for themselves, such as for a token. I/O-free, as a call is.

Nothing of it is billed, so whatever fails is tried again as the client's policy says.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import httpx

from .._auth.frames import leaves_no_frame
from .._auth.redaction import Redactor
from .._clock import Clock
from .._errors import Again, OcrError, RateLimitError, ServerError, TransportError
from .._options import Options
from . import sealed as seals
from .arrived import Arrived
from .failures import out_of_time
from .outgoing import AGENT
from .sealed import HIDDEN, Sealed
from .watch import Watch

# What their values say is no secret.
_PLAIN_HEADERS = {
    *("host", "accept", "accept-encoding", "connection", "content-length", "content-type"),
    *("user-agent", "transfer-encoding"),
}
_TOO_MANY = 429


class Errand:
    """Its life: exchange it, then `read` the reply or `wait_after` an error, until one ends it."""

    def __init__(
        self,
        request: httpx.Request,
        options: Options,
        clock: Clock,
        left: Callable[[], float | None],
    ) -> None:
        """left: tells how many seconds the whole call has left."""
        self._request = request
        self._options = options
        self._left = left
        self._clock = clock
        self._retry = options.retry
        self._began = clock.monotonic()
        self._tries = 0
        self._redactor = Redactor(_secrets(request))
        self.watch = Watch(options.timeout, clock, left())
        self.refusal: httpx.Response | None = None

    def request(self, *, sealed: bool) -> httpx.Request:
        """Build the request to send. Log records are masked from now on.

        sealed: headers of its own are in its extensions, and others to be shown in their places.
        """
        self._redactor.watch_logs()
        headers = self._request.headers.copy()
        if headers.get("User-Agent", "python-httpx").startswith("python-httpx"):
            headers["User-Agent"] = AGENT
        secret = {}
        if sealed:
            names = [name for name in headers if name not in _PLAIN_HEADERS]
            secret = {name.encode(): headers[name].encode() for name in names}
            headers.update(dict.fromkeys(names, HIDDEN))
        request = httpx.Request(
            self._request.method,
            self._request.url,
            headers=headers,
            content=self._request.read(),
            extensions={"timeout": self.watch.timeouts()},
        )
        if not sealed:
            return request
        return seals.sealed_request(request, Sealed(self._redactor, self.watch, secret))

    def cleaned(self, exc: BaseException) -> BaseException:
        """Return the exception without the secrets of this request."""
        bare = httpx.Request(self._request.method, self._request.url.copy_with(query=None))
        return self._redactor.exception(exc, bare)

    def read(self, arrived: Arrived) -> httpx.Response:
        """Return the reply. Raises OcrError for one that may be another in a while."""
        reply = self._masked(arrived)
        self.refusal = None
        status = reply.status_code
        given: dict[str, Any] = {
            "http_status": status,
            "retry_after": reply.headers.get("Retry-After"),
        }
        error: RateLimitError | ServerError
        if status == _TOO_MANY:
            self.refusal = reply
            error = RateLimitError("too many requests for credentials", **given)
        elif status >= 500:
            where = self._request.url.host
            error = ServerError(
                f"no credentials: {where} answered HTTP {status}. Try again later; "
                "nothing was billed for asking.",
                **given,
            )
        else:
            return reply
        error._again = Again.YES
        try:
            raise error
        finally:
            del error  # else it and its frame would hold each other

    @leaves_no_frame
    def _masked(self, reply: Arrived) -> httpx.Response:
        """Return the reply without what it echoes of the secrets; a refusal's body too."""
        headers = [
            (name, self._redactor.text(value))
            for name, value in reply.headers.multi_items()
            if name.lower() != "content-encoding"  # the body has been unpacked
        ]
        body = reply.content
        if reply.status_code >= 400:
            body = self._redactor.body(body)
        return httpx.Response(
            reply.status_code,
            headers=httpx.Headers(headers, "utf-8"),
            content=body,
        )

    def wait_after(self, error: OcrError) -> float | None:
        """Return how many seconds to wait for the next try, or None: it ends in `error`."""
        if isinstance(error, TransportError):
            cause = error.__cause__ or error
            said = f"{type(cause).__name__}: {cause}".rstrip(": ")
            where = self._request.url.host
            error.args = (
                f"no credentials: no reply from {where} ({said}). Is its URL right, and does a "
                "proxy or firewall let it through?",
            )
            error.maybe_billed = False
            error._again = Again.YES
        self._tries += 1
        error.attempts = self._tries
        elapsed = self._clock.monotonic() - self._began
        delay = self._retry.delay(error, elapsed, self._clock.now(), self._clock.random())
        error.attempts = 0  # which count requests for recognition
        left = self._left()
        if delay is not None and left is not None and delay >= left:
            raise out_of_time(self._options.total_timeout, error)
        self.watch = Watch(self._options.timeout, self._clock, left)
        return delay


@leaves_no_frame
def _secrets(request: httpx.Request) -> set[str]:
    """What of a request may not be shown: headers of its own, and each value of its form."""
    found = set(_values(request.read().decode("utf-8", "replace")))
    for name, value in request.headers.items():
        if name.lower() not in _PLAIN_HEADERS:
            scheme, _, credentials = value.partition(" ")
            found |= {value, credentials}
            if scheme.lower() == "basic":
                found |= set(_basic(credentials))
    return found


def _basic(credentials: str) -> Iterator[str]:
    with suppress(ValueError):
        pair = b64decode(credentials).decode()
        yield pair
        yield from pair.split(":", 1)


def _values(body: str) -> Iterator[str]:
    yield from (value for _, value in parse_qsl(body))
    try:
        stack = [json.loads(body)]
    except (ValueError, RecursionError):
        return
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict | list):
            stack += node.values() if isinstance(node, dict) else node
