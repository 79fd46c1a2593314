"""What the first bytes of an image say: its kind, and the ratio of its sides."""

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"

_FRAME_MARKERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_MARKERS_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
_FILL = 0xFF  # may stand before a marker, any number of times


def kind(data: bytes) -> tuple[str, str]:
    """Return the file name and the media type to send: the user's own name stays at home."""
    if data.startswith(JPEG):
        return "image.jpg", "image/jpeg"
    if data.startswith(PNG):
        return "image.png", "image/png"
    return "image.png", "application/octet-stream"


def side_ratio(data: bytes) -> float:
    """Return the longer side over the shorter, or 1 where the header does not say."""
    sides = _sides(data)
    if sides is None or 0 in sides:
        return 1.0
    return max(sides) / min(sides)


def _sides(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels."""
    if data.startswith(PNG):
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(JPEG):
        return _jpeg_sides(data)
    return None


def _jpeg_sides(data: bytes) -> tuple[int, int] | None:
    """Go from marker to marker until one begins a frame: it tells the sides."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAME_MARKERS:
            height = int.from_bytes(data[at + 5 : at + 7])
            width = int.from_bytes(data[at + 7 : at + 9])
            return width, height
        if marker == _FILL:
            at += 1
        elif marker in _MARKERS_WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
