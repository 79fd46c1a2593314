"""Hooks of the site: what pages ask for by a mark is put in while the site is built.

`<!-- help: PROGRAM -->` is the manual that PROGRAM prints, and so cannot fall behind it;
`<!-- decisions -->` a link to each record of a decision.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

DECISIONS = Path(__file__).resolve().parent.parent / "docs/decisions"
_MARK = re.compile(r"<!-- help: (\S+) -->\n")
_COMMAND = re.compile(r"^    ([a-z-]+)(?: +\S|$)", re.MULTILINE)
_HOMES = {
    "nhncloud-ocr": "nhncloud_ocr_toolkit.cli",
    "nhncloud-ocr-emulator": "nhncloud_ocr_emulator._cli",
}


def on_page_markdown(markdown: str, **_: object) -> str:
    """Put in what a page asks for."""
    markdown = markdown.replace("<!-- decisions -->\n", decisions())
    return _MARK.sub(lambda mark: manual(mark[1]), markdown)


def decisions() -> str:
    """Return the list of decisions, by title, in Markdown."""
    records = [path for path in DECISIONS.glob("*.md") if path.name != "README.md"]
    titles = {path.read_text("utf-8").partition("\n")[0].lstrip("# "): path for path in records}
    return "".join(f"- [{title}]({titles[title].name})\n" for title in sorted(titles))


def manual(program: str) -> str:
    """Return the help of a program and of each of its commands, in Markdown."""
    whole = help_of(program)
    parts = [f"```text\n{whole}```\n"]
    for name in commands_in(whole):
        parts.append(f"## {program} {name} {{ #{name} }}\n\n```text\n{help_of(program, name)}```\n")
    return "\n".join(parts)


def commands_in(text: str) -> list[str]:
    """Return the names of the commands that a help lists, in its order."""
    _, _, listed = text.partition("  COMMAND\n")
    return _COMMAND.findall(listed.partition("\n\n")[0])


def help_of(*command: str) -> str:
    """Return what a program prints for `--help`, 100 columns wide; raises if it fails."""
    program, *names = command
    code = f"import sys; from {_HOMES[program]} import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, *names, "--help"],
        env={**os.environ, "COLUMNS": "100", "PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout
