"""`pdf`: pages of a picture and its words, one after the other, into a file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, TypeAlias

from nhncloud_ocr import OcrResult

from .._geometry import Matrix, upright_matrix
from .._picture import Frame, ImageInput, Picture
from .._sheet import PlacementWarning, Sheet, lay
from . import _colour
from ._font import NAME, Codes, put_font
from ._images import stream_of
from ._objects import Objects
from ._placing import Paper, laid_lines, turn_of
from ._text import content

Output: TypeAlias = str | os.PathLike[str] | IO[bytes]

_USUAL_DPI = 150.0
_LEAST_DPI, _MOST_DPI = 36, 2400
_POINTS = 72
_LEAST_SIDE, _MOST_SIDE = 3.0, 14_400.0  # points: the bounds of PDF/A, and of many viewers


def pdf(
    pages: Iterable[tuple[ImageInput, OcrResult]],
    out: Output,
    *,
    pdfa: bool = True,
    frame: Frame = "upright",
) -> int:
    """Write a searchable PDF, a page for each image with its result; return how many words could
    not be placed because they have no box (a PlacementWarning says it too).

    The image's own bytes go into the file: a JPEG as it is, a PNG's compressed pixels as they are.
    The words lie unseen on it, to be searched, marked and copied. A page that most words are turned
    on is shown so that they stand upright. Its size comes from the image's resolution, 150 dots an
    inch where the file names none. Blanks around a word are left out, control characters replaced.

    `pages` may be a generator: one page at a time is held. `out` is a path, which is replaced once
    the file is complete, or a binary file, which is not closed. `pdfa` makes it PDF/A-2b. `frame`
    says what the boxes of an image with EXIF orientation count in: "upright", as people see it
    (inferred: what the emulator does), or "stored". The same pages give the same bytes.

    Raises InvalidImageError (no JPEG or PNG; a CMYK JPEG where PDF/A is asked for), ValueError (no
    page at all), TypeError (no pairs), OSError, ImportError (a PNG with alpha or interlacing needs
    the extra [pillow]).
    """
    if isinstance(out, (str, os.PathLike)):
        with _replaced(Path(out)) as file:
            unplaced = _write(pages, file, pdfa, frame)
    else:
        unplaced = _write(pages, out, pdfa, frame)
    if unplaced:
        warnings.warn(PlacementWarning(unplaced, "pdf"), stacklevel=2)
    return unplaced


def write_layer(picture: Picture, page: OcrResult, path: Path, scale: float = 1) -> int:
    """Write the words alone on a page of the picture's size, for others to lay on a page of theirs;
    return how many words could not be placed. `scale`: pixels of the picture for one of a box."""
    sheet = lay(page, picture)
    with _replaced(path) as file:
        document = _Document(file, pdfa=False)
        document.add(sheet, (scale, 0, 0, scale, 0, 0), with_picture=False)
        document.finish()
    return sheet.unplaced


def _write(
    pages: Iterable[tuple[ImageInput, OcrResult]], file: IO[bytes], pdfa: bool, frame: Frame
) -> int:
    waiting = iter(pages)
    first = next(waiting, None)
    if first is None:
        raise ValueError("a PDF needs at least one page: pages is empty")
    document = _Document(file, pdfa)
    unplaced = 0
    for pair in chain([first], waiting):
        image, page = _checked(pair)
        sheet = lay(page, image, frame)
        document.add(sheet, _to_upright(sheet.picture, frame))
        unplaced += sheet.unplaced
    document.finish()
    return unplaced


def _checked(pair: object) -> tuple[ImageInput, OcrResult]:
    if isinstance(pair, (tuple, list)) and len(pair) == 2 and isinstance(pair[1], OcrResult):
        return pair[0], pair[1]
    raise TypeError("pages must be pairs of an image and its result: [(image, page), ...]")


class _Document:
    def __init__(self, file: IO[bytes], pdfa: bool) -> None:
        self._objects = Objects(file)
        self._pdfa = pdfa
        self._codes = Codes()
        self._tree = self._objects.reserve()
        self._font = self._objects.reserve()
        self._pages: list[int] = []

    def add(self, sheet: Sheet, matrix: Matrix | None, *, with_picture: bool = True) -> None:
        """Write a page; `matrix` takes its boxes to the upright picture's pixels."""
        picture, objects = sheet.picture, self._objects
        paper = _paper(picture)
        lines = laid_lines(sheet.lines, paper, matrix)
        drawn, resources = "", ""
        if with_picture:
            image = objects.put_stream(*stream_of(picture, pdfa=self._pdfa))
            drawn = f"q {_placed(picture, paper)} cm /Im0 Do Q\n"
            resources = f"/XObject << /Im0 {image} 0 R >> "
        stream = drawn + content(lines, paper, self._codes)
        text = objects.put_packed("", stream.encode("ascii"))
        width, height = paper.width * paper.x_scale, paper.height * paper.y_scale
        turn = turn_of(lines) if with_picture else 0
        rotate = f"/Rotate {360 - turn} " if turn else ""
        self._pages.append(
            objects.put(
                f"<< /Type /Page /Parent {self._tree} 0 R /MediaBox [0 0 {width:.3f} {height:.3f}] "
                f"{rotate}/Resources << {resources}/Font << /{NAME} {self._font} 0 R >> >> "
                f"/Contents {text} 0 R >>"
            )
        )

    def finish(self) -> None:
        """Write what all pages share."""
        objects = self._objects
        put_font(objects, self._codes, self._font)
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        objects.put(f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>", self._tree)
        archive = self._archive() if self._pdfa else ""
        objects.finish(objects.put(f"<< /Type /Catalog /Pages {self._tree} 0 R {archive}>>"))

    def _archive(self) -> str:
        objects = self._objects
        claim = objects.put_stream("/Type /Metadata /Subtype /XML", _colour.claim())
        profile = objects.put_packed("/N 3", _colour.srgb())
        name = _colour.IDENTIFIER
        return (
            f"/Metadata {claim} 0 R /OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 "
            f"/OutputConditionIdentifier ({name}) /Info ({name}) "
            f"/DestOutputProfile {profile} 0 R >>] "
        )


def _paper(picture: Picture) -> Paper:
    """The page's size, as people see the picture."""
    width, height = picture.size()
    across, down = picture.dpi or (_USUAL_DPI, _USUAL_DPI)
    if not (_LEAST_DPI <= across <= _MOST_DPI and _LEAST_DPI <= down <= _MOST_DPI):
        across = down = _USUAL_DPI
    if picture.orientation >= 5:
        across, down = down, across
    x_scale, y_scale = _POINTS / across, _POINTS / down
    shrink = min(1.0, _MOST_SIDE / (width * x_scale), _MOST_SIDE / (height * y_scale))
    return Paper(
        width,
        height,
        max(x_scale * shrink, _LEAST_SIDE / width),
        max(y_scale * shrink, _LEAST_SIDE / height),
    )


def _to_upright(picture: Picture, frame: Frame) -> Matrix | None:
    if frame == "upright" or picture.orientation == 1:
        return None
    return upright_matrix(picture.orientation, picture.width, picture.height)


def _placed(picture: Picture, paper: Paper) -> str:
    """The matrix that draws PDF's unit square, in which the picture stands upwards, on the page as
    EXIF turns it."""
    a, b, c, d, e, f = upright_matrix(picture.orientation, picture.width, picture.height)
    wide, high = picture.width, picture.height
    x, y = paper.x_scale, paper.y_scale
    numbers = (
        a * wide * x,
        -b * wide * y,
        -c * high * x,
        d * high * y,
        (c * high + e) * x,
        (paper.height - d * high - f) * y,
    )
    return " ".join(f"{number:.3f}" for number in numbers)


@contextmanager
def _replaced(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the path's place when all went well; what stood there stays till then."""
    if path.exists() and not path.is_file():  # a device, a pipe; or a folder, which says so
        with path.open("wb") as file:
            yield file
        return
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        file = part.open("wb")
    except OSError as exc:
        exc.filename = str(path)  # the other's name means nothing to anybody
        raise
    try:
        with file:
            yield file
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
