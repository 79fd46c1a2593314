"""Lists of images: JSONL or CSV with `ref` and maybe `id`, or names on standard input."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from io import BufferedIOBase
from pathlib import Path

from .sources import STORES, Found, found, single
from .states import JournalError

_CHUNK = 65536


def manifest(path: str | os.PathLike[str]) -> Iterator[Found]:
    """Yield the images of a manifest: CSV by its suffix, else JSON Lines; UTF-8.

    A relative ref is looked for from the current folder, then from the manifest's own. A line that
    names no image is yielded as a problem, so that none is lost. Raises OSError, JournalError for a
    CSV without a column `ref`.
    """
    place = Path(path)
    with place.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        pairs = _of_csv(lines, place) if place.suffix.lower() == ".csv" else _of_jsonl(lines)
        for number, (ref, given) in pairs:
            named = f"{place.name}:{number}"
            if isinstance(ref, str) and ref and "\0" not in ref and _is_text(ref):
                yield _beside(single(ref, given), place.parent)
            else:
                problem = "this line of the manifest names no image: it needs a `ref`"
                told = None if given is None else str(given)
                yield Found(named, f"{place}:{number}", told, problem)


def names(stream: BufferedIOBase) -> Iterator[Found]:
    """Yield the images that a buffered stream names: a name a line, or with a NUL after each."""
    chunk = stream.read1(_CHUNK)
    separator = b"\0" if b"\0" in chunk else b"\n"
    rest = b""
    while chunk:
        *whole, rest = (rest + chunk).split(separator)
        for name in whole:
            yield from _named(name, separator)
        chunk = stream.read1(_CHUNK)
    yield from _named(rest, separator)


def _named(name: bytes, separator: bytes) -> Iterator[Found]:
    if separator == b"\n":
        name = name.removesuffix(b"\r")
    # A NUL is in no path: what has one after all is a name that cannot be read.
    return found(os.fsdecode(name)) if name else iter(())


def _of_jsonl(lines: Iterable[str]) -> Iterator[tuple[int, tuple[object, object]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        fields = {"ref": value} if isinstance(value, str) else value
        if not isinstance(fields, dict):
            fields = {}
        given = fields.get("id")
        plain = given if isinstance(given, (str, int)) and _is_text(str(given)) else None
        yield number, (fields.get("ref"), plain)


def _of_csv(lines: Iterable[str], place: Path) -> Iterator[tuple[int, tuple[object, object]]]:
    rows = csv.reader(line.replace("\0", "\ufffd") for line in lines)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if "ref" not in header:
            raise JournalError(f"{place}: the first line must name the columns: ref, maybe id")
        ref_at = header.index("ref")
        id_at = header.index("id") if "id" in header else None
        for row in rows:
            if row:
                ref = row[ref_at] if ref_at < len(row) else None
                given = row[id_at] if id_at is not None and id_at < len(row) else None
                plain = given if given and _is_text(given) else None
                yield rows.line_num, (ref, plain)
    except csv.Error as exc:
        yield rows.line_num, (None, None)
        raise JournalError(f"{place}, line {rows.line_num}: {exc}") from None


def _is_text(value: str) -> bool:
    """Whether a database can hold it: no half of a pair of surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _beside(image: Found, folder: Path) -> Found:
    """Return the image where it is: from the current folder, or from the manifest's."""
    where = image.where
    if image.is_url or where.lower().startswith(STORES) or os.path.isabs(where):  # noqa: PTH117
        return image
    beside = os.path.join(folder, where)  # noqa: PTH118
    if os.path.lexists(where) or not os.path.lexists(beside):
        return image
    return Found(image.ref, beside, image.given)
