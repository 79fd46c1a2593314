"""What the command `nhncloud-ocr-emulator` imports first: next to nothing."""

from __future__ import annotations

import signal

__all__ = ["main"]


def main() -> int:
    """Run the command; returns its exit code. Ctrl-C among its imports ends it without a word."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from ._cli import main  # imports all the rest, and listens itself from then on

    return main()
