"""A font that is never seen: four glyphs for all letters of all scripts.

Each glyph is a rectangle. An empty one would do for the eye, but readers that measure ink (pdfium,
and with it Chrome) drop letters without any. CIDs are given out in order of first use, so that a
file holds only what its pages say; `ToUnicode` tells the letters.
"""

from __future__ import annotations

import struct
from itertools import groupby
from unicodedata import east_asian_width

from ._objects import Objects

NAME = "f-0-0"
"""The resource's name: ocrmypdf, when it lays our text on a page, looks for a font of this name."""

ASCENT, DESCENT = 800, -200
_BASE = "NhncloudOcrUnseen"
_BLANK, _HALF, _FULL = 250, 500, 1000  # a blank is narrow: it stands in gaps, however small
_ADVANCES = (_HALF, _BLANK, _HALF, _FULL)  # of each glyph; the first is that of no letter
_MARGIN = 50  # units that a rectangle keeps off its cell's edges
_MOST = 0xFFFE
_STRANGE = "\ufffd"
_MADE = 3_850_000_000  # seconds since 1904: a constant, for the same pages give the same file
_BLOCK = 100  # entries of a bfchar block, by the CMap specification


class Codes(dict[str, str]):
    """Letter to its code as hexadecimal digits, made at first use; `widths` has its units."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: dict[str, int] = {}

    def __missing__(self, letter: str) -> str:
        if len(self) >= _MOST and letter != _STRANGE:  # a font has no room for more
            self.widths[letter] = _HALF
            return self[_STRANGE]
        code = self[letter] = f"{len(self) + 1:04X}"
        full = east_asian_width(letter) in "WF"
        self.widths[letter] = _FULL if full else _BLANK if letter == " " else _HALF
        return code


def put_font(objects: Objects, codes: Codes, number: int) -> None:
    """Write the font for the letters used, as object `number` with those it refers to."""
    file = _truetype()
    program = objects.put_packed(f"/Length1 {len(file)}", file)
    descriptor = objects.put(
        f"<< /Type /FontDescriptor /FontName /{_BASE} /Flags 4 /FontBBox [0 {DESCENT} {_FULL} "
        f"{ASCENT}] /ItalicAngle 0 /Ascent {ASCENT} /Descent {DESCENT} /CapHeight {ASCENT} "
        f"/StemV 80 /FontFile2 {program} 0 R >>"
    )
    letters = list(codes)
    glyphs = [0, *[_ADVANCES.index(codes.widths[each], 1) for each in letters]]
    to_glyph = objects.put_packed("", struct.pack(f">{len(glyphs)}H", *glyphs))
    advances = [_ADVANCES[glyph] for glyph in glyphs]
    descendant = objects.put(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{_BASE} /CIDSystemInfo << /Registry "
        f"(Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R "
        f"/CIDToGIDMap {to_glyph} 0 R /DW {_FULL} /W [{_widths(advances)}] >>"
    )
    to_unicode = objects.put_packed("", _to_unicode(letters).encode("ascii"))
    objects.put(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{_BASE} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R >>",
        number,
    )


def _widths(advances: list[int]) -> str:
    """First and last code of each row of equal advances, and the advance; without the usual one."""
    rows = []
    for advance, codes in groupby(range(len(advances)), advances.__getitem__):
        row = list(codes)
        if advance != _FULL:
            rows.append(f"{row[0]} {row[-1]} {advance}")
    return " ".join(rows)


def _to_unicode(letters: list[str]) -> str:
    entries = [
        f"<{cid:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for cid, letter in enumerate(letters, 1)
    ]
    blocks = []
    for begin in range(0, len(entries), _BLOCK):
        block = entries[begin : begin + _BLOCK]
        blocks.append("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]))
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


def _truetype() -> bytes:
    glyphs = [_rectangle(advance) for advance in _ADVANCES]
    loca = [sum(len(each) for each in glyphs[:end]) // 2 for end in range(len(glyphs) + 1)]
    low, high = DESCENT + _MARGIN, ASCENT - _MARGIN
    box = (_MARGIN, low, _FULL - _MARGIN, high)
    head = struct.pack(
        ">IIIIHHQQ4hHHhhh",
        *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0b1011, 1000, _MADE, _MADE, *box, 0, 8, 2, 0, 0),
    )
    hhea = struct.pack(
        ">IhhhHhhhhhh4hhH",
        *(0x10000, ASCENT, DESCENT, 0, _FULL, _MARGIN, _MARGIN, _FULL - _MARGIN),
        *(1, 0, 0, 0, 0, 0, 0, 0, len(glyphs)),
    )
    maxp = struct.pack(">IH13H", 0x10000, len(glyphs), 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)
    tables = {
        b"glyf": b"".join(glyphs),
        b"head": head,
        b"hhea": hhea,
        b"hmtx": b"".join(struct.pack(">Hh", advance, _MARGIN) for advance in _ADVANCES),
        b"loca": struct.pack(f">{len(loca)}H", *loca),
        b"maxp": maxp,
    }
    return _assembled(tables)


def _rectangle(advance: int) -> bytes:
    left, right, low, high = _MARGIN, advance - _MARGIN, DESCENT + _MARGIN, ASCENT - _MARGIN
    wide, tall = right - left, high - low
    on_curve = b"\1" * 4
    glyph = (
        struct.pack(">h4hHH", 1, left, low, right, high, 3, 0)
        + on_curve
        + struct.pack(">4h", left, 0, wide, 0)
        + struct.pack(">4h", low, tall, 0, -tall)
    )
    return glyph + bytes(-len(glyph) % 4)


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    """The tables as a font file, with their checksums."""
    begins = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        directory += tag + struct.pack(">III", _sum(padded), begins + len(body), len(table))
        body += padded
    search = 64  # 16 times the greatest power of two up to six tables
    start = struct.pack(">IHHHH", 0x10000, len(tables), search, 2, 16 * len(tables) - search)
    font = start + directory + body
    adjustment = begins + len(tables[b"glyf"]) + 8  # of `head`, which stands second
    check = (0xB1B0AFBA - _sum(font)) & 0xFFFFFFFF
    return font[:adjustment] + struct.pack(">I", check) + font[adjustment + 4 :]


def _sum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
