"""Show what a docstring says of each name, `name: what it is`, as a list in the reference.

An extension of griffe, which reads the docstrings for the site.
"""

import re
from typing import Any

import griffe

_ABOUT = re.compile(r"^([a-z_][a-z0-9_]*(?:, [a-z_][a-z0-9_]*)*): (?=\S)")


class DocstringLists(griffe.Extension):
    """Turns such lines of every docstring into a Markdown list."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change the docstring of one object, before it is rendered."""
        if obj.docstring is not None:
            obj.docstring.value = with_lists(obj.docstring.value)


def with_lists(text: str) -> str:
    """Return the text with a list where lines begin with names and a colon."""
    lines: list[str] = []
    within = False
    for line in text.splitlines():
        if about := _ABOUT.match(line):
            if not within:
                lines.append("")
            names = ", ".join(f"`{name}`" for name in about[1].split(", "))
            line = f"- {names}: {line[about.end() :]}"
            within = True
        elif not line.strip():
            within = False
        elif within:
            line = f"    {line.strip()}"
        lines.append(line)
    return "\n".join(lines)
