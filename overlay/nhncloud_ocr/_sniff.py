"""What the first bytes of an image say: its kind, its sides, and what it is if it is no image."""

import re

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"

_FRAME_MARKERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_MARKERS_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
_FILL_BYTES = re.compile(rb"\xff+")  # may stand before a marker, any number of them
_MOST_SEGMENTS = 1000  # real files have some tens before the frame; a hint is not worth more

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]+={0,2}\s*")
_BASE64_IMAGES = (b"iVBORw0KGgo", b"/9j/")  # how PNG and JPEG begin in it

# What people send instead of a JPEG or PNG, by its first bytes.
_BEGINNINGS = (
    (b"%PDF-", "a PDF: make an image of each page first"),
    (b"GIF87a", "a GIF"),
    (b"GIF89a", "a GIF"),
    (b"BM", "a BMP"),
    (b"II*\x00", "a TIFF"),
    (b"MM\x00*", "a TIFF"),
    (b"\x00\x00\x01\x00", "an icon (ICO)"),
    (b"\xff\x0a", "a JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000"),
    (b"8BPS", "a Photoshop file"),
    (b"PK\x03\x04", "a ZIP archive, or an office document, which is one"),
    (b"\xd0\xcf\x11\xe0", "an old office document, or a Hangul document (HWP)"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"{", "JSON, or another text"),
    (b"[", "JSON, or another text"),
    (b"http://", "the text of a URL: pass it as image_url=..."),
    (b"https://", "the text of a URL: pass it as image_url=..."),
)
# ISO base media files name their brand after `ftyp`.
_BRANDS = {
    b"avif": "an AVIF",
    b"avis": "an AVIF",
    b"heic": "a HEIC photograph",
    b"heix": "a HEIC photograph",
    b"hevc": "a HEIC photograph",
    b"heim": "a HEIC photograph",
    b"heis": "a HEIC photograph",
    b"mif1": "a HEIF photograph",
    b"msf1": "a HEIF photograph",
}


def kind(data: bytes) -> tuple[str, str]:
    """Return the file name and the media type to send: the user's own name stays at home."""
    if data.startswith(JPEG):
        return "image.jpg", "image/jpeg"
    if data.startswith(PNG):
        return "image.png", "image/png"
    return "image.png", "application/octet-stream"


def other_format(data: bytes) -> str | None:
    """Return what something that is neither JPEG nor PNG is, in words, or None."""
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return name
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "a WebP"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "a film, or a HEIF photograph")
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.lower().startswith(b"data:"):
        return "a data: URL: decode the base64 after its comma, and pass the bytes"
    if is_base64(text):
        return "base64 text: decode it, and pass the bytes"
    if text.startswith(b"<"):
        return "SVG, HTML or another XML: not an image of pixels"
    if text.startswith(PNG[1:]) or text.startswith(b"PNG\r\n"):
        return "a PNG without its first byte: was it read as text?"
    return None


def is_base64(text: bytes) -> bool:
    """Whether this begins as an image does in base64, or is long and could be nothing else."""
    if text.startswith(_BASE64_IMAGES):
        return True
    lines = text[:1024].replace(b"\r\n", b"").replace(b"\n", b"")
    return len(lines) >= 256 and _BASE64.fullmatch(lines) is not None


def sides(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, as the header says; None where it does not."""
    found = None
    if data.startswith(PNG) and len(data) >= 24:
        found = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    elif data.startswith(JPEG):
        found = _jpeg_sides(data)
    return None if found is None or 0 in found else found


def _jpeg_sides(data: bytes) -> tuple[int, int] | None:
    """Go from marker to marker until one begins a frame: it tells the sides."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        fill = _FILL_BYTES.match(data, at)
        if fill is None:
            return None
        at = fill.end() - 1  # the last of them belongs to the marker
        if at + 9 > len(data):
            return None
        marker = data[at + 1]
        if marker in _FRAME_MARKERS:
            height = int.from_bytes(data[at + 5 : at + 7])
            width = int.from_bytes(data[at + 7 : at + 9])
            return width, height
        if marker in _MARKERS_WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
