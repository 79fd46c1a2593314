"""The default engine, loaded once for each module that reads with it."""

from collections.abc import Iterator

import pytest
from nhncloud_ocr_emulator._recognizer import Recognizer
from patience import PATIENCE


@pytest.fixture(scope="module")
def tesseract() -> Iterator[Recognizer]:
    """An engine that a busy machine does not make give up."""
    recognizer = Recognizer("tesseract", "merge", PATIENCE)
    recognizer.load()
    yield recognizer
    recognizer.close()
