"""hOCR 1.2, as XHTML: parsers of HTML and of XML both take it."""

from __future__ import annotations

from math import ceil, cos, floor, radians, sin, tan

from nhncloud_ocr import OcrResult, Quad

from ._geometry import (
    Bounds,
    Point,
    around,
    common_angle,
    reading_angle,
    seen_at,
    upright,
)
from ._markup import SYSTEM, VERSION, escape, name_of, number, share, within
from ._picture import Frame, ImageInput
from ._sheet import Item, Sheet, lay, warn_unplaced

_STEEP = 45  # degrees: up to here a line has a sloping baseline, past it a text angle

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ko" lang="ko">
<head>
<title>{title}</title>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<meta name="ocr-system" content="{system}"/>
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word"/>
<meta name="ocr-number-of-pages" content="1"/>
<meta name="ocr-langs" content="ko en"/>
{said}</head>
<body>
"""


def hocr(page: OcrResult, image: ImageInput, *, frame: Frame = "upright") -> str:
    """The page as hOCR: an `ocr_page` of one `ocr_carea`, one `ocr_par`, lines and words.

    Boxes are whole pixels within the page: a fraction widens them, what lies outside is cut off.
    A line that leans up to 45 degrees has a `baseline` (its words' lower edges: inferred), one that
    leans further a `textangle`, counter-clockwise as hOCR 1.2 says. Words without a box stay in
    their line as plain text, without class and place: they are counted in the meta
    `nhncloud-ocr-unplaced-words` and by a PlacementWarning. Blanks around a word's text are left
    out, control characters replaced.

    `frame` says what the boxes of an image with EXIF orientation count in: "upright", as people see
    it (inferred: what the emulator does), or "stored". Raises InvalidImageError, OSError.
    """
    sheet = lay(page, image, frame)
    warn_unplaced(sheet, "hocr")
    name = name_of(image) or f"image.{sheet.picture.kind}"
    said = ""
    if sheet.unplaced:
        said = f'<meta name="nhncloud-ocr-unplaced-words" content="{sheet.unplaced}"/>\n'
    head = _HEAD.format(title=escape(name), system=f"{SYSTEM} {VERSION}", said=said)
    quoted = escape(name.translate({ord('"'): "_", ord("\\"): "_", ord(";"): "_"}))
    properties = f"image &quot;{quoted}&quot;; bbox 0 0 {sheet.width} {sheet.height}; ppageno 0"
    return (
        f'{head}<div class="ocr_page" id="page_1" title="{properties}">\n'
        f"{_area(sheet)}</div>\n</body>\n</html>\n"
    )


def _area(sheet: Sheet) -> str:
    angle = reading_angle([item.box for item in line if item.box] for line in sheet.lines)
    lines = "".join(_line(sheet, index, line, angle) for index, line in enumerate(sheet.lines, 1))
    placed = [item.bounds for line in sheet.lines for item in line if item.bounds]
    if not placed:
        return f"<p>\n{lines}</p>\n" if lines else ""
    box = _bbox(around(placed), sheet)
    return (
        f'<div class="ocr_carea" id="block_1_1" title="{box}">\n'
        f'<p class="ocr_par" id="par_1_1" title="{box}">\n{lines}</p>\n</div>\n'
    )


def _line(sheet: Sheet, index: int, items: list[Item], angle: float) -> str:
    words = "\n".join(
        [_word(sheet, f"1_{index}_{position}", item) for position, item in enumerate(items, 1)]
    )
    placed = [item.bounds for item in items if item.bounds]
    if not placed:
        return f"<span>{words}</span>\n"
    box = within(around(placed), sheet.width, sheet.height)
    slant = _slant([item.box for item in items if item.box], box, angle)
    properties = f"{_bbox(box, sheet)}; {slant}"
    return f'<span class="ocr_line" id="line_1_{index}" title="{properties}">{words}</span>\n'


def _word(sheet: Sheet, name: str, item: Item) -> str:
    text, confidence = escape(item.text), round(100 * share(item.confidence))
    if item.bounds is None:
        return f'<span title="x_wconf {confidence}">{text}</span>'
    properties = f"{_bbox(item.bounds, sheet)}; x_wconf {confidence}"
    return f'<span class="ocrx_word" id="word_{name}" title="{properties}">{text}</span>'


def _bbox(box: Bounds, sheet: Sheet) -> str:
    left, top, right, bottom = within(box, sheet.width, sheet.height)
    if isinstance(left + top + right + bottom, int):  # as all are then
        return f"bbox {left} {top} {right} {bottom}"
    return f"bbox {floor(left)} {floor(top)} {ceil(right)} {ceil(bottom)}"


def _slant(boxes: list[Quad], line: Bounds, page_angle: float) -> str:
    """`baseline` or `textangle` of a line: the first counts from its box's bottom left corner."""
    leaning = page_angle if 1 < abs(page_angle) <= _STEEP else 0.0
    level = all(map(upright, boxes))
    if level and not leaning:
        lowest = sum([box.y4 for box in boxes]) / len(boxes)
        return f"baseline 0 {min(round(lowest - line.bottom), 0)}"
    angle = leaning if level else common_angle(boxes)
    if abs(angle) > _STEEP:
        return f"textangle {round(-angle, 1) % 360:g}"
    slope = tan(radians(angle))
    feet = _feet(boxes, angle)
    at_left = sum([y - slope * (x - line.left) for x, y in feet]) / len(feet)
    return f"baseline {number(slope, 4)} {round(at_left - line.bottom)}"


def _feet(boxes: list[Quad], angle: float) -> list[Point]:
    """The middle of each word's lower edge, in a line that leans so many degrees."""
    see = seen_at(angle)
    right, down = cos(radians(angle)) / 2, sin(radians(angle)) / 2
    feet = []
    for box in boxes:
        x, y = (box.x3 + box.x4) / 2, (box.y3 + box.y4) / 2
        if upright(box):  # and so higher than the word in it
            y, height = (box.y1 + box.y3) / 2, see(box).height
            x, y = x - down * height, y + right * height
        feet.append((x, y))
    return feet
