"""The whole path: SDK, a real socket on 127.0.0.1, the emulator."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from nhncloud_ocr import OcrClient
from nhncloud_ocr_emulator import Emulator

IMAGES = Path(__file__).resolve().parent.parent / "data" / "images"

needs_tesserocr = pytest.mark.skipif(
    importlib.util.find_spec("tesserocr") is None, reason="tesserocr has no wheel for this platform"
)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with Emulator(engine="fixture", allow_private_urls=True) as running:
        yield running


@pytest.fixture
def credentials(emulator):
    """What a client is told to reach the emulator, as keyword arguments."""
    return {
        "app_key": emulator.app_key,
        "secret_key": emulator.secret_key,
        "base_url": emulator.base_url,
    }


@pytest.fixture
def ocr(credentials) -> Iterator[OcrClient]:
    with OcrClient(**credentials) as client:
        yield client


@pytest.fixture
def anyio_backend():
    return "asyncio"
