"""The words of a page as unseen text, and how readers tell them apart.

Readers of PDF find words by where letters stand, each in its own way; what is done here for each of
them stands beside the cure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import cos, radians, tan

from ._font import NAME, Codes
from ._placing import BASELINE, GAP, LEAN, Laid, Paper

_KEPT = 0.5  # of the way to the next word, at least, where there is no room for a gap


def content(lines: list[list[Laid]], paper: Paper, codes: Codes) -> str:
    """The content stream that lays the words: one text object a line, unseen (mode 3); its unit is
    the pixel, which takes the fewest digits."""
    blocks = [f"q {paper.x_scale:.6f} 0 0 {paper.y_scale:.6f} 0 0 cm"]
    for line in lines:
        blocks += [f"BT /{NAME} 1 Tf 3 Tr", *_line(line, paper, codes), "ET"]
    return "\n".join([*blocks, "Q"])


def _line(words: Sequence[Laid], paper: Paper, codes: Codes) -> Iterator[str]:
    """Each word ends well before the next one begins, for poppler and pdf.js join words that touch;
    and after each, the last one too, stands a space as wide as the gap, for pypdf looks for it."""
    space = codes[" "]
    space_units = codes.widths[" "]
    for word, after in zip(words, [*words[1:], None], strict=True):
        end, gap = word.width, GAP * word.height
        if after is not None and (distance := _distance(word, after)) is not None:
            end = min(end, max(distance - gap, _KEPT * distance))
            gap = distance - end
        digits = "".join([codes[letter] for letter in word.text])
        units = sum([codes.widths[letter] for letter in word.text])
        place = _placer(word, paper)
        yield f"{place(0, 1000 * end / units)} Tm <{digits}> Tj"
        yield f"{place(end, 1000 * gap / space_units)} Tm <{space}> Tj"


def _distance(word: Laid, after: Laid) -> float | None:
    """Pixels from the word's start to the next one's, along the line; None if that is elsewhere."""
    x, y = after.start[0] - word.start[0], after.start[1] - word.start[1]
    right, down = word.across
    along = x * right + y * down
    aside = abs(y * right - x * down)
    same_way = right * after.across[0] + down * after.across[1] > _SAME_WAY
    beside = aside <= max(word.height, after.height) / 2 + _SLOPE * along
    return along if same_way and along > 0 and beside else None


def _placer(word: Laid, paper: Paper) -> Callable[[float, float], str]:
    """A function that gives the matrix for text that begins so many pixels after the word's start,
    with letters of so many pixels an em. The stretch goes into the matrix: of the operator for it
    (Tz) poppler loses sight at the end of a text object."""
    (x, y), (right, down) = word.start, word.across
    high = word.height
    x -= down * BASELINE * high
    y = paper.height - y - right * BASELINE * high
    if down == 0 and right == 1:
        level = f"0 0 {high:.1f} %.1f {y:.1f}"
        return lambda begin, em: f"{em:.2f} {level % (x + begin)}"
    upwards = f"{down * high:.1f} {right * high:.1f}"

    def place(begin: float, em: float) -> str:
        along = f"{right * em:.2f} {-down * em:.2f}"
        return f"{along} {upwards} {x + right * begin:.1f} {y - down * begin:.1f}"

    return place


_SAME_WAY = cos(radians(10))
_SLOPE = tan(radians(LEAN))
