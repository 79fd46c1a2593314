"""Keep the public API of the three packages in `docs/api.txt`, and tell what a change of it breaks.

    python scripts/api_snapshot.py            what changed; exit code 1 if anything did
    python scripts/api_snapshot.py --write    write it anew, when the change is meant

One line a fact: the name, then what it is. It is read from the source, so that no extra has to be
installed and every Python gives the same lines.
"""

import sys
from pathlib import Path

from api_changes import Change, changes
from api_facts import facts_of

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "docs/api.txt"
PUBLIC = {
    "nhncloud_ocr": ROOT / "overlay",
    "nhncloud_ocr_toolkit": ROOT / "toolkit",
    "nhncloud_ocr_toolkit.bulk": ROOT / "toolkit",
    "nhncloud_ocr_toolkit.dask": ROOT / "toolkit",
    "nhncloud_ocr_toolkit.otel": ROOT / "toolkit",
    "nhncloud_ocr_toolkit.scale": ROOT / "toolkit",
    "nhncloud_ocr_emulator": ROOT / "emulator",
    "nhncloud_ocr_emulator.pytest_plugin": ROOT / "emulator",
}
HEAD = "# The public API. Written by `python scripts/api_snapshot.py --write`.\n"


def today() -> dict[str, str]:
    """Return the API as it is: each name with what it is."""
    found: dict[str, str] = {}
    for module, folder in PUBLIC.items():
        found |= facts_of(module, folder)
    return dict(sorted(found.items()))


def stored() -> dict[str, str]:
    """Return the API as it was when it was last written."""
    lines = SNAPSHOT.read_text("utf-8").splitlines()[1:]
    return dict(line.split(" | ", 1) for line in lines)


def write() -> None:
    """Write the API of today."""
    lines = (f"{name} | {fact}\n" for name, fact in today().items())
    SNAPSHOT.write_text(HEAD + "".join(lines), "utf-8")


def report(found: list[Change]) -> str:
    """Return the changes, those that break first, and what to do."""
    if not found:
        return "The public API is as in docs/api.txt."
    lines = [f"{change.verdict.value}: {change.text}" for change in sorted(found)]
    lines.append("If it is meant: python scripts/api_snapshot.py --write, and CHANGELOG.md.")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write or compare; return the exit code."""
    if "--write" in arguments:
        write()
        return 0
    found = changes(stored(), today())
    print(report(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
