"""Write what `nox -s bench` printed into both READMEs: the figures there are made by this alone.

python scripts/bench.py | python scripts/readme_figures.py
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "<!-- figures: python scripts/bench.py | python scripts/readme_figures.py -->\n"
END = "<!-- end of figures -->\n"
ROWS = {  # the bench's name of a row, and what each language calls it
    "call, loopback: 200 words": ("CPU of a call, 200 words", "호출의 CPU 시간, 단어 200개"),
    "call, loopback: 2000 words": ("CPU of a call, 2,000 words", "호출의 CPU 시간, 단어 2,000개"),
    "import nhncloud_ocr / import httpx": ("CPU of the import", "import의 CPU 시간"),
    "import and client / import httpx and client": (
        "CPU of import and first client",
        "import와 첫 클라이언트의 CPU 시간",
    ),
}
HEADS = {
    "README.md": ("against bare httpx with `json.loads`", "times"),
    "README.ko.md": ("httpx와 `json.loads`만 쓸 때에 견주어", "배"),
}


def table(printed: str, name: str) -> str:
    """Return the figures as a table for one README; LookupError if the bench lacks a row."""
    head, unit = HEADS[name]
    versions = printed.partition(";")[0]
    lines = [f"| {head}, {versions} | {unit} |", "|---|---|"]
    for row, words in ROWS.items():
        found = re.search(rf"^{re.escape(row)} +(\d+\.\d+)", printed, re.MULTILINE)
        if found is None:
            raise LookupError(f"the bench printed no row {row!r}")
        lines.append(f"| {words[list(HEADS).index(name)]} | {found[1]} |")
    return "\n".join(lines) + "\n"


def main(printed: str) -> None:
    """Put the figures between their marks."""
    for name in HEADS:
        path = ROOT / name
        before, _, rest = path.read_text("utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        path.write_text(f"{before}{BEGIN}\n{table(printed, name)}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main(sys.stdin.read())
