"""What an engine process forbids itself: to outlive its parent, and to take all the memory."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

__all__ = ["bound_memory", "die_with", "within"]

_MEMORY: Final = 560 * 1024 * 1024
"""Bytes that calls may add to what the loaded engine holds. The costliest image that the gate
lets pass, 50 megapixels of RGBA, takes most of it until it is grey."""

_PR_SET_PDEATHSIG: Final = 1


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when the thread that made it ends, the parent's end included.

    Elsewhere the pipe from the parent tells, and on Linux too: this is for a parent whose other
    children hold that pipe open, and for a process too busy to listen.
    """
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before this could be asked for
        os._exit(0)


def bound_memory() -> None:
    """Let allocations fail past `_MEMORY` more bytes than now, on systems that can (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return
    if found := re.search(r"VmData:\s+(\d+) kB", status):
        limit = int(found[1]) * 1024 + _MEMORY
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


@contextlib.contextmanager
def within(seconds: float, nowhere: IO[bytes]) -> Iterator[None]:
    """End this process if what follows takes longer, also where it holds the interpreter.

    The parent ends it before. This is for one whose parent was killed meanwhile.
    """
    faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
