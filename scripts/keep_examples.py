"""Keep the README's programs of a release, so that later versions are tried with them.

    python scripts/keep_examples.py 1.2.3

They go into `tests/data/published/` and are never edited; `tests/e2e/test_published.py` runs them
against the code of the day.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("tests/data/published")
_PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def kept(version: str, root: Path = ROOT) -> list[Path]:
    """Return the programs that are kept of a release."""
    return sorted((root / FOLDER).glob(f"v{version.replace('.', '_')}_*.py"))


def keep(version: str, root: Path = ROOT) -> list[Path]:
    """Write the programs of today as those of a release; return their files.

    Raises:
        FileExistsError: if programs of that release are there already.
    """
    if kept(version, root):
        raise FileExistsError(f"{FOLDER} has programs of {version}, and they are never edited")
    found = _PROGRAM.findall((root / "README.md").read_text("utf-8"))
    for number, program in enumerate((each for each in found if "import" in each), 1):
        name = f"v{version.replace('.', '_')}_readme_{number}.py"
        (root / FOLDER / name).write_text(program, "utf-8")
    return kept(version, root)


if __name__ == "__main__":
    for path in keep(sys.argv[1]):
        print(path.relative_to(ROOT))
