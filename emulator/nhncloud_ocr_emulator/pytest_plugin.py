"""The pytest plugin: a fresh emulator for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from . import Emulator

__all__ = ["ocr_emulator"]


@pytest.fixture
def ocr_emulator() -> Iterator[Emulator]:
    """An emulator with the engine `fixture`, its own keys, faults and journal.

    `OcrClient(app_key=ocr_emulator.app_key, secret_key=ocr_emulator.secret_key,
    transport=ocr_emulator.transport)` needs no socket. A test that wants one reads
    `ocr_emulator.base_url`, which opens a free port of 127.0.0.1. Image URLs may lead to
    loopback, so that a test can serve its own images.
    """
    # Imported here: pytest loads plugins in every run, also where no test uses the emulator.
    from . import Emulator

    with Emulator(engine="fixture", allow_private_urls=True, playground=False) as emulator:
        yield emulator
