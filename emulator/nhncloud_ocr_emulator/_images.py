"""The input gate: bytes that a stranger sent become one grey picture, or a refusal.

Every engine sees pixels that went through here, never the bytes themselves: the image libraries
bundled with the engines are old, and accept far more than PNG and JPEG.

Result code 4000002 and its message are documented; what triggers it is inferred.
"""

from __future__ import annotations

from io import BytesIO
from math import prod
from typing import Final, NamedTuple

from PIL import Image
from PIL.ExifTags import Base as ExifTag
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from ._embedded_text import extract_text
from ._essentials import END_OF_JPEG, FILLER, essential_jpeg, essential_png, has_end
from ._file_type import file_type
from .recognition import Refused

__all__ = ["MAX_PIXELS", "Picture", "check_pixels", "decode"]

MAX_PIXELS: Final = 50_000_000
"""No limit is documented. This one admits 48-megapixel photographs (8064 x 6048), and keeps the
costliest kind, an RGBA PNG at 4 bytes a pixel and its grey copies, well below 1 GB."""

_BAND: Final = 4_000_000  # pixels of a transparent image that are laid on its ground at a time

_INVALID_FILE: Final = 4000002

_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Picture(NamedTuple):
    """A decoded image as its sender sees it: EXIF-turned, so that boxes fit what viewers show."""

    file_type: str  # "jpg" or "png", by the first bytes
    pixels: Image.Image  # mode "L"
    embedded: str | None  # text that `embed_text` put into the file


def decode(data: bytes) -> Picture:
    """Decode a PNG or JPEG of at most MAX_IMAGE and MAX_PIXELS, its first frame if it has several.

    Raises Refused: 4000004 nothing, 4131000 too many bytes, 4000003 neither PNG nor JPEG,
    4000002 broken, cut, without a pixel or with too many.
    """
    kind = file_type(data)
    try:
        # The plugins' classes, not Image.open: no other format can be reached, and Image.open
        # would print a warning for sizes that are refused here anyway.
        data = essential_png(data) if kind == "png" else _whole(essential_jpeg(data))
        with _open(kind, data) as image:
            _load(image)
            return Picture(kind, _upright(_grey(image), _orientation(image)), extract_text(image))
    except Refused:
        raise
    except Exception as error:  # hostile bytes raise nearly anything in a decoder
        raise Refused(_INVALID_FILE) from error


def _open(kind: str, data: bytes) -> PngImageFile | JpegImageFile:
    return PngImageFile(BytesIO(data)) if kind == "png" else JpegImageFile(BytesIO(data))


def check_pixels(size: tuple[int, int]) -> None:
    """Raise Refused with 4000002 for an image of no pixels or of too many."""
    if not 0 < prod(size) <= MAX_PIXELS:
        raise Refused(_INVALID_FILE)


def _load(image: PngImageFile | JpegImageFile) -> None:
    """Have an image's pixels decoded; raise Refused before, if it has none or too many."""
    check_pixels(image.size)
    # libjpeg hands out luminance alone: a quarter of the memory. No effect on a PNG.
    image.draft("L", image.size)
    image.load()


def _whole(jpeg: bytes) -> bytes:
    """Return a JPEG with its end marker; without one, raise Refused if pixels are missing too.

    Where all pixels are there, a decoder passes over what follows them. Where some are missing, it
    takes that for pixels.
    """
    if has_end(jpeg):
        return jpeg
    jpeg = jpeg.rstrip(b"\xff")  # fill bytes: Pillow copies them again and again
    pictures = []
    for filler in (b"", FILLER):
        with _open("jpg", jpeg + filler + END_OF_JPEG) as image:
            _load(image)
            pictures.append(image.tobytes())
    if pictures[0] != pictures[1]:
        raise Refused(_INVALID_FILE)
    return jpeg + END_OF_JPEG


def _grey(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a sample
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        # `convert` to the mode it has would be a copy: 200 MB of a large one.
        return _on_contrast(image if image.mode in ("LA", "RGBA") else image.convert("RGBA"))
    if image.mode in ("P", "CMYK"):
        image = image.convert("RGB")
    return image.convert("L")


def _on_contrast(image: Image.Image) -> Image.Image:
    """Lay a transparent image on white, or on black when what is visible of it is light."""
    width, height = image.size
    rows = max(1, _BAND // width)  # a few at a time: whole, the copies would be as large again
    bands = [(0, top, width, min(top + rows, height)) for top in range(0, height, rows)]
    visible = [0] * 256
    for band in bands:
        part = image.crop(band)
        counts = part.convert("L").histogram(mask=part.getchannel("A"))
        visible = [a + b for a, b in zip(visible, counts, strict=True)]
    light = 2 * sum(visible[128:]) > sum(visible)
    result = Image.new("L", image.size, 0 if light else 255)
    for band in bands:
        part = image.crop(band)
        result.paste(part.convert("L"), band, part.getchannel("A"))
    return result


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTag.Orientation, 1))
    except Exception:  # cameras and editors write broken EXIF; the pixels are good all the same
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)
