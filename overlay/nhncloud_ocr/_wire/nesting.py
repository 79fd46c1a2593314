"""How deep unknown fields may nest."""

from typing import Any

DEEPEST = 100  # levels: what nests deeper could not be copied or pickled on every Python


def nests_little(value: Any) -> bool:
    """Return whether a value that came out of JSON nests at most DEEPEST levels deep."""
    level = [value]
    for _ in range(DEEPEST):
        inside: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inside += each.values()
            elif isinstance(each, list):
                inside += each
        if not inside:
            return True
        level = inside
    return False
