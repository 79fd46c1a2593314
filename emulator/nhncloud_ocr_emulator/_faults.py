"""A fault on demand: what a test may ask to go wrong with a call, and what it does to the reply."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Any, Final, Literal, get_args

from ._fault_texts import ABOUT
from ._replies import RepeatedKeys, Reply, failure, html_page
from ._results import GATEWAY
from ._shown import seen

__all__ = ["FAULT_HEADER", "Fault", "Reset", "header_text", "known_faults"]

FAULT_HEADER: Final = b"x-emulator-fault"

Reset = Literal["before", "during", "after"]

_WITHOUT_BODY: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fault:
    """What goes wrong with one call; several things may at once.

    Raises ValueError for values that no HTTP reply can have.
    """

    latency: float = 0.0
    """Seconds of silence before the reply."""
    status: int | None = None
    """HTTP status, 200..599. From 300 on the image is not looked at and the body is a failure."""
    result_code: int | None = None
    """A failure with this code, documented or not; the image is not looked at. In mode
    `gateway` a code of the gateway comes with the gateway's HTTP status. 0 changes nothing."""
    message: str | None = None
    """The failure's `resultMessage`, in place of the documented one."""
    retry_after: str | float | None = None
    """The header Retry-After, seconds or a date."""
    reset: Reset | None = None
    """The connection is reset before the reply, in the middle of it, or after it."""
    truncated: bool = False
    """The connection ends in good order after half of the body."""
    html: bool = False
    """A proxy's HTML page in place of the envelope; the image is not looked at."""
    slow_body: float = 0.0
    """Seconds over which the body trickles in."""
    repeated_keys: RepeatedKeys | None = None
    """A success repeats `inferTexts` as in the guide ("texts"), or both inner keys ("both")."""
    trailing_commas: bool = False
    """A success has the guide's trailing commas."""
    deploy: float = 0.0
    """Seconds, from this call on, in which all calls have 503s and resets in turn, unlooked at."""
    error: str | None = None
    """Token endpoint: a refusal with this `error`, with HTTP status 400 unless `status` is given.
    `message` is its `error_description` there."""
    expires_in: str | float | None = None
    """Token endpoint: told in place of the token's life; a text is sent as one."""

    def __post_init__(self) -> None:
        for name in ("latency", "slow_body", "deploy"):
            seconds = getattr(self, name)
            if not (isinstance(seconds, int | float) and 0 <= seconds < math.inf):
                raise ValueError(f"{name} is a number of seconds, not {seconds!r}")
        for name in _FLAGS:
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"{name} is True or False, not {getattr(self, name)!r}")
        if self.status is not None and self.status not in range(200, 600):  # nor 503.5
            raise ValueError(f"status is {self.status}, not in 200..599")
        if self.result_code is not None and not isinstance(self.result_code, int):
            raise ValueError(f"result_code is a whole number, not {self.result_code!r}")
        if self.reset is not None and self.reset not in get_args(Reset):
            raise ValueError(f"reset is one of {get_args(Reset)}")
        if self.repeated_keys is not None and self.repeated_keys not in get_args(RepeatedKeys):
            raise ValueError(f"repeated_keys is one of {get_args(RepeatedKeys)}")
        if not re.fullmatch(r"[ -~]*", str(self.retry_after)):
            raise ValueError("retry_after has printable ASCII characters only")

    def __repr__(self) -> str:
        values = ((field, getattr(self, field.name)) for field in fields(self))
        told = [f"{field.name}={value!r}" for field, value in values if value != field.default]
        return f"Fault({', '.join(told)})"

    @classmethod
    def parse(cls, header: str) -> Fault:
        """Read the header `X-Emulator-Fault`, such as `status=503; retry_after=2` or `html`.

        Raises ValueError for what it does not understand.
        """
        values: dict[str, Any] = {}
        for item in filter(None, map(str.strip, header.split(";"))):
            name, equals, value = (part.strip() for part in item.partition("="))
            if name in _FLAGS and not equals:
                values[name] = True
            elif name in _READERS and equals:
                values[name] = _read(name, value)
            else:
                known = ", ".join([*_FLAGS, *(f"{name}=..." for name in _READERS)])
                raise ValueError(f"{seen(item)} is none of {known}")
        return cls(**values)

    def replaces(self) -> bool:
        """Whether the reply is made of this fault alone, without a look at the image."""
        refused = self.status is not None and self.status >= 300
        return self.html or refused or bool(self.result_code) or bool(self.error)

    def reply(self, *, gateway: bool) -> Reply:
        """The reply where `replaces` is true."""
        status = self.status
        if self.html:
            return html_page(status or 200, _title(status or 200))
        code = self.result_code
        if code is None:
            # The gateway's first code with this status; of its three with 400 none is meant.
            code = next((c for c, (s, _) in GATEWAY.items() if s == status and s != 400), -1)
        message = self.message
        if code in GATEWAY and (gateway or status == GATEWAY[code][0]):
            status = status or GATEWAY[code][0]
            message = message or GATEWAY[code][1]
        return failure(code, status=status or 200, message=message)

    def applied_to(self, reply: Reply) -> Reply:
        """Return a reply with this fault's status and header, before it is on its way."""
        if self.status is not None:
            reply = reply._replace(status=self.status)
            if self.status in _WITHOUT_BODY:
                reply = reply._replace(body=b"", code=None)
        if self.retry_after is not None:
            header = (b"retry-after", str(self.retry_after).encode())
            reply = reply._replace(headers=(*reply.headers, header))
        return reply


_FLAGS: Final = tuple(field.name for field in fields(Fault) if field.default is False)
_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "latency": float,
    "status": int,
    "result_code": int,
    "message": str,
    "retry_after": str,
    "reset": str,
    "slow_body": float,
    "repeated_keys": str,
    "deploy": float,
    "error": str,
    "expires_in": str,
}


_CHOICES: Final = {"reset": get_args(Reset), "repeated_keys": get_args(RepeatedKeys)}
_KINDS: Final[Mapping[object, str]] = {float: "seconds", int: "number", str: "text"}


def _read(name: str, value: str) -> object:
    read = _READERS[name]
    try:
        return read(value)
    except ValueError:
        kind = "a whole number" if read is int else "a number of seconds"
        raise ValueError(f"{name} is {kind}, not {seen(value)}") from None


def known_faults(unknown: Sequence[str] = ()) -> list[dict[str, object]]:
    """Return each fault's name, the kind of its value and what it does, for a form made from them.

    Args:
        unknown: The names to leave out.
    """
    flags: list[dict[str, object]] = [{"name": name, "kind": "flag"} for name in _FLAGS]
    valued: list[dict[str, object]] = [
        {"name": name, "kind": "choice", "choices": _CHOICES[name]}
        if name in _CHOICES
        else {"name": name, "kind": _KINDS[read]}
        for name, read in _READERS.items()
    ]
    return [
        {**each, "about": ABOUT[str(each["name"])]}
        for each in (*valued, *flags)
        if each["name"] not in unknown
    ]


def header_text(header: bytes) -> str:
    """Return a header as it is meant: UTF-8, as clients send a message in Korean, else Latin-1."""
    try:
        return header.decode("utf-8")
    except UnicodeDecodeError:
        return header.decode("latin-1")


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
