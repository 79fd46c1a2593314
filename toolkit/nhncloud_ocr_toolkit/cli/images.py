"""Which images are meant: files, folders, patterns, URLs, standard input."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nhncloud_ocr import InvalidImageError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
_STDIN = "-"


@dataclass(frozen=True)
class Source:
    """One image. name: as the user gave it, or found below a folder that the user gave.

    below: the same from that folder on, for files that are written under `--out`.
    """

    name: str
    below: str

    @property
    def is_url(self) -> bool:
        return self.name.lower().startswith(("http://", "https://"))

    def read(self) -> bytes:
        """Return the image's bytes. Raises OSError, InvalidImageError where there are none."""
        if self.is_url:
            raise InvalidImageError("this needs the image itself: download it, and give the file")
        if self.name == _STDIN:
            if sys.stdin is None:
                raise InvalidImageError("standard input is closed")
            return sys.stdin.buffer.read()
        return Path(self.name).read_bytes()


def sources(names: Iterable[str]) -> Iterator[Source]:
    """Yield each image that is meant, in the order given; those of a folder in alphabetical order.

    A file that does not exist is yielded too: opening it tells.
    """
    for name in names:
        if Path(name).is_dir():
            yield from _in_folder(Path(name))
        elif _is_pattern(name):
            yield from _of_pattern(name)
        else:
            yield _single(name)


def _single(name: str) -> Source:
    if name == _STDIN:
        return Source(name, "stdin")
    return Source(name, Path(name.partition("?")[0]).name or "image")


def _is_pattern(name: str) -> bool:
    """Whether this is a pattern that the shell left alone: in quotes, or on Windows."""
    if Source(name, name).is_url or os.path.lexists(name):
        return False
    return glob.has_magic(name)


def _of_pattern(pattern: str) -> Iterator[Source]:
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (it may be absolute)
    if not found:
        yield _single(pattern)
    seen = set()
    for name in found:
        below = _in_folder(Path(name)) if Path(name).is_dir() else [_single(name)]
        for source in below:
            path = Path(source.name).absolute()
            if path not in seen:  # `scans/**` names a folder and all that is in it
                seen.add(path)
                yield source


def _in_folder(folder: Path) -> Iterator[Source]:
    """Yield the JPEGs and PNGs below a folder; what begins with a dot is left out."""
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                image = Path(path, name)
                yield Source(str(image), str(image.relative_to(folder)))
