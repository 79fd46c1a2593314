"""Make lists of what a docstring says of each name, `name: what it is`; others show it as prose."""

import re

_ABOUT = re.compile(r"^([a-z_][a-z0-9_]*(?:, [a-z_][a-z0-9_]*)*): (?=\S)")


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
