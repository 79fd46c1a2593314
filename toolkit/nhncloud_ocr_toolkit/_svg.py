"""The picture with a polygon over each word, as one SVG that any browser shows."""

from __future__ import annotations

from base64 import b64encode

from nhncloud_ocr import OcrResult

from ._geometry import Matrix, upright_matrix
from ._markup import escape, number, points, share
from ._picture import Frame, ImageInput
from ._sheet import Item, Sheet, lay, warn_unplaced

_STROKE = "#0a58ca"


def svg(page: OcrResult, image: ImageInput, *, frame: Frame = "upright") -> str:
    """The image, embedded byte for byte, and over each word a polygon whose title is its text and
    confidence: a browser shows it under the pointer, in a font of its own.

    Corners are as sent, outside of the image too. Words without a box are counted in the picture's
    description and by a PlacementWarning. Nothing in it is a script or a link; all text is escaped.

    `frame` says what the boxes of an image with EXIF orientation count in: "upright", as people see
    it (inferred: what the emulator does), or "stored"; the picture is shown upright in any case.
    Raises InvalidImageError, OSError.
    """
    sheet = lay(page, image, frame)
    warn_unplaced(sheet, "svg")
    picture = sheet.picture
    width, height = picture.size("upright")
    data = b64encode(picture.data).decode("ascii")
    said = f"<desc>{sheet.unplaced} words have no box.</desc>\n" if sheet.unplaced else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n{said}'
        f'<image width="{width}" height="{height}" preserveAspectRatio="none" '
        f'xlink:href="data:image/{picture.kind};base64,{data}"/>\n'
        f'<g fill="{_STROKE}" fill-opacity="0.12" stroke="{_STROKE}"{_turn(sheet, frame)}>\n'
        f"{''.join(_polygon(item) for line in sheet.lines for item in line)}</g>\n</svg>\n"
    )


def _turn(sheet: Sheet, frame: Frame) -> str:
    picture = sheet.picture
    if frame == "upright" or picture.orientation == 1:
        return ""
    matrix: Matrix = upright_matrix(picture.orientation, picture.width, picture.height)
    return f' transform="matrix({" ".join(map(number, matrix))})"'


def _polygon(item: Item) -> str:
    if item.box is None:
        return ""
    title = f"{escape(item.text)} ({share(item.confidence):.0%})"
    return f'<polygon points="{points(item.box)}"><title>{title}</title></polygon>\n'
