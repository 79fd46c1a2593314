"""Trailing commas, which the guide's own samples have, taken out of a JSON text."""

import re

_BLANKS = " \t\r\n"
_BEFORE_A_BRACKET = re.compile(r",(?=[ \t\r\n]*[\]}])")


def without_trailing_commas(text: str) -> str:
    """Return the text without them; those inside strings stay, for they are recognised text.

    Takes linear time for any text. Raises ValueError if nothing stands before such a comma, or
    there is none.
    """
    kept: list[str] = []
    start = 0
    in_string = False
    for match in _BEFORE_A_BRACKET.finditer(text):
        piece = text[start : match.start()]
        kept.append(piece)
        in_string ^= _quotes(piece) % 2 == 1
        if in_string:
            start = match.start()
            continue
        if piece.rstrip(_BLANKS)[-1:] in ("", "[", "{", ","):
            raise ValueError("a comma after nothing")
        start = match.end()
    if not kept:
        raise ValueError("no trailing comma")
    kept.append(text[start:])
    return "".join(kept)


def _quotes(piece: str) -> int:
    """Return how many quotes begin or end a string."""
    if "\\" not in piece:
        return piece.count('"')
    piece = piece.replace("\\\\", "")
    return piece.count('"') - piece.count('\\"')
