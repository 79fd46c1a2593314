"""How long a test waits for what must come, before it says that it never did."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from nhncloud_ocr_emulator._settings import Settings

PATIENCE = 300.0  # seconds: a machine that is busy with other things is no failure


def until(holds: Callable[[], object]) -> None:
    """Wait for what nobody tells of when it comes."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.001)


def a_slow_machine_is_no_slow_service() -> AbstractContextManager[Any]:
    """Let emulators read on after the 60 s at which they give up, as the service does."""
    defaults: Any = Settings.__init__
    return patch.dict(defaults.__kwdefaults__, read_seconds=PATIENCE)
