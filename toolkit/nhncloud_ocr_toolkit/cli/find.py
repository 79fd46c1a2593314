"""`nhncloud-ocr find TEXT IMAGE...`: where images say something, or nearly so."""

from __future__ import annotations

import argparse
from typing import Any

from nhncloud_ocr import OcrResult

import nhncloud_ocr_toolkit as toolkit

from . import calls, client, images, recognize
from .messages import complain, said, shown
from .output import Output


def add_command(commands: Any) -> None:
    """Add the command and its options to the parser."""
    parser = commands.add_parser(
        "find",
        help="find text in images, also where it was misread a little",
        description="Find text in images. Each image is one call, which the service may bill.",
        allow_abbrev=False,
    )
    parser.add_argument("text", metavar="TEXT", help="what to look for")
    parser.add_argument(
        "images", nargs="+", metavar="IMAGE", help="a file, a folder, a pattern, a URL, or -"
    )
    parser.add_argument(
        "--threshold",
        type=float,
        default=0.75,
        metavar="SCORE",
        help="0 to 1, the share of letters that must agree (default: 0.75)",
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON an image")
    recognize.add_call_options(parser)
    parser.set_defaults(run=run, several="images")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each match; return 0 if every image could be searched."""
    try:
        toolkit.find(OcrResult(lines=()), arguments.text, arguments.threshold)
    except ValueError as exc:  # before there is a call to pay for
        complain(said(exc))
        return 2
    found = list(images.sources(arguments.images))
    output = Output(None, headed=False)
    failed = not found
    with client.of_options(arguments) as ocr:
        for outcome in calls.outcomes(recognize.job_of_options(arguments, ocr), found):
            if outcome.page is None:
                failed = True
                text = said(outcome.error or OSError())
                complain(f"{outcome.source.name}: {text}")
                if arguments.json:
                    output.json(outcome.source, {"error": text})
                if outcome.keys_refused:
                    return 2
                continue
            matches = toolkit.find(outcome.page, arguments.text, arguments.threshold)
            if arguments.json:
                output.json(outcome.source, {"matches": [_as_dict(each) for each in matches]})
            else:
                for each in matches:
                    print(f"{shown(outcome.source.name)}: {each.score:.2f} {each.text}", flush=True)
    return 1 if failed else 0


def _as_dict(match: toolkit.Match) -> dict[str, Any]:
    boxes = [word.box for word in match.words if word.box is not None]
    return {
        "text": match.text,
        "score": match.score,
        "boxes": [list(box.bounds) for box in boxes],  # left, top, right, bottom in pixels
    }
