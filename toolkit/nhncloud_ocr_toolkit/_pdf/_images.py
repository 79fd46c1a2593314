"""Pictures as PDF holds them: a JPEG's bytes as they are, a PNG's compressed pixels as they are."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import NamedTuple

from nhncloud_ocr import InvalidImageError

from .._picture import Picture, jpeg_segments, open_picture, png_chunks

_DCT = {0xC0, 0xC1, 0xC2}  # baseline, extended, progressive: what DCTDecode knows
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_GREY, _RGB, _PALETTE = 0, 2, 3  # PNG's colour types without alpha


class Stream(NamedTuple):
    """An image XObject: its dictionary's entries and its data."""

    entries: str
    data: bytes


def stream_of(picture: Picture, *, pdfa: bool) -> Stream:
    """The picture as an image XObject, pixels as stored.

    Raises InvalidImageError (what no PDF can hold; CMYK where PDF/A is asked for), ImportError that
    names the extra where a PNG has alpha or is interlaced and Pillow is missing.
    """
    if picture.kind == "jpeg":
        space, bits, more = _jpeg(picture, pdfa)
        data = picture.data
    else:
        space, bits, more, data = _png(picture)
    entries = (
        f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} "
        f"/ColorSpace {space} /BitsPerComponent {bits} {more}"
    )
    return Stream(entries, data)


def _jpeg(picture: Picture, pdfa: bool) -> tuple[str, int, str]:
    components = bits = 0
    inverted = False
    for marker, payload in jpeg_segments(picture.data):
        if marker in _FRAMES and len(payload) >= 6:
            if marker not in _DCT:
                raise InvalidImageError(
                    "a lossless or arithmetic-coded JPEG has no place in a PDF: save it as a "
                    "common JPEG or PNG"
                )
            bits, components = payload[0], payload[5]
        elif marker == 0xEE and payload.startswith(b"Adobe"):
            inverted = True
    if bits != 8 or components not in _SPACES:
        raise InvalidImageError(
            f"a JPEG of {components} components with {bits} bits has no place in a PDF: save it "
            "as a common JPEG or PNG"
        )
    decode = ""
    if components == 4:
        if pdfa:
            raise InvalidImageError(
                "a CMYK JPEG has no place in PDF/A, whose colours here are sRGB: pass pdfa=False "
                "for a plain PDF, or convert the image to RGB"
            )
        decode = "/Decode [1 0 1 0 1 0 1 0] " if inverted else ""
    return _SPACES[components], bits, f"{decode}/Filter /DCTDecode"


def _png(picture: Picture) -> tuple[str, int, str, bytes]:
    header, palette, transparent, pixels = _parts(picture.data)
    _, _, bits, colour, _, _, interlaced = header
    if colour not in (_GREY, _RGB, _PALETTE) or interlaced:
        header, palette, transparent, pixels = _parts(_plain(picture))
        bits, colour = header[2], header[3]
    channels = 3 if colour == _RGB else 1
    space = "/DeviceRGB" if colour == _RGB else "/DeviceGray"
    mask = ""
    if colour == _PALETTE:
        colours = _on_white(palette, transparent)
        space = f"[/Indexed /DeviceRGB {len(colours) // 3 - 1} <{colours.hex()}>]"
    elif len(transparent) == 2 * channels:  # one colour stands for nothing
        key = struct.unpack(f">{channels}H", transparent)
        mask = f"/Mask [{' '.join(f'{value} {value}' for value in key)}] "
    parameters = f"/Predictor 15 /Colors {channels} /BitsPerComponent {bits}"
    more = f"{mask}/Filter /FlateDecode /DecodeParms << {parameters} /Columns {picture.width} >>"
    return space, bits, more, pixels


def _parts(data: bytes) -> tuple[tuple[int, ...], bytes, bytes, bytes]:
    """A PNG's header fields, palette, transparency, and compressed pixels."""
    header: tuple[int, ...] = ()
    palette = transparent = b""
    pixels = []
    for kind, payload in png_chunks(data):
        if kind == b"IHDR" and len(payload) == 13:
            header = struct.unpack(">IIBBBBB", payload)
        elif kind == b"PLTE":
            palette = payload[: len(payload) // 3 * 3]
        elif kind == b"tRNS":
            transparent = payload
        elif kind == b"IDAT":
            pixels.append(payload)
    if not header or not pixels or (header[3] == _PALETTE and not palette):
        raise InvalidImageError("the PNG lacks its pixels or colours: the file is cut or damaged")
    return header, palette, transparent, b"".join(pixels)


def _on_white(palette: bytes, transparent: bytes) -> bytes:
    """The palette's colours as they look on white paper."""
    colours = bytearray(palette)
    for index, alpha in enumerate(transparent[: len(palette) // 3]):
        for at in range(3 * index, 3 * index + 3):
            colours[at] = 255 - (255 - colours[at]) * alpha // 255
    return bytes(colours)


def _plain(picture: Picture) -> bytes:
    """A PNG with alpha as one on white, an interlaced one in order."""
    try:
        from PIL import Image, ImageChops
    except ImportError as missing:
        raise ImportError(
            "a PNG with alpha or interlacing needs Pillow to get into a PDF: "
            'pip install "nhncloud-ocr[pillow]"'
        ) from missing
    with Image.open(BytesIO(picture.data)) as opened:
        image: Image.Image = opened
        if "A" in opened.getbands():
            layer = opened.convert("RGBA")
            image = Image.new("RGB", layer.size, "white")
            image.paste(layer, mask=layer.getchannel("A"))
            red, green, blue = image.split()
            if not any(ImageChops.difference(red, each).getbbox() for each in (green, blue)):
                image = red  # grey takes half the room
        written = BytesIO()
        image.save(written, "PNG")
    return open_picture(written.getvalue()).data
