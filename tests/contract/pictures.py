"""The images that the rows send: files of `tests/data/images`, and such made larger."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from pathlib import Path

from PIL import ExifTags, Image

from contract.exchange import Picture

FOLDER = Path(__file__).parents[1] / "data" / "images"
MB20 = 20 * 1024 * 1024  # the documented 20 MB, taken as MiB

# Text that does not run left to right and top to bottom, or none at all, as the manifest says.
_TURNED = ("photo", "rot", "exif")
_TEXTLESS = ("blank", "1x1", "tiny")


@cache
def load(name: str) -> bytes:
    """The bytes of `ours/NAME` or `malformed/NAME`, found by the start of the name."""
    [path] = [*FOLDER.glob(f"ours/{name}*"), *FOLDER.glob(f"malformed/{name}*")]
    return path.read_bytes()


@cache
def facts(name: str) -> Picture | None:
    """What the judge needs to know of an image; None where Pillow cannot even open it."""
    try:
        with Image.open(io.BytesIO(load(name)), formats=("PNG", "JPEG")) as image:
            width, height = image.size
            kind = "png" if image.format == "PNG" else "jpg"
            # Whether boxes refer to the image before or after EXIF's quarter turn is not known.
            if image.getexif().get(ExifTags.Base.Orientation, 1) >= 5:
                width = height = max(width, height)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return Picture(
        kind,
        width,
        height,
        upright=not any(word in name for word in _TURNED),
        has_text=not any(word in name for word in _TEXTLESS),
    )


@cache
def padded(name: str, size: int) -> bytes:
    """A PNG of exactly `size` bytes: a private chunk, which decoders skip, before its end."""
    image = load(name)
    end = image.rindex(b"IEND") - 4
    content = bytes(size - len(image) - 12)
    chunk = b"paDd" + content
    inserted = struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return image[:end] + inserted + image[end:]
