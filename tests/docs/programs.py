"""Runs the Python blocks of a Markdown page, in order and in one namespace, as a reader would.

A `text` block that follows a `python` block is what that block prints, to the letter.
"""

import ast
import contextlib
import io
import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Program(NamedTuple):
    """A block of Python; `prints` is None where the page does not show it."""

    code: str
    prints: str | None


def programs(page: Path) -> list[Program]:
    blocks = [*_BLOCK.findall(page.read_text("utf-8")), ("", "")]
    found = []
    for (language, code), (next_language, text) in pairwise(blocks):
        if language == "python":
            found.append(Program(code, text if next_language == "text" else None))
    return found


def run(page: Path) -> None:
    """Raise AssertionError where a block prints something else than the page shows."""
    namespace: dict[str, object] = {"__name__": "docs"}
    for number, program in enumerate(programs(page), 1):
        where = f"{page.name}, block {number}"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(ast.parse(program.code), where, "exec"), namespace)
        if program.prints is not None:
            assert printed.getvalue() == program.prints, where
