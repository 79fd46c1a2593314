"""What a result can be written as: one row of the table for each option."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from nhncloud_ocr import OcrResult

import nhncloud_ocr_toolkit as toolkit


@dataclass(frozen=True)
class Format:
    """A way to write a result.

    write: of the result and the image's bytes, which are b"" unless `needs_image`.
    """

    option: str
    suffix: str
    help: str
    write: Callable[[OcrResult, bytes], str]
    needs_image: bool = False


TEXT = Format("text", ".txt", "plain text, the default", lambda page, _: page.text)
FORMATS = (
    Format(
        "layout",
        ".txt",
        "text with the columns of a receipt or table",
        lambda page, _: toolkit.layout_text(page),
    ),
    Format("hocr", ".hocr", "hOCR: XHTML with places", toolkit.hocr, needs_image=True),
    Format("alto", ".alto.xml", "ALTO 4.4 XML", toolkit.alto, needs_image=True),
    Format("svg", ".svg", "the picture with a box around each word", toolkit.svg, needs_image=True),
    Format("tsv", ".tsv", "a row a word, tabs between", lambda page, _: toolkit.tsv(page)),
    Format("csv", ".csv", "a row a word, commas between", lambda page, _: toolkit.csv(page)),
)


def add_options(group: argparse._MutuallyExclusiveGroup) -> None:
    """Add an option for each format, of which one may be given."""
    for each in FORMATS:
        group.add_argument(
            f"--{each.option}",
            dest="format",
            action="store_const",
            const=each,
            default=TEXT,
            help=each.help,
        )
