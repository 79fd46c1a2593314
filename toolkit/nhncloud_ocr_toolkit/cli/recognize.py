"""`nhncloud-ocr recognize IMAGE...`: print or write what images say."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from nhncloud_ocr import InvalidImageError, OcrResult

import nhncloud_ocr_toolkit as toolkit

from . import calls, client, formats, images, targets
from .calls import Job, Outcome
from .messages import complain, said
from .output import Output
from .progress import Progress

JOBS = 4  # calls at a time, unless told otherwise
AUTO = "--cropping=auto"


def add_command(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "recognize",
        help="print or write the text of images",
        description="Recognise images. Each image is one call, which the service may bill.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="a JPEG or PNG file, a folder, a pattern, a URL, or - for standard input",
    )
    add_call_options(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one line of JSON an image")
    form.add_argument("--raw", action="store_true", help="the replies as they came, for `export`")
    formats.add_options(form)
    parser.add_argument(
        "--pdf", type=Path, metavar="OUT.pdf", help="a searchable PDF of all images (-: printed)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="write a file an image into DIR")
    parser.set_defaults(run=run, several="images")


def add_call_options(parser: argparse.ArgumentParser) -> None:
    """Add how images are sent, which is the same for every command that makes calls."""
    parser.add_argument(
        "--cropping",
        action="store_true",
        help="for long images, which the service slices; `--cropping auto`: for those past 1:2.5",
    )
    parser.add_argument(AUTO, dest="auto", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--merge",
        action="store_true",
        help="text that stands in two slices of a long image once (with --cropping auto)",
    )
    parser.add_argument(
        "--jobs",
        type=positive,
        default=JOBS,
        metavar="N",
        help=f"so many calls at a time (default: {JOBS})",
    )
    client.add_options(parser)


def with_plain_options(argv: Sequence[str] | None) -> list[str]:
    """Return the arguments with `--cropping auto` as one, for `--cropping IMAGE` takes no value."""
    given = list(sys.argv[1:] if argv is None else argv)
    plain: list[str] = []
    for each in given:
        if each == "auto" and plain and plain[-1] == "--cropping":
            plain[-1] = AUTO
        else:
            plain.append(each)
    return plain


def job_of_options(arguments: argparse.Namespace, ocr: Any) -> Job:
    """Return how the images are recognised."""
    auto = arguments.auto or (arguments.merge and not arguments.cropping)
    return Job(ocr, "auto" if auto else arguments.cropping, arguments.merge, arguments.jobs)


def run(arguments: argparse.Namespace) -> int:
    """Recognise the images; return the exit code."""
    if wrong := targets.problem(arguments):
        complain(wrong)
        return 2
    found = list(images.sources(arguments.images))
    if not found:
        complain("no JPEG or PNG there")
        return 1
    headed = len(found) > 1 and not (arguments.json or arguments.raw)
    writer = _Writer(arguments, Output(arguments.out, headed=headed))
    progress = Progress(len(found))
    failed = False
    try:
        ocr = client.of_options(arguments)
    except OSError as exc:
        complain(f"{exc.filename}: {said(exc)}")
        return 2
    with ocr:
        for done, outcome in enumerate(calls.outcomes(job_of_options(arguments, ocr), found), 1):
            progress.clear()
            failed = not writer.write(outcome) or failed
            if outcome.keys_refused:
                return 2
            if writer.is_full:
                complain("nothing more can be written, so no further image is sent")
                break
            progress.show(done, outcome.source.name)
    progress.clear()
    return 0 if writer.finish() and not failed else 1


class _Writer:
    """Writes outcomes in the form that the options ask for."""

    def __init__(self, arguments: argparse.Namespace, output: Output) -> None:
        self._arguments = arguments
        self._output = output
        self._pages: list[tuple[bytes, OcrResult]] = []
        self.is_full = False

    def write(self, outcome: Outcome) -> bool:
        """Write one outcome; return whether there was something to write."""
        if outcome.hint:
            complain(f"{outcome.source.name}: hint: {outcome.hint}")
        error: Exception | None = outcome.error
        if outcome.page is not None:
            try:
                self._write_page(outcome, outcome.page)
            except BrokenPipeError:
                raise
            except (OSError, ValueError) as exc:
                error = exc
                self.is_full = targets.is_full(exc)
        if error is None:
            return True
        text = said(error)
        if outcome.page is not None and isinstance(error, OSError) and error.filename:
            text = f"{error.filename}: {text}"  # not the image is at fault
        complain(f"{outcome.source.name}: {text}")
        if self._arguments.json and not self.is_full:
            self._output.json(outcome.source, {"error": text})
        return False

    def _write_page(self, outcome: Outcome, page: OcrResult) -> None:
        arguments = self._arguments
        if arguments.pdf:
            if outcome.source.is_url:
                outcome.source.read()  # says why there is no picture
            self._pages.append((outcome.data, page))
        if arguments.json:
            self._output.json(outcome.source, page.to_dict())
        elif arguments.raw:
            self._output.data(outcome.source, page.raw, ".json")
        elif not arguments.pdf or arguments.format is not formats.TEXT or arguments.out:
            form = arguments.format
            data = outcome.data
            if form.needs_image and outcome.source.is_url:
                data = outcome.source.read()
            self._output.text(outcome.source, form.write(page, data), form.suffix)

    def finish(self) -> bool:
        """Write what needs all pages; return whether that went well."""
        if not self._arguments.pdf:
            return True
        if not self._pages:
            complain(f"{self._arguments.pdf}: not written, for there is no page")
            return False
        try:
            write_pdf(self._pages, self._arguments.pdf)
        except (OSError, ValueError, ImportError) as exc:
            complain(f"{self._arguments.pdf}: {said(exc)}")
            return False
        return True


def write_pdf(pages: list[tuple[bytes, OcrResult]], path: Path) -> None:
    """Write a searchable PDF of all pages: PDF/A, or a plain one where an image has no place in
    that, for the calls are made by now. Raises OSError, ValueError, ImportError."""
    printed = BytesIO() if path == targets.STANDARD_OUTPUT else None
    try:
        toolkit.pdf(pages, printed or path)
    except InvalidImageError as exc:
        if printed:
            printed.truncate(0)
            printed.seek(0)
        toolkit.pdf(pages, printed or path, pdfa=False)
        complain(f"{path}: a plain PDF, not PDF/A: {said(exc)}")
    if printed:
        targets.write_to_standard_output(printed.getvalue())


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
