"""Keys that sing when they get out, a look wherever they could, and echoes to lure them out."""

import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from e2e.both_clients import recognize
from nhncloud_ocr import OcrError, OcrResult, RetryPolicy

SONGS = ("7f3c9a51", "e08b4d26")
"""Part of each key below, and unchanged by every escaping."""

KEYS = {
    "plain": ("canaryapp7f3c9a51", "canarysecretkeye08b4d26canary012"),
    "awkward": ("카나리/a b?7f3c9a51#..%2e", "s%41ecret/key e08b4d26 of us"),
}

ONCE = RetryPolicy(attempts=1)
ALWAYS = RetryPolicy(backoff=0, retry_maybe_billed=True)


def outcome(call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a call returns, or raises."""
    try:
        return call(*arguments, **options)
    except BaseException as exc:
        return exc


def through(
    kind: Any, handler: Callable[[httpx.Request], httpx.Response], retry: RetryPolicy = ONCE
) -> Any:
    """The outcome of a call whose transport is a function, which sees the keys."""
    return outcome(recognize, kind, transport=httpx.MockTransport(handler), retry=retry)


def echo(request: httpx.Request) -> str:
    """What a gateway's error page tells of a request."""
    url, secret = request.url, request.headers["Authorization"]
    return f"Cannot POST {url} ({url.path}), Authorization: {secret}"


def ascii_echo(request: httpx.Request) -> str:
    """The same as far as a header can carry it."""
    return f"{request.url.raw_path.decode()} {request.headers['Authorization']}"


def sings(thing: Any) -> bool:
    return any(song in (thing if isinstance(thing, str) else repr(thing)) for song in SONGS)


class Canary:
    """Told of all that a test laid hands on, it finds the keys in it."""

    def __init__(self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        self._caplog = caplog
        self._capfd = capfd

    def leaks(self, *things: Any) -> list[str]:
        """What shows a key: of the log so far, what was printed so far, and the given things."""
        found = [
            f"log: {said}"
            for record in self._caplog.records
            for said in _record(record)
            if sings(said)
        ]
        printed = self._capfd.readouterr()
        found += [f"printed: {text}" for text in printed if sings(text)]
        return found + [
            f"{place}: {said}" for thing in things for place, said in shown(thing) if sings(said)
        ]


def shown(thing: Any) -> Iterator[tuple[str, Any]]:
    """Each place where a user, a log or an error tracker would see something of it."""
    yield "repr", repr(thing)
    yield "str", str(thing)
    if isinstance(thing, BaseException):
        report = traceback.TracebackException.from_exception(thing, capture_locals=True)
        yield "traceback", "".join(report.format())
        for exc in _family(thing, set()):
            yield "arguments", exc.args
            yield "attributes", [(name, *_inside(value)) for name, value in _attributes(exc)]
    if isinstance(thing, (OcrError, OcrResult)):
        yield "pickle", pickle.dumps(thing)
    if isinstance(thing, OcrResult):
        yield "dictionary", thing.to_dict()


def _record(record: Any) -> Iterator[Any]:
    yield record.getMessage()
    yield record.__dict__
    if record.exc_info and record.exc_info[1]:
        yield from (said for _, said in shown(record.exc_info[1]))


def _family(exc: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """An exception, its cause, its context and its group, and theirs."""
    if exc is None or id(exc) in seen:
        return
    seen.add(id(exc))
    yield exc
    for other in (exc.__cause__, exc.__context__, *getattr(exc, "exceptions", ())):
        yield from _family(other, seen)


def _attributes(exc: BaseException) -> Iterator[tuple[str, Any]]:
    for name in {*vars(exc), *dir(exc)}:
        if not name.startswith("__") or name == "__notes__":
            try:
                yield name, getattr(exc, name)
            except Exception:  # a property that has nothing to show
                continue


def _inside(value: Any) -> tuple[Any, ...]:
    """A request's repr shows neither headers nor all of the URL; a tracker may show both."""
    if isinstance(value, httpx.Response):
        return (value, value.headers.raw, value.content)
    if isinstance(value, httpx.Request):
        return (value, str(value.url), value.headers.raw, value.extensions)
    return (value,)
