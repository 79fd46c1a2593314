"""The default engine, loaded once for each module that reads with it."""

from collections.abc import Iterator

import pytest
from nhncloud_ocr_emulator._recognizer import Recognizer
from patience import PATIENCE


@pytest.fixture(scope="module")
def tesseract() -> Iterator[Recognizer]:
    """An engine that a busy machine does not make give up."""
    recognizer = Recognizer("tesseract", "merge")
    recognizer.load()
    engines = "nhncloud_ocr_emulator.engines"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{engines}.tesseract.TIME_LIMIT", PATIENCE)
        patch.setattr(f"{engines}._tesserocr._TIME_LIMIT", round(1000 * PATIENCE))  # milliseconds
        yield recognizer
    recognizer.close()
