"""ALTO 4.4, the archives' XML: places and confidences as precise as the reply has them."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from nhncloud_ocr import OcrResult

from ._geometry import Bounds, around, upright
from ._markup import SYSTEM, VERSION, escape, name_of, number, numbers, points, share, within
from ._picture import Frame, ImageInput
from ._sheet import Item, Sheet, lay, warn_unplaced

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_ROOT = (
    f'<alto xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{_NAMESPACE} {_SCHEMA}" SCHEMAVERSION="4.4">'
)


def alto(page: OcrResult, image: ImageInput, *, frame: Frame = "upright") -> str:
    """The page as ALTO 4.4 in pixels: one text block, its lines, their words, the spaces between.

    Rectangles are cut off at the page's edges; turned words keep their four corners as sent, in
    `Shape/Polygon`, and a line's `BASELINE` runs along its words' lower edges (inferred). Words
    without a box are `String`s without a place: they are counted in the step description and by a
    PlacementWarning. Blanks around a word's text are left out, control characters replaced.

    `frame` says what the boxes of an image with EXIF orientation count in: "upright", as people see
    it (inferred: what the emulator does), or "stored". Raises InvalidImageError, OSError.
    """
    sheet = lay(page, image, frame)
    warn_unplaced(sheet, "alto")
    name = name_of(image) or f"image.{sheet.picture.kind}"
    said = f"{sheet.unplaced} words have no place in the reply" if sheet.unplaced else ""
    step = f"<processingStepDescription>{said}</processingStepDescription>\n" if said else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{_ROOT}\n'
        "<Description>\n<MeasurementUnit>pixel</MeasurementUnit>\n"
        f"<sourceImageInformation><fileName>{escape(name)}</fileName></sourceImageInformation>\n"
        f'<Processing ID="OCR_1">\n{step}<processingSoftware>'
        f"<softwareName>{SYSTEM}</softwareName><softwareVersion>{VERSION}</softwareVersion>"
        "</processingSoftware>\n</Processing>\n</Description>\n"
        f'<Layout>\n<Page ID="page_1" PHYSICAL_IMG_NR="1" WIDTH="{sheet.width}" '
        f'HEIGHT="{sheet.height}" PROCESSINGREFS="OCR_1">\n'
        f'<PrintSpace HPOS="0" VPOS="0" WIDTH="{sheet.width}" HEIGHT="{sheet.height}">\n'
        f"{_block(sheet)}</PrintSpace>\n</Page>\n</Layout>\n</alto>\n"
    )


def _block(sheet: Sheet) -> str:
    if not sheet.lines:
        return ""
    lines = _cut_off(sheet)
    written = "".join([_line(index, line) for index, line in enumerate(lines, 1)])
    place = _place([item for line in lines for item in line])
    return f'<TextBlock ID="block_1"{place}>\n{written}</TextBlock>\n'


def _cut_off(sheet: Sheet) -> list[list[Item]]:
    """The lines, with rectangles cut off at the page's edges."""
    placed = [item.bounds for line in sheet.lines for item in line if item.bounds]
    if not placed or around(placed) == within(around(placed), sheet.width, sheet.height):
        return sheet.lines
    return [
        [
            item._replace(bounds=item.bounds and within(item.bounds, sheet.width, sheet.height))
            for item in line
        ]
        for line in sheet.lines
    ]


def _line(index: int, items: list[Item]) -> str:
    boxes = [item.box for item in items if item.box is not None]
    baseline = ""
    if boxes:
        first, last = boxes[0], boxes[-1]
        x1, y1, x2, y2 = numbers((first.x4, first.y4, last.x3, last.y3))
        baseline = f' BASELINE="{x1},{y1} {x2},{y2}"'
    words = [_string(f"word_{index}_1", items[0])]
    for position, (before, item) in enumerate(pairwise(items), 2):
        words.append(_space(before.bounds, item.bounds))
        words.append(_string(f"word_{index}_{position}", item))
    place = _place(items)
    return f'<TextLine ID="line_{index}"{place}{baseline}>\n{"".join(words)}</TextLine>\n'


def _string(name: str, item: Item) -> str:
    text, confidence, box, bounds = item
    content = f'CONTENT="{escape(text)}" WC="{_confidence(confidence)}"'
    if box is None or bounds is None:
        return f'<String ID="{name}" {content}/>\n'
    if upright(box):
        return f'<String ID="{name}"{_rectangle(bounds)} {content}/>\n'
    shape = f'<Shape><Polygon POINTS="{points(box)}"/></Shape>'
    return f'<String ID="{name}"{_rectangle(bounds)} {content}>{shape}</String>\n'


@lru_cache(maxsize=1024)
def _confidence(value: float) -> str:
    return number(share(value))


def _space(left: Bounds | None, right: Bounds | None) -> str:
    """The gap between two words, with its place where they stand one beside the other."""
    if left is None or right is None:
        return "<SP/>\n"
    _, top, end, bottom = left
    begin, its_top, _, its_bottom = right
    if begin < end or its_top > bottom or top > its_bottom:
        return "<SP/>\n"
    x, y, width = numbers((end, top, begin - end))
    return f'<SP HPOS="{x}" VPOS="{y}" WIDTH="{width}"/>\n'


def _place(items: list[Item]) -> str:
    """The attributes of a rectangle around all words; none without a box."""
    placed = [item.bounds for item in items if item.bounds]
    return _rectangle(around(placed)) if placed else ""


def _rectangle(box: Bounds) -> str:
    left, top, right, bottom = box
    x, y, width, height = numbers((left, top, right - left, bottom - top))
    return f' HPOS="{x}" VPOS="{y}" WIDTH="{width}" HEIGHT="{height}"'
