"""From arguments to an exit code: the parser of all commands, and what ends them early."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence

from nhncloud_ocr import AspectRatioWarning, ConfigurationError, __version__

from .. import PlacementWarning
from . import bulk, bulk_reports, export, find, keys, recognize
from .messages import PROGRAM, complain, said

BAD_USAGE = 2


def run(argv: Sequence[str] | None) -> int:
    """Run the command that the arguments name; return its exit code."""
    _prepare_streams()
    if sys.stdout is None:
        complain("standard output is closed: nothing could be printed")
        return 1
    parser = _parser()
    arguments, unknown = parser.parse_known_args(
        bulk_reports.with_joined_names(recognize.with_plain_options(argv))
    )
    names = [name.partition("=")[0] for name in unknown if name.startswith("-") and name != "-"]
    if names:  # argparse's own message would repeat the values, and one may be a key
        known = "keys come from the environment or from files"
        parser.error(f"unknown options: {' '.join(names)} ({known})")
    if unknown:  # what stands after options: argparse takes one run of files alone
        if "several" not in arguments:
            parser.error(f"{len(unknown)} arguments more than this takes")
        getattr(arguments, arguments.several).extend(unknown)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", AspectRatioWarning)  # said in words of our own
            warnings.simplefilter("always", PlacementWarning)
            warnings.showwarning = lambda message, *_: complain(str(message))
            return int(arguments.run(arguments))
    except (ConfigurationError, UnicodeDecodeError) as exc:
        complain(said(exc))
        return BAD_USAGE
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _prepare_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")  # a console without Hangul stops nothing


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Recognise text in images with NHN Cloud General OCR.",
        epilog=keys.EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (recognize, find, export, bulk, bulk_reports):
        module.add_command(commands)
    return parser
