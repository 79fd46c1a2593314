"""What an emulator says on the terminal while a test listens."""

from __future__ import annotations

import logging
from threading import current_thread

import pytest


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Its own words, and the warnings of what it is made of, such as uvicorn and asyncio.

    Only of its threads and the caller's: what another test has left behind may speak meanwhile.
    """
    return [
        record.getMessage()
        for record in caplog.records
        if _is_of_ours(record.threadName or "")
        and (record.name.startswith("nhncloud_ocr_emulator") or record.levelno >= logging.WARNING)
    ]


def _is_of_ours(thread: str) -> bool:
    return thread.startswith("nhncloud-ocr-emulator") or thread == current_thread().name
