"""A server that bills, and fails by a schedule; and what a client may then say about the bill."""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from e2e.raw_server import OK, OK_AND_MORE, Connection, http
from unit.support import envelope


@dataclass
class Till:
    """How often the service has billed. Steps add to it before they answer, as the service does."""

    bills: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def bill(self) -> None:
        with self._lock:
            self.bills += 1


Step = Callable[[Connection, Till], bool]
"""Does one thing to a connection; returns whether the next step may happen on the same one."""


def answer(reply: bytes, *, billed: bool, keeps: bool = False) -> Step:
    def step(connection: Connection, till: Till) -> bool:
        connection.read_request()
        if billed:
            till.bill()
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
    connection.read_request()
    till.bill()
    connection.reset()
    return False


def say_nothing(connection: Connection, till: Till) -> bool:
    connection.read_request()
    till.bill()
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
