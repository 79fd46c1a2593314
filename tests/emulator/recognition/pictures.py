"""Images for the tests of recognition."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

IMAGES = Path(__file__).resolve().parents[2] / "data" / "images"


def ours(prefix: str) -> bytes:
    """Return one of our own images by the start of its name."""
    (path,) = (IMAGES / "ours").glob(f"{prefix}*")
    return path.read_bytes()


def truth(prefix: str) -> str:
    """Return the text of one of our own images."""
    (path,) = (IMAGES / "truth").glob(f"{prefix}*")
    return path.read_text("utf-8")


def encoded(image: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    """Return an image as a file."""
    file = BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def blank(width: int, height: int, file_format: str = "PNG") -> bytes:
    """Return a white image as a file."""
    return encoded(Image.new("RGB", (width, height), "white"), file_format)


def tone(image: Image.Image, x: int, y: int) -> int:
    """Return a pixel of a grey image, 0 for black to 255 for white."""
    value = image.getpixel((x, y))
    assert isinstance(value, int)
    return value


def ruled(width: int, height: int, pitch: int, thickness: int) -> Image.Image:
    """Return a grey image with bands of ink, as lines of text are, one each `pitch` rows."""
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    for top in range(pitch // 3, height - thickness, pitch):
        for left in range(5, width - 8, 7):
            draw.rectangle((left, top, left + 3, top + thickness - 1), fill=0)
    return image
