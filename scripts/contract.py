"""Hold a server against the description: `nox -s contract`, with `-- --help` for the options."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# pyright: reportMissingImports=false

# In the place of this folder, where this very file would be found as `contract`.
sys.path[0] = str(Path(__file__).parents[1] / "tests")

from contract.command import main  # noqa: E402

if __name__ == "__main__":
    # Korean in a finding must not end the run on a console that cannot show it.
    sys.stdout.reconfigure(errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:], os.environ))
