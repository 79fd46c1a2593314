"""NHN Cloud General OCR on your own machine, with a real OCR engine behind it."""

from __future__ import annotations

from nhncloud_ocr_emulator._app import App, create_app
from nhncloud_ocr_emulator._emulator import Emulator
from nhncloud_ocr_emulator._faults import Fault, Faults
from nhncloud_ocr_emulator._journal import Call, Journal
from nhncloud_ocr_emulator.engines.embedded import embed_text

__all__ = ["App", "Call", "Emulator", "Fault", "Faults", "Journal", "create_app", "embed_text"]
