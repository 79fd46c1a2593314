"""What the judge reads: one request as far as it matters to the contract, and the raw reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract.judge.rules import Rule

MULTIPART = "multipart/form-data"
JSON = "application/json"


@dataclass(frozen=True)
class TrueWord:
    """A word that stands in a picture: its line (from 0) and the edges of its ink, in pixels."""

    text: str
    line: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Picture:
    """A valid image that was sent. `upright`: its text runs left to right, so corner 1 is known.

    `text` is what stands in it, empty if nobody wrote it down. `words` are its words and where
    they are, of pictures that were made for the suite: each can be read by anything that reads.
    """

    kind: str  # "jpg" or "png", by its bytes
    width: int  # pixels
    height: int  # pixels
    upright: bool = True
    has_text: bool = True
    misnamed: bool = False  # file name or media type speak of the other kind
    text: str = ""
    full: bool = False  # text from its top to its bottom, and from its left to its right
    words: tuple[TrueWord, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """What must come of a call; `rule` is the one that is broken if it does not.

    `accepted` None leaves it open. `codes` are the result codes that a refusal may carry, as the
    service means them; empty means any. With `status` they are meant as under that HTTP status.
    """

    rule: Rule
    accepted: bool | None = None
    codes: frozenset[int] = frozenset()
    status: int | None = None
    min_slices: int = 1


@dataclass(frozen=True)
class Sent:
    """One request. `operation` is the operationId; both are empty for a path that is none."""

    label: str
    operation: str
    media_type: str
    method: str = "POST"
    picture: Picture | None = None
    # The body as its media type reads it: JSON parsed, a form as its fields; None if it does not.
    value: Any = None
    authorized: bool = True  # with the right keys
    expect: Expectation | None = None
    # A proxy before the service may answer HTML itself (far above the size limit, unknown path).
    page_allowed: bool = False


@dataclass(frozen=True)
class Received:
    """One reply: content decoded by its Content-Encoding, otherwise untouched.

    `failure` names the transport error when no reply came at all.
    """

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    failure: str = ""
