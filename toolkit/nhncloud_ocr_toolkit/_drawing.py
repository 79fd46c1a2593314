"""The picture with its boxes drawn in, as PNG: for reports and bug trackers that show no SVG."""

from __future__ import annotations

import os
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from nhncloud_ocr import OcrResult

from ._geometry import axes, bounds, corners, transformed, upright_matrix
from ._picture import Frame, ImageInput, Picture
from ._sheet import Sheet, lay, warn_unplaced

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_STROKE = "#0a58ca"
_SMALLEST = 10  # pixels: letters below are a smudge
_LETTERING = 0.7  # of a word's height: its text stands below it, in the gap to the next line


def draw(
    page: OcrResult,
    image: ImageInput,
    *,
    font: str | os.PathLike[str] | None = None,
    frame: Frame = "upright",
) -> bytes:
    """The image as PNG, upright, with each word's box and its number, counted from 1 in the reply's
    order.

    With `font`, the path of a font file, the words themselves stand there instead: the font must
    have their letters, and Pillow's own has no Hangul. Words without a box are counted by a
    PlacementWarning. `frame` as in `svg`. Needs the extra [pillow]: raises ImportError that says
    so; InvalidImageError, the OSError of an image that Pillow cannot read.
    """
    try:
        from PIL import Image, ImageDraw
    except ImportError as missing:
        raise ImportError('drawing needs Pillow: pip install "nhncloud-ocr[pillow]"') from missing
    sheet = lay(page, image, frame)
    warn_unplaced(sheet, "draw")
    with Image.open(BytesIO(sheet.picture.data)) as opened:
        canvas = _on_white(opened, sheet.picture)
    _draw_words(sheet, frame, ImageDraw.Draw(canvas), font)
    written = BytesIO()
    canvas.save(written, "PNG")
    return written.getvalue()


def _on_white(opened: Image, picture: Picture) -> Image:
    """Any of Pillow's modes as RGB: upright, transparency on white, 16-bit grey scaled down."""
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(opened)
    if image.mode.startswith("I"):
        image = image.point(lambda grey: grey / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _draw_words(
    sheet: Sheet,
    frame: Frame,
    pen: ImageDraw,
    font: str | os.PathLike[str] | None,
) -> None:
    picture = sheet.picture
    orientation = picture.orientation if frame == "stored" else 1
    matrix = upright_matrix(orientation, picture.width, picture.height)
    items = [item for line in sheet.lines for item in line]
    for number, item in enumerate(items, 1):
        if item.box is None:
            continue
        box = transformed(item.box, matrix)
        pen.polygon(corners(box), outline=_STROKE)
        left, top, _, bottom = bounds(box)
        if font is None:
            pen.text((left, top), str(number), fill=_STROKE, font_size=_SMALLEST, anchor="lb")
        else:
            letters = _font(os.fspath(font), axes(box).height)
            pen.text((left, bottom), item.text, fill=_STROKE, font=letters)


@lru_cache(maxsize=64)
def _font(path: str, height: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(path, max(round(height * _LETTERING), _SMALLEST))
