"""What PDF/A-2b asks for beside the pages: the meaning of RGB, and the claim itself, as XMP."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from nhncloud_ocr import __version__

IDENTIFIER = "sRGB IEC61966-2.1"

_D50 = (0.9642, 1.0, 0.8249)
_PRIMARIES = {  # of sRGB, adapted to D50
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_ADAPTATION = (1.04791, 0.02293, -0.0502, 0.0296, 0.99046, -0.01707, -0.00925, 0.01506, 0.75179)
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)  # IEC 61966-2-1

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdfaid:part="2" pdfaid:conformance="B" \
pdf:Producer="nhncloud-ocr {version}"/>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def claim() -> bytes:
    """The XMP packet that says PDF/A-2b."""
    return _XMP.format(version=__version__).encode()


def srgb() -> bytes:
    """An ICC profile of sRGB, version 4.2."""
    tags = {
        b"desc": _text(IDENTIFIER),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": _xyz(_D50),
        b"chad": b"sf32" + bytes(4) + _fixed(_ADAPTATION),
        **{name: _xyz(colour) for name, colour in _PRIMARIES.items()},
    }
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(_CURVE)
    table, body = b"", b""
    begins = 132 + 12 * (len(tags) + 3)
    for name, payload in tags.items():
        table += name + struct.pack(">II", begins + len(body), len(payload))
        body += payload + bytes(-len(payload) % 4)
    for name in (b"rTRC", b"gTRC", b"bTRC"):  # one curve for all three
        table += name + struct.pack(">II", begins + len(body), len(curve))
    body += curve
    size = begins + len(body)
    return _head(size) + struct.pack(">I", len(tags) + 3) + table + body


def _head(size: int) -> bytes:
    made = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
    return (
        struct.pack(">I4sI", size, bytes(4), 0x04200000)
        + b"mntrRGB XYZ "
        + made
        + b"acsp"
        + bytes(28)
        + _fixed(_D50)
        + bytes(48)
    )


def _fixed(numbers: Sequence[float]) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(65536 * number) for number in numbers))


def _xyz(colour: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(colour)


def _text(text: str) -> bytes:
    letters = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(letters), 28) + letters
