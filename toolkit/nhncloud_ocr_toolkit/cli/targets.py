"""Whether results can be written where the options say, asked before a call is paid for.

What cannot be known beforehand, a disk that fills up, ends a run at once: each further image would
be paid for and lost.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path

STANDARD_OUTPUT = Path("-")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


def problem(arguments: argparse.Namespace) -> str | None:
    """What is wrong with `--out` and `--pdf`, in words, or None."""
    if arguments.pdf == STANDARD_OUTPUT:
        forms = arguments.json or getattr(arguments, "raw", False) or arguments.format.option
        if forms != "text" and not arguments.out:
            return "--pdf - and another form both go to standard output: give one a file"
    elif arguments.pdf:
        if arguments.pdf.is_dir():
            return f"--pdf {arguments.pdf}: that is a folder"
        if said := _unwritable(arguments.pdf.absolute().parent):
            return f"--pdf {arguments.pdf}: {said}"
    if arguments.out and (said := _unwritable(_existing(arguments.out))):
        return f"--out {arguments.out}: {said}"
    return None


def is_full(exc: Exception) -> bool:
    """Whether the next result will fail to be written too."""
    return isinstance(exc, OSError) and exc.errno in _FULL


def write_to_standard_output(data: bytes) -> None:
    """Write bytes there, after what was printed."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there: the rest will be made."""
    folder = folder.absolute()
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _unwritable(folder: Path) -> str | None:
    if not folder.exists():
        return "there is no such folder"
    if not folder.is_dir():
        return f"{folder} is no folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"nothing can be written into {folder}"
    return None
