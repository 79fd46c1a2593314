"""Hooks of the site: what pages ask for by a mark is put in while the site is built.

`<!-- help: PROGRAM -->` is the manual that PROGRAM prints, and so cannot fall behind it;
`<!-- names: MODULE, TITLE -->` a section with the entry of each of its public names;
`<!-- types -->` what the names of types in signatures stand for; `<!-- decisions -->` a link to
each record of a decision. A folder in the navigation, `how-to/`,
stands for all of its pages.
"""

import ast
import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # mkdocs runs this file from elsewhere
from api_facts import facts_of

DOCS = Path(__file__).resolve().parent.parent / "docs"
_MARK = re.compile(r"<!-- help: (\S+) -->\n")
_NAMES = re.compile(r"<!-- names: (\S+), (.+) -->\n")
_COMMAND = re.compile(r"^    ([a-z-]+(?: [a-z-]+)?)(?:  +\S|$)", re.MULTILINE)
_TYPES = {
    "AsyncImageInput": "_images.py",
    "AsyncSend": "_auth/credentials.py",
    "Bill": "_usage.py",
    "ImageInput": "_images.py",
    "KeySource": "_auth/sources.py",
    "OnNoText": "_options.py",
    "ProxyInput": "_options.py",
    "Send": "_auth/credentials.py",
    "TimeoutInput": "_options.py",
    "VerifyInput": "_options.py",
}
_HOMES = {
    "nhncloud-ocr": "nhncloud_ocr_toolkit.cli",
    "nhncloud-ocr-emulator": "nhncloud_ocr_emulator._cli",
}


def on_config(config: Any) -> Any:
    """Put pages in the navigation's folders, the index first."""
    config["nav"] = [with_pages(entry) for entry in config["nav"]]
    return config


setattr(on_config, "mkdocs_priority", 100)  # noqa: B010  # before the languages get navigations of their own


def with_pages(entry: Any) -> Any:
    """Return an entry of the navigation with pages where it names a folder."""
    if not isinstance(entry, dict):
        return entry
    ((title, pages),) = entry.items()
    if isinstance(pages, str) and pages.endswith("/"):
        found = {path.name for path in (DOCS / "en" / pages).glob("*.md")} - {"index.md"}
        pages = [pages + name for name in ("index.md", *sorted(found))]
    return {title: pages}


def on_page_markdown(markdown: str, **_: object) -> str:
    """Put in what a page asks for."""
    markdown += "\n"  # mkdocs takes the last one away, and a mark may stand in the last line
    markdown = markdown.replace("<!-- decisions -->\n", decisions())
    markdown = markdown.replace("<!-- types -->\n", types())
    markdown = _NAMES.sub(lambda mark: entries(mark[1], mark[2]), markdown)
    return _MARK.sub(lambda mark: manual(mark[1]), markdown)


def entries(module: str, title: str) -> str:
    """Return a section about a module of the toolkit, for mkdocstrings; "" if there is none."""
    facts = facts_of(module, DOCS.parent / "toolkit")
    names = [name for name in facts if re.fullmatch(rf"{re.escape(module)}\.\w+", name)]
    section = "".join(f"::: {name}\n\n" for name in names)
    return f"## {title}: `{module}`\n\n{section}" if names else ""


def types() -> str:
    """Return a table of what signatures name and do not explain, in Markdown."""
    rows = []
    for name, home in sorted(_TYPES.items()):
        tree = ast.parse((DOCS.parent / "overlay/nhncloud_ocr" / home).read_text("utf-8"))
        (value,) = (
            node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and node.value
        )
        shown = html.escape(ast.unparse(value)).replace("|", "&#124;")  # a bar ends a cell
        rows.append(f"| `{name}` | <code>{shown}</code> |\n")
    return "| | |\n|---|---|\n" + "".join(rows)


def decisions() -> str:
    """Return the list of decisions, by title, in Markdown."""
    records = [path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md"]
    titles = {path.read_text("utf-8").partition("\n")[0].lstrip("# "): path for path in records}
    return "".join(f"- [{title}]({titles[title].name})\n" for title in sorted(titles))


def manual(program: str) -> str:
    """Return the help of a program and of each of its commands, in Markdown."""
    whole = help_of(program)
    parts = [f"```text\n{whole}```\n"]
    for name in commands_in(whole):
        words = name.split()
        shown = help_of(program, *words)
        parts.append(f"## {program} {name} {{ #{'-'.join(words)} }}\n\n```text\n{shown}```\n")
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
