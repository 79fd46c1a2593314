"""Prove that the contract suite bites: `nox -s drift`; `-- --compare`: who else notices what."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

# pyright: reportMissingImports=false

# In the place of this folder, where `contract.py` would be found as `contract`.
sys.path[0] = str(Path(__file__).parents[1] / "tests")

from contract.drift import command, compare  # noqa: E402
from contract.drivers.emulated import ENGINES, EngineUnavailableError  # noqa: E402

if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="drift", description=__doc__)
    parser.add_argument(
        "--engine", choices=ENGINES, default="fixture", help="of the server's emulator (fixture)"
    )
    parser.add_argument(
        "--compare", action="store_true", help="what schemathesis and Prism notice (needs npx)"
    )
    parser.add_argument(
        "--write", action="store_true", help="with --compare: put the table into the suite's README"
    )
    parser.add_argument("--each", type=int, default=12, help="how many drifts of each kind (12)")
    options = parser.parse_args()
    if options.compare and options.engine != "fixture":
        parser.error("--compare is about what tools notice, and takes no --engine")
    try:
        if options.compare:
            sys.exit(compare.main(each=options.each, write=options.write))
        sys.exit(command.main(options.engine))
    except EngineUnavailableError as error:
        parser.error(str(error))
