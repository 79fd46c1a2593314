"""What calls leave in memory: nothing of their images, also of those that are refused."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import httpx
import pytest

LARGE = 1024 * 1024
ROUNDS = 6


@pytest.fixture
def traced() -> Iterator[None]:
    """Memory is traced, and circles stay, as they do when few objects are made."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    gc.enable()


@pytest.mark.parametrize(
    "head",
    [
        b"\x89PNG\r\n\x1a\n",  # Pillow raises, and from that the emulator
        b"no image",
    ],
)
@pytest.mark.usefixtures("traced")
def test_images_that_are_refused_are_let_go(client: httpx.Client, head: bytes) -> None:
    image = head.ljust(LARGE, b"\0")

    def call() -> None:
        answer = client.post("/general", files={"image": ("image.png", image)})
        assert not answer.json()["header"]["isSuccessful"]

    call()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(ROUNDS):
        call()
    after, _ = tracemalloc.get_traced_memory()
    # The last one, and its body, may be on their way out still, and not have been before.
    assert after - before < 4 * LARGE
