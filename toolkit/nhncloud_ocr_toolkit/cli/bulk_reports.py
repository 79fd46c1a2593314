"""`nhncloud-ocr bulk status` and `bulk export`: what a journal holds, without any call."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import bulk
from . import money
from .messages import complain, said

_REPORTS = ("status", "export")


def with_joined_names(argv: Sequence[str]) -> list[str]:
    """Return the arguments with `bulk status` as one: argparse knows commands of one word."""
    given = list(argv)
    if given[:1] == ["bulk"] and given[1:2] and given[1] in _REPORTS:
        given[:2] = [" ".join(given[:2])]
    return given


def add_command(commands: Any) -> None:
    """Add both commands to the parser."""
    status = commands.add_parser(
        "bulk status", help="say what a journal of `bulk` holds", allow_abbrev=False
    )
    status.add_argument("journal", type=Path, metavar="RUN.DB")
    status.set_defaults(run=_status)
    export = commands.add_parser(
        "bulk export",
        help="write what a journal holds into a file",
        description="Write a row for each image that is settled, in the order of the sources.",
        allow_abbrev=False,
    )
    export.add_argument("journal", type=Path, metavar="RUN.DB")
    export.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="ends with .jsonl, .csv, .sqlite or .parquet",
    )
    export.add_argument(
        "--errors", type=Path, metavar="FILE", help="the failed and unknown rows once more"
    )
    export.add_argument(
        "--ordered", action="store_true", help="in the order of the sources, as it is anyway"
    )
    export.set_defaults(run=_export)


def _status(arguments: argparse.Namespace) -> int:
    try:
        with bulk.Journal(arguments.journal, create=False) as journal:
            found = journal.status()
    except (bulk.JournalError, OSError) as exc:
        complain(said(exc))
        return 2
    print(f"images: {found.images:,}")
    for state, number in found.states.items():
        if number:
            print(f"{state}: {number:,}")
    print(f"calls: {found.calls:,}{money.in_words(found.calls, found.price)}")
    print(f"requests sent: {found.requests:,}")
    print(f"maybe billed without a reply: {found.maybe_billed:,}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    try:
        with bulk.Journal(arguments.journal, create=False) as journal:
            bulk.export(journal, arguments.out, errors=arguments.errors)
    except (bulk.JournalError, ValueError) as exc:
        complain(said(exc))
        return 2
    except OSError as exc:
        complain(f"{exc.filename or arguments.out}: {said(exc)}")
        return 1
    return 0
