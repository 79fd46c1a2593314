"""What a process and those it began hold and have used, where /proc tells (Linux)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

__all__ = ["cpu_seconds", "family", "proportional", "resident"]

_TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def family(process: int) -> list[int]:
    """The process and its children, those of all its threads; itself alone where unknown."""
    children = []
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children += [int(child) for child in listed.read_text().split()]
        except OSError:  # the thread has ended meanwhile
            continue
    return [process, *children]


def resident(process: int, field: str = "VmRSS") -> int | None:
    """Bytes that a process and its children hold, or held at most each (VmHWM)."""
    return _together(process, "status", field)


def proportional(process: int) -> int | None:
    """Bytes that a process and its children hold, what they share (libraries) counted once."""
    return _together(process, "smaps_rollup", "Pss")


def cpu_seconds(process: int) -> float:
    """What a process and its children have used, those that ended included; 0 where unknown."""
    while True:
        members = family(process)
        total = sum(map(_ticks, members))
        # One that ended meanwhile would be missed: its parent, read before, did not count it yet.
        if family(process) == members:
            return total / _TICKS


def _ticks(process: int) -> int:
    """What a process and those of its children that ended have used, as the system counts it."""
    try:
        told = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0
    # After the name, which may have blanks: the 14th field and the next, and its children's.
    return sum(map(int, told.rpartition(")")[2].split()[11:15]))


def _together(process: int, file: str, field: str) -> int | None:
    """The sum of a field that a file in /proc tells of each of them; None where none tells."""
    sizes = []
    for member in family(process):
        try:
            told = Path(f"/proc/{member}/{file}").read_text()
        except OSError:
            continue
        sizes += [int(size) * 1024 for size in re.findall(rf"^{field}:\s+(\d+) kB", told, re.M)]
    return sum(sizes) if sizes else None
