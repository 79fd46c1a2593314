"""JSON read without losing anything: repeated keys are kept, trailing commas forgiven.

The guide's own sample replies have both. Everything else that is not strict JSON is refused.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

# Strings are matched first, whole (possessively, and also an unterminated one up to the end, so
# that the time stays linear), so that a comma inside recognised text is never touched.
_STRING_OR_TRAILING_COMMA = re.compile(
    r'("(?:[^"\\]|\\.)*+(?:"|\Z))|,(?=[ \t\r\n]*[\]}])', re.DOTALL
)


class NotJson(ValueError):
    """The bytes are not JSON, not even with trailing commas forgiven."""


class RepeatingObject(dict[str, Any]):
    """An object in which a key came more than once. As a dict it has the last value of each."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def values(obj: dict[str, Any], key: str) -> list[Any]:
    """Every value that `key` has in `obj`, in the order sent."""
    if isinstance(obj, RepeatingObject):
        return [value for name, value in obj.pairs if name == key]
    return [obj[key]] if key in obj else []


def loads(body: bytes) -> Any:
    """Parse `body`; objects with a repeated key come as `RepeatingObject`. Raises NotJson."""
    try:
        text = body.decode("utf-8-sig")
        try:
            return _decoder.decode(text)
        except json.JSONDecodeError:
            return _decoder.decode(_STRING_OR_TRAILING_COMMA.sub(lambda m: m[1] or "", text))
    except (ValueError, RecursionError) as exc:  # also integers of more digits than Python reads
        raise NotJson(type(exc).__name__) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    return obj if len(obj) == len(pairs) else RepeatingObject(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)
