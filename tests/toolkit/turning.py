"""Pages turned on paper: each corner of each box, clockwise about the origin."""

from math import cos, radians, sin

from attrs import evolve
from nhncloud_ocr import Line, OcrResult, Quad, Word


def turned_quad(quad: Quad, degrees: float) -> Quad:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    points = [(quad.x1, quad.y1), (quad.x2, quad.y2), (quad.x3, quad.y3), (quad.x4, quad.y4)]
    return Quad(*(round(each) for x, y in points for each in (x * c - y * s, x * s + y * c)))


def turned_page(page: OcrResult, degrees: float) -> OcrResult:
    lines = tuple(
        Line(
            tuple(
                Word(word.text, word.confidence, word.box and turned_quad(word.box, degrees))
                for word in line.words
            )
        )
        for line in page.lines
    )
    return evolve(page, lines=lines)
