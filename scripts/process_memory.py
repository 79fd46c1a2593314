"""How much memory a process and those it began hold, where /proc tells (Linux)."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["family", "proportional", "resident"]


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
    sizes = []
    for member in family(process):
        try:
            status = Path(f"/proc/{member}/status").read_text()
        except OSError:
            continue
        sizes += [int(size) * 1024 for size in re.findall(rf"{field}:\s+(\d+) kB", status)]
    return sum(sizes) if sizes else None


def proportional(process: int) -> int | None:
    """Bytes that a process and its children hold, what they share (libraries) counted once."""
    sizes = []
    for member in family(process):
        try:
            told = Path(f"/proc/{member}/smaps_rollup").read_text()
        except OSError:
            continue
        sizes += [int(size) * 1024 for size in re.findall(r"^Pss:\s+(\d+) kB", told, re.M)]
    return sum(sizes) if sizes else None
