"""Draw fresh pages of the kinds that are hard to read, from a number: as many sets as wanted.

    python scripts/fresh_pages.py FOLDER --seed N [--each COUNT]
    python scripts/accuracy.py FOLDER/manifest.tsv

Words, typefaces, sizes, colours, angles and damages come from the dice, so that a set nobody has
looked at is one number away. Sets 1 to 99 may be looked at and chosen on; from 100 on they are for
reporting alone. Needs the fonts that `render_pages.py` needs, Liberation and DejaVu
(Debian: fonts-liberation, fonts-dejavu).
"""

import argparse
import io
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from fresh_kinds import KINDS, Drawn
from PIL import Image


def save(page: Image.Image, path: Path, kind: str, dice: random.Random) -> Path:
    """Write a picture as PNG or JPEG, a damaged one with what viewers forgive."""
    data = io.BytesIO()
    if kind in ("receipt", "textless") or (kind == "damaged" and dice.random() < 0.4):
        page.save(data, "JPEG", quality=dice.randint(60, 92))
        body = data.getvalue()[:-2] if kind == "damaged" else data.getvalue()
        path = path.with_suffix(".jpg")
    else:
        page.save(data, "PNG")
        body = data.getvalue()
        path = path.with_suffix(".png")
        if kind == "damaged":
            body = body[:33] + bad_chunk(dice) + body[33:]
    path.write_bytes(body)
    return path


def bad_chunk(dice: random.Random) -> bytes:
    """Return an ancillary chunk that is wrong, or large once it is unpacked."""
    kind, content, wrong = dice.choice((
        (b"iCCP", b"sRGB\0\x07" + zlib.compress(b"x" * 300), 0),
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 3_000_000), 0),
        (b"tEXt", b"Comment\0drawn", 1),
        (b"iTXt", b"Comment\0\x01\0\0\0not compressed", 0),
        (b"gAMA", b"\0", 0),
    ))  # fmt: skip
    checksum = (zlib.crc32(kind + content) + wrong) % 2**32
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def pages(seed: int, each: int) -> Iterator[tuple[str, int, Drawn, random.Random]]:
    """Yield a set's pages: kind, number, picture with its text, and the dice to go on with."""
    for kind in KINDS:
        for number in range(each):
            dice = random.Random(f"{seed} {kind.__name__} {number}")
            yield kind.__name__, number, kind(dice), dice


def main() -> None:
    """Write a set, with its manifest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--each", type=int, default=4, help="pages of each kind (default 4)")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    rows = ["file\tkind\tlanguage\ttruth\tset"]
    for kind, number, (page, text), dice in pages(options.seed, options.each):
        path = save(page, options.folder / f"{kind}_{number}", kind, dice)
        path.with_suffix(".txt").write_text(text + "\n", "utf-8")
        rows.append(f"{path.name}\t{kind}\tmixed\t{path.stem}.txt\tseed {options.seed}")
    (options.folder / "manifest.tsv").write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
