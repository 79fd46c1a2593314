"""Prove that the contract suite bites: `nox -s drift`."""

from __future__ import annotations

import sys
from pathlib import Path

# In the place of this folder, where `contract.py` would be found as `contract`.
sys.path[0] = str(Path(__file__).parents[1] / "tests")

from contract.drift.command import main

if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main())
