"""A server that bills, and fails by a schedule; and what a client may then say about the bill."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from e2e.raw_server import OK, OK_AND_MORE, Connection, http
from unit.support import PNG, envelope


def image_of(call: int) -> bytes:
    """An image that tells whose it is, however late the server comes to read it."""
    return PNG + b"<call %d>" % call


class Till:
    """What the service has billed, by call. Steps add to it before they answer, as it does."""

    def __init__(self) -> None:
        self.bills: Counter[int] = Counter()
        self._lock = threading.Lock()

    def bill(self, request: bytes) -> None:
        (call,) = re.findall(rb"<call (\d+)>", request)
        with self._lock:
            self.bills[int(call)] += 1


Step = Callable[[Connection, Till], bool]
"""Does one thing to a connection; returns whether the next step may happen on the same one."""


def answer(reply: bytes, *, billed: bool, keeps: bool = False) -> Step:
    def step(connection: Connection, till: Till) -> bool:
        request = connection.read_request()
        if billed:
            till.bill(request)
        connection.send(reply)
        return keeps

    return step


def refusal(code: int, status: str = "200 OK", *, last: bool = True) -> bytes:
    return http(json.dumps(envelope(code, "no")).encode(), status=status, last=last)


def reset_at_once(connection: Connection, till: Till) -> bool:
    connection.reset()
    return False


def reset_after_the_head(connection: Connection, till: Till) -> bool:
    connection.read_head()
    connection.reset()
    return False


def reset_instead_of_a_reply(connection: Connection, till: Till) -> bool:
    till.bill(connection.read_request())
    connection.reset()
    return False


def say_nothing(connection: Connection, till: Till) -> bool:
    till.bill(connection.read_request())
    connection.hold()
    return False


STEPS: dict[str, Step] = {
    "a result": answer(OK, billed=True),
    "a result, and the connection stays": answer(OK_AND_MORE, billed=True, keeps=True),
    "a result, and the connection goes unannounced": answer(OK_AND_MORE, billed=True),
    "half a result": answer(OK[:-20], billed=True),
    "half a head": answer(OK[:20], billed=True),
    "two results for one request": answer(OK_AND_MORE + OK_AND_MORE, billed=True, keeps=True),
    "a page of a proxy": answer(http(b"<html>"), billed=True),
    "reset at once": reset_at_once,
    "reset after the head": reset_after_the_head,
    "reset instead of a reply": reset_instead_of_a_reply,
    "silence": say_nothing,
    "503": answer(http(b"", status="503 Busy"), billed=False),
    "503, and the connection goes unannounced": answer(
        http(b"", status="503 Busy", last=False), billed=False
    ),
    "503, and the connection stays": answer(
        http(b"", status="503 Busy", last=False), billed=False, keeps=True
    ),
    "429": answer(refusal(4291000, "429 Too Many Requests"), billed=False),
    "502 after an inference": answer(http(b"", status="502 Bad Gateway"), billed=True),
    "502 before one": answer(http(b"", status="502 Bad Gateway"), billed=False),
    "504 after an inference": answer(http(b"", status="504 Gateway Timeout"), billed=True),
    "500 after an inference": answer(http(b"", status="500 Oops"), billed=True),
    "-1 after an inference": answer(refusal(-1), billed=True),
    "5000503": answer(refusal(5000503, last=False), billed=False, keeps=True),
    "4000006": answer(refusal(4000006, last=False), billed=False, keeps=True),
    "4000501": answer(refusal(4000501), billed=True),
    "4010001": answer(refusal(4010001), billed=False),
}


class Schedule:
    """A script for `RawServer`: its steps in turn, whichever connection they come to."""

    def __init__(self, names: Sequence[str]) -> None:
        self.till = Till()
        self._names = iter(names)
        self._lock = threading.Lock()

    def __call__(self, connection: Connection) -> None:
        while True:
            with self._lock:
                name = next(self._names, "a result")
            if not STEPS[name](connection, self.till):
                return
