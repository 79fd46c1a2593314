"""What the tests of the emulator's HTTP side share."""

from __future__ import annotations

import io
from collections.abc import Iterator

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator, embed_text
from patience import PATIENCE
from PIL import Image

LINES = [["stella", "artois"], ["belgium"]]


@pytest.fixture(scope="session")
def image() -> bytes:
    """A small PNG whose text the engine `fixture` knows: `LINES`."""
    file = io.BytesIO()
    Image.new("RGB", (120, 80), "white").save(file, "PNG")
    return embed_text(file.getvalue(), LINES)


@pytest.fixture(params=["in process", "http"])
def client(request: pytest.FixtureRequest, ocr_emulator: Emulator) -> Iterator[httpx.Client]:
    """A client with the right credentials, on both ways into the emulator."""
    in_process = request.param == "in process"
    with httpx.Client(
        base_url=f"http://emulator/v1.0/appkeys/{ocr_emulator.app_key}"
        if in_process
        else f"{ocr_emulator.base_url}/v1.0/appkeys/{ocr_emulator.app_key}",
        headers={"Authorization": ocr_emulator.secret_key},
        transport=ocr_emulator.transport if in_process else None,
        timeout=PATIENCE,
        verify=False,  # nothing is encrypted here, and reading authorities takes its time
    ) as client:
        yield client


@pytest.fixture
def api(ocr_emulator: Emulator) -> Iterator[httpx.Client]:
    """The same, in process alone."""
    with httpx.Client(
        base_url=f"http://emulator/v1.0/appkeys/{ocr_emulator.app_key}",
        headers={"Authorization": ocr_emulator.secret_key},
        transport=ocr_emulator.transport,
    ) as client:
        yield client


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
