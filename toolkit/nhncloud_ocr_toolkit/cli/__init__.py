"""The command `nhncloud-ocr`: options and exit codes around the rest of the toolkit.

Exit codes: 0 all done, 1 some failed, 2 bad usage or refused keys, 3 some may have been billed
without a reply, 4 a cap was reached (3 and 4: `bulk`), 130 interrupted. Keys come from
the environment or from files, never as arguments, which every process on the machine can read.
"""

from __future__ import annotations

from collections.abc import Sequence

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (by default the process's); return the exit code."""
    try:
        # Here, so that Ctrl-C while these load ends in no traceback.
        from .command import run

        return run(argv)
    except KeyboardInterrupt:
        return INTERRUPTED
