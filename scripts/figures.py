"""How a report prints a figure, and how it times one."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["line", "seconds"]


def line(what: str, figure: str, promise: str, kept: bool) -> bool:
    """Print one figure beside its promise."""
    print(f"{what:58} {figure:>12}   {promise:16} {'' if kept else 'MISSED'}".rstrip(), flush=True)
    return kept


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
