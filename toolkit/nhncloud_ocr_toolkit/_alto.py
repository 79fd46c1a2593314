"""ALTO 4.4, the archives' XML: places and confidences as precise as the reply has them."""

from __future__ import annotations

from functools import lru_cache

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
    lines = "".join([_line(sheet, index, line) for index, line in enumerate(sheet.lines, 1)])
    place = _place(sheet, [item for line in sheet.lines for item in line])
    return f'<TextBlock ID="block_1"{place}>\n{lines}</TextBlock>\n'


def _line(sheet: Sheet, index: int, items: list[Item]) -> str:
    boxes = [item.box for item in items if item.box is not None]
    baseline = ""
    if boxes:
        first, last = boxes[0], boxes[-1]
        x1, y1, x2, y2 = numbers((first.x4, first.y4, last.x3, last.y3))
        baseline = f' BASELINE="{x1},{y1} {x2},{y2}"'
    words = []
    before: Bounds | None = None
    for position, item in enumerate(items, 1):
        place = item.bounds and within(item.bounds, sheet.width, sheet.height)
        if position > 1:
            words.append(_space(before, place))
        words.append(_string(f"word_{index}_{position}", item, place))
        before = place
    around_all = _place(sheet, items)
    return f'<TextLine ID="line_{index}"{around_all}{baseline}>\n{"".join(words)}</TextLine>\n'


def _string(name: str, item: Item, place: Bounds | None) -> str:
    content = f'CONTENT="{escape(item.text)}" WC="{_confidence(item.confidence)}"'
    if item.box is None or place is None:
        return f'<String ID="{name}" {content}/>\n'
    if upright(item.box):
        return f'<String ID="{name}"{_rectangle(place)} {content}/>\n'
    shape = f'<Shape><Polygon POINTS="{points(item.box)}"/></Shape>'
    return f'<String ID="{name}"{_rectangle(place)} {content}>{shape}</String>\n'


@lru_cache(maxsize=1024)
def _confidence(value: float) -> str:
    return number(share(value))


def _space(left: Bounds | None, right: Bounds | None) -> str:
    """The gap between two words, with its place where they stand one beside the other."""
    if left is None or right is None:
        return "<SP/>\n"
    gap = right.left - left.right
    if gap < 0 or right.top > left.bottom or left.top > right.bottom:
        return "<SP/>\n"
    x, y, width = numbers((left.right, left.top, gap))
    return f'<SP HPOS="{x}" VPOS="{y}" WIDTH="{width}"/>\n'


def _place(sheet: Sheet, items: list[Item]) -> str:
    """The attributes of a rectangle around all words; none without a box."""
    placed = [item.bounds for item in items if item.bounds]
    return _rectangle(within(around(placed), sheet.width, sheet.height)) if placed else ""


def _rectangle(box: Bounds) -> str:
    left, top, right, bottom = box
    x, y, width, height = numbers((left, top, right - left, bottom - top))
    return f' HPOS="{x}" VPOS="{y}" WIDTH="{width}" HEIGHT="{height}"'
