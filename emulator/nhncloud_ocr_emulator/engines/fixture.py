"""The `fixture` engine: instant and deterministic, for tests that are not about recognition."""

from __future__ import annotations

import random
from typing import Final

from .._embedded_text import extract_lines
from .._images import Picture
from ..recognition import Box, Word
from . import Line, Region

__all__ = ["FixtureEngine"]

# fmt: off
_VOCABULARY: Final = (
    "영수증", "합계", "결제금액", "주문번호", "커피", "배송지",
    "감사합니다", "서울특별시", "전화", "가격", "원",
    "Total", "Invoice", "Coffee", "Receipt", "Seoul",
    "ORD-2024", "1,284,500", "09:00~18:00", "#1234",
)
# fmt: on


class FixtureEngine:
    """Answers with the text that `embed_text` put into the file, else with words by its hash."""

    def load(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to give back."""

    def read(self, picture: Picture, digest: bytes, region: Region, end: float) -> list[Line]:
        """Return the words whose centre lies in the region, laid out evenly over the picture.

        That takes no time to speak of: `end` is not looked at.
        """
        width, height = picture.pixels.size
        lines = extract_lines(picture.embedded)
        if lines is None:
            lines = _lines_by_hash(digest)
        chance = random.Random(digest)  # noqa: S311 (no secret: the same answer each time)
        laid_out = []
        for i, words in enumerate(lines):
            top, bottom = _cell(i, len(lines), height)
            line = []
            for j, text in enumerate(words):
                left, right = _cell(j, len(words), width)
                confidence = chance.randint(80, 99) / 100
                box = Box(left, top, right, top, right, bottom, left, bottom)
                if _holds(region, left + right, top + bottom):
                    line.append(Word(text, confidence, box))
            if line:
                laid_out.append(tuple(line))
        return laid_out


def _lines_by_hash(digest: bytes) -> list[list[str]]:
    chance = random.Random(digest)  # noqa: S311
    return [
        [chance.choice(_VOCABULARY) for _ in range(chance.randint(1, 4))]
        for _ in range(chance.randint(1, 4))
    ]


def _cell(index: int, count: int, length: int) -> tuple[int, int]:
    """Return start and end of one of `count` cells along a side, with a margin, at least 1 long."""
    start, end = index * length // count, (index + 1) * length // count
    margin = (end - start) // 8
    start = min(start + margin, length - 1)
    return start, max(end - margin, start + 1)


def _holds(region: Region, twice_x: int, twice_y: int) -> bool:
    return (
        2 * region.left <= twice_x < 2 * region.right
        and 2 * region.top <= twice_y < 2 * region.bottom
    )
