"""The images that the rows send: files of `tests/data`, and such made larger."""

from __future__ import annotations

import io
import json
import struct
import zlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from nhncloud_ocr_emulator import embed_text
from PIL import ExifTags, Image

from contract.judge.exchange import Picture, TrueWord

DATA = Path(__file__).parents[3] / "data"
IMAGES = DATA / "images"
MB20 = 20 * 1024 * 1024  # the documented 20 MB, taken as MiB

# Pictures made for the suite: every word and its place is known.
KNOWN = ("garden.png", "station.jpg", "kitchen.png", "library.jpg")
LONG = "trail.png"  # 1:4
TALL, WIDE = "ladder.png", "ribbon.png"  # 1:8
VERY_TALL, VERY_WIDE = "scroll.png", "banner.png"  # past 1:10

# Text that does not run left to right and top to bottom, or none at all, as the manifest says.
_TURNED = ("photo", "rot", "exif", "askew", "upside-down")
_TEXTLESS = ("blank", "1x1", "tiny")
_FULL = ("s04", "s06", "s08", "s15", "s16", "s20", "s21", "s22", "s24")  # see `Picture.full`


@cache
def path(name: str) -> Path:
    """The file of an image, found by the start of its name."""
    folders = ("known", "images/ours", "images/malformed")
    [found] = [
        path
        for folder in folders
        for path in DATA.glob(f"{folder}/{name}*")
        if path.suffix not in (".json", ".py", ".md")
    ]
    return found


@cache
def load(name: str) -> bytes:
    """The bytes of an image, found by the start of its name; `NAME@FORMAT` is it in a format."""
    base, _, other = name.partition("@")
    return _in_format(base, other) if other else path(base).read_bytes()


# How a picture of known text is written in a format: its mode and what Pillow's `save` takes.
FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "gray": ("L", {"format": "PNG"}),
    "16-bit": ("I;16", {"format": "PNG"}),
    "1-bit": ("1", {"format": "PNG"}),
    "palette": ("P", {"format": "PNG"}),
    "alpha": ("RGBA", {"format": "PNG"}),
    "jpg-gray": ("L", {"format": "JPEG", "quality": 90}),
    "cmyk": ("CMYK", {"format": "JPEG", "quality": 92}),
    "progressive": ("RGB", {"format": "JPEG", "quality": 90, "progressive": True}),
    "photograph": ("RGB", {"format": "JPEG", "quality": 90}),  # with what a camera notes
    "turned-by-exif": ("RGB", {"format": "JPEG", "quality": 90}),
    "of-two-pictures": ("RGB", {"format": "MPO", "save_all": True}),
    "animated": ("RGB", {"format": "PNG", "save_all": True}),
    "with-more-bytes": ("RGB", {"format": "JPEG", "quality": 90}),
    "askew": ("RGB", {"format": "JPEG", "quality": 85}),  # as who photographs a page holds it
    "upside-down": ("RGB", {"format": "PNG"}),
}
_SEVERAL = ("of-two-pictures", "animated")


def _in_format(name: str, how: str) -> bytes:
    mode, options = FORMATS[how]
    file = io.BytesIO()
    with Image.open(path(name)) as opened:
        image = opened.convert("L" if mode == "I;16" else "RGB")
        if how in ("photograph", "turned-by-exif"):
            exif = Image.Exif()
            exif[ExifTags.Base.Make] = "Contract"
            exif[ExifTags.Base.Model] = "Suite 1"
            exif[ExifTags.Base.Orientation] = 6 if how == "turned-by-exif" else 1
            options = {**options, "exif": exif}
        if how == "turned-by-exif":
            image = image.transpose(Image.Transpose.ROTATE_90)
        elif how == "upside-down":
            image = image.transpose(Image.Transpose.ROTATE_180)
        elif how == "askew":
            image = image.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="#e8e4da")
        elif how in _SEVERAL:
            options = {**options, "append_images": [image.transpose(Image.Transpose.ROTATE_180)]}
        if mode == "I;16":
            wide = image.point(lambda value: value * 257, "I")
            wide.convert("I;16").save(file, **options)
        else:
            image.convert(mode).save(file, **options)
    lines: dict[int, list[str]] = {}
    for word in _true_words(name):
        lines.setdefault(word.line, []).append(word.text)
    written = embed_text(file.getvalue(), [lines[line] for line in sorted(lines)])
    return written + b"\0more" if how == "with-more-bytes" else written


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
    base, _, _ = name.partition("@")
    turned = any(word in name for word in _TURNED)
    words = _true_words(base)
    return Picture(
        kind,
        width,
        height,
        upright=not turned,
        has_text=not any(word in name for word in _TEXTLESS),
        text=" ".join(word.text for word in words) or _true_text(base),
        full=len({word.line for word in words}) > 2 or name.startswith(_FULL),
        words=() if turned else words,
    )


def _true_words(name: str) -> tuple[TrueWord, ...]:
    words = path(name).with_suffix(".json")
    if not words.exists():
        return ()
    return tuple(
        TrueWord(word["text"], word["line"], *word["box"])
        for word in json.loads(words.read_text(encoding="utf-8"))
    )


def _true_text(name: str) -> str:
    truth = IMAGES / "truth" / f"{path(name).stem}.txt"
    return truth.read_text(encoding="utf-8") if truth.exists() else ""


@lru_cache(maxsize=8)  # of 20 MB each
def padded(name: str, size: int) -> bytes:
    """The image in exactly `size` bytes, by what decoders skip: a private chunk, or comments."""
    image = load(name)
    return (_padded_png if image.startswith(b"\x89PNG") else _padded_jpeg)(image, size)


def _padded_png(image: bytes, size: int) -> bytes:
    end = image.rindex(b"IEND") - 4
    content = bytes(size - len(image) - 12)
    chunk = b"paDd" + content
    inserted = struct.pack(">I", len(content)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return image[:end] + inserted + image[end:]


def _padded_jpeg(image: bytes, size: int) -> bytes:
    left = size - len(image)
    comments = []
    while left:
        # A comment has a head of four bytes and at most 65,533 of content; none may be left over.
        length = min(left, 65_537)
        length -= 4 if 0 < left - length < 4 else 0
        comments.append(b"\xff\xfe" + struct.pack(">H", length - 2) + bytes(length - 4))
        left -= length
    end = image.rindex(b"\xff\xd9")
    return image[:end] + b"".join(comments) + image[end:]
