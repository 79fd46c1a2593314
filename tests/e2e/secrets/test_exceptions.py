"""Exceptions of a transport that hold the keys, in their frames, causes and texts."""

import asyncio
import errno

import httpx
import pytest
from e2e.both_clients import both
from e2e.secrets.canary import ALWAYS, echo, through
from nhncloud_ocr import OcrError


class Unhappy(Exception):
    """What a transport of somebody else's might raise."""


def raises(make):
    """A handler that raises what `make` makes of it, with a cause and frames that tell all."""

    def handler(request):
        keyed_request, headers = request, dict(request.headers)
        try:
            raise OSError(errno.ECONNRESET, f"{echo(keyed_request)} {headers}")
        except OSError as exc:
            raise make(keyed_request) from exc

    return handler


def group(message, text=lambda request: "all attempts failed"):
    """Of exceptions that were raised, and so have frames of their own."""

    def make(request):
        members = []
        for _ in range(2):
            try:
                raises(lambda request: OSError(errno.ECONNREFUSED, message(request)))(request)
            except OSError as exc:
                members.append(exc)
        return ExceptionGroup(text(request), members)

    return make


HTTPX = [
    *(
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadError,
        httpx.ReadTimeout,
        httpx.WriteError,
    ),
    *(
        httpx.WriteTimeout,
        httpx.PoolTimeout,
        httpx.CloseError,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
    ),
    *(
        httpx.RemoteProtocolError,
        httpx.LocalProtocolError,
        httpx.DecodingError,
        httpx.TooManyRedirects,
    ),
]
FAILURES = {
    **{
        kind.__name__: raises(lambda request, kind=kind: kind(echo(request), request=request))
        for kind in HTTPX
    },
    "HTTPStatusError": raises(
        lambda request: httpx.HTTPStatusError(
            echo(request),
            request=request,
            response=httpx.Response(500, text=echo(request), request=request),
        )
    ),
    "InvalidURL": raises(lambda request: httpx.InvalidURL(echo(request))),
    "StreamError": raises(lambda request: httpx.StreamError(echo(request))),
    "CookieConflict": raises(lambda request: httpx.CookieConflict(echo(request))),
    "OSError": raises(lambda request: OSError(errno.ENETDOWN, echo(request))),
    "OSError of a file": raises(
        lambda request: FileNotFoundError(errno.ENOENT, "no such socket", echo(request))
    ),
    "OSError of two files": raises(
        lambda request: OSError(errno.EXDEV, "no", "one", None, echo(request))
    ),
    "ConnectionResetError": raises(lambda request: ConnectionResetError(echo(request))),
}


@both
@pytest.mark.parametrize("handler", FAILURES.values(), ids=FAILURES.keys())
def test_no_failure_of_the_network_brings_a_key_out(kind, canary, handler) -> None:
    got = through(kind, handler)
    assert isinstance(got, OcrError)
    assert canary.leaks(got) == []


OTHERS = {
    "one of its own": (Unhappy, raises(lambda request: Unhappy("pool gone"))),
    "KeyboardInterrupt": (KeyboardInterrupt, raises(lambda request: KeyboardInterrupt())),
    "SystemExit": (SystemExit, raises(lambda request: SystemExit(3))),
    "CancelledError": (asyncio.CancelledError, raises(lambda request: asyncio.CancelledError())),
    "MemoryError": (MemoryError, raises(lambda request: MemoryError())),
    "group": (ExceptionGroup, raises(group(lambda request: "refused"))),
    "one that tells": (Unhappy, raises(lambda request: Unhappy(f"cannot send {echo(request)}"))),
    "group that tells": (ExceptionGroup, raises(group(echo))),
    "group whose own text tells": (ExceptionGroup, raises(group(lambda request: "refused", echo))),
}


@both
@pytest.mark.parametrize(("error", "handler"), OTHERS.values(), ids=OTHERS.keys())
def test_no_other_exception_brings_a_key_out_or_changes_its_class(
    kind, canary, error, handler
) -> None:
    got = through(kind, handler)
    assert type(got) is error
    assert canary.leaks(got) == []


class BrokenBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends in an exception which tells all."""

    def __init__(self, request):
        self.request = request

    def __iter__(self):
        yield b'{"header":'
        raise httpx.ReadError(echo(self.request), request=self.request)

    async def __aiter__(self):
        yield b'{"header":'
        raise httpx.ReadError(echo(self.request), request=self.request)


@both
def test_no_broken_body_brings_a_key_out(kind, canary) -> None:
    got = through(kind, lambda request: httpx.Response(200, stream=BrokenBody(request)))
    assert isinstance(got, OcrError)
    assert canary.leaks(got) == []


@both
def test_many_attempts_bring_no_key_out(kind, canary) -> None:
    """The exceptions of earlier attempts hang on those of later ones."""

    def proxy_page(request):
        return httpx.Response(503, html=f"<pre>{echo(request)}</pre>")

    answers = iter([FAILURES["ConnectError"], proxy_page, FAILURES["ReadTimeout"]])
    got = through(kind, lambda request: next(answers)(request), ALWAYS)
    assert got.attempts == 3
    assert canary.leaks(got) == []
