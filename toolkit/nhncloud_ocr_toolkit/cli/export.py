"""`nhncloud-ocr export RAW.json...`: the same exports from stored replies, without a call."""

from __future__ import annotations

import argparse
import errno
import sys
from pathlib import Path
from typing import Any

from nhncloud_ocr import InvalidImageError, OcrError, OcrResult, UnexpectedResponseError

import nhncloud_ocr_toolkit as toolkit

from . import formats, recognize, targets
from .images import SUFFIXES, Source
from .messages import complain, said
from .output import Output


def add_command(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "export",
        help="write stored replies in another form, without a call",
        description=(
            "Write stored replies (`recognize --raw --out DIR`) in another form. No call is made. "
            "Forms that show the picture look for it beside the reply, under the same name."
        ),
        allow_abbrev=False,
    )
    parser.add_argument("replies", nargs="+", metavar="RAW.json", help="a reply as it came, or -")
    parser.add_argument(
        "--images", type=Path, metavar="DIR", help="where the pictures are, if not beside"
    )
    parser.add_argument("--image", type=Path, metavar="FILE", help="the picture of a single reply")
    parser.add_argument(
        "--merge", action="store_true", help="text that stands in two slices once (needs pictures)"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one line of JSON a reply")
    formats.add_options(form)
    parser.add_argument("--pdf", type=Path, metavar="OUT.pdf", help="a searchable PDF of all")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write a file a reply into DIR")
    parser.set_defaults(run=run, several="replies")


def run(arguments: argparse.Namespace) -> int:
    """Write the replies in the form asked for; return the exit code."""
    if arguments.image and len(arguments.replies) > 1:
        complain("--image is for a single reply; --images DIR is for several")
        return 2
    if wrong := targets.problem(arguments):
        complain(wrong)
        return 2
    headed = len(arguments.replies) > 1 and not arguments.json
    output = Output(arguments.out, headed=headed)
    pages: list[tuple[bytes, OcrResult]] = []
    failed = False
    for name in arguments.replies:
        source = Source(name, Path(name).name)
        try:
            page, data = _opened(arguments, Path(name))
            if arguments.pdf:
                pages.append((data, page))
            _write(arguments, output, source, page, data)
        except BrokenPipeError:
            raise
        except (OcrError, OSError, ValueError) as exc:
            failed = True
            text = _said(exc)
            complain(f"{name}: {text}")
            if arguments.json:
                output.json(source, {"error": text})
    if arguments.pdf and pages:
        try:
            recognize.write_pdf(pages, arguments.pdf)
        except (OSError, ValueError, ImportError) as exc:
            failed = True
            complain(f"{arguments.pdf}: {said(exc)}")
    return 1 if failed else 0


def _said(exc: Exception) -> str:
    """What is wrong with a reply, without advice on the line that it came by."""
    if isinstance(exc, UnexpectedResponseError):
        return said(exc).partition(" (HTTP")[0]
    return said(exc)


def _read(reply: Path) -> bytes:
    if reply != targets.STANDARD_OUTPUT:
        return reply.read_bytes()
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer.read()


def _opened(arguments: argparse.Namespace, reply: Path) -> tuple[OcrResult, bytes]:
    """Return the page, and its picture's bytes where a form needs it, else b""."""
    page = OcrResult.from_raw(_read(reply))
    if not (arguments.pdf or arguments.merge or arguments.format.needs_image):
        return page, b""
    data = _picture_of(arguments, reply).read_bytes()
    if arguments.merge and (page.slices or 1) > 1:
        page = toolkit.merge_slices(page, data).page
    return page, data


def _write(
    arguments: argparse.Namespace,
    output: Output,
    source: Source,
    page: OcrResult,
    data: bytes,
) -> None:
    if arguments.json:
        output.json(source, page.to_dict())
    elif not arguments.pdf or arguments.format is not formats.TEXT or arguments.out:
        form = arguments.format
        output.text(source, form.write(page, data), form.suffix)


def _picture_of(arguments: argparse.Namespace, reply: Path) -> Path:
    """Return where the picture of a reply is. Raises InvalidImageError if it is not found."""
    if arguments.image:
        return Path(arguments.image)
    folder: Path = arguments.images or reply.parent
    beside = [*sorted(folder.glob(f"{_escaped(reply.stem)}.*")), folder / reply.stem]
    for path in beside:
        if path.suffix.lower() in SUFFIXES and path.is_file():
            return path
    raise InvalidImageError(
        f"its picture is not in {folder}: name its folder with --images, or the file with --image"
    )


def _escaped(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)
