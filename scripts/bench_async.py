"""The async client with many calls in flight, over bare asyncio httpx doing the same."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from statistics import median

import bench_server
import httpx
from nhncloud_ocr import AsyncOcrClient

IN_FLIGHT = 32
_CALLS = 8 * IN_FLIGHT  # a round
_WORDS = "200"


async def _round(call: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Return the seconds and the CPU seconds that the calls of a round took."""
    left = iter(range(_CALLS))

    async def work() -> None:
        for _ in left:
            await call()

    gc.collect()
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    return time.perf_counter() - began, time.process_time() - cpu


async def _rounds(
    root: str,
    keys: dict[str, str],
    image: bytes,
    seconds: float,
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    base_url = f"{root}/{_WORDS}"
    url = f"{base_url}/v1.0/appkeys/{keys['app_key']}/general"
    headers = {"Authorization": keys["secret_key"]}
    async with (
        httpx.AsyncClient() as http,
        AsyncOcrClient(**keys, base_url=base_url) as ocr,  # type: ignore[arg-type]
    ):

        async def bare() -> None:
            files = {"image": ("image.png", image, "image/png")}
            response = await http.post(url, files=files, headers=headers)
            result = json.loads(response.content)["result"]
            for texts, boxes in zip(
                result["listOfInferTexts"], result["listOfBoundingBoxes"], strict=True
            ):
                for word, box in zip(texts["inferTexts"], boxes["boundingBoxes"], strict=True):
                    _ = (word["value"], word["conf"], box["x1"])

        async def ours() -> None:
            for line in (await ocr.recognize(image)).lines:
                for word in line.words:
                    _ = (word.text, word.confidence, word.box.x1)  # type: ignore[union-attr]

        await _round(bare)
        await _round(ours)
        mine: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        while sum(cpu for _, cpu in mine + theirs) < seconds:
            mine.append(await _round(ours))
            theirs.append(await _round(bare))
        return mine, theirs


def async_rows(
    keys: dict[str, str],
    image: bytes,
    seconds: float,
) -> Iterator[tuple[str, float, float]]:
    """Yield name, value and limit: the time for as many images, and the CPU time, both as ratios.

    The limit of the time is that of images per second: at least as many.
    """
    with bench_server.running() as root:
        mine, theirs = asyncio.run(_rounds(root, keys, image, seconds))
    for at, name in enumerate(("time", "CPU")):
        ratio = median(each[at] for each in mine) / median(each[at] for each in theirs)
        yield f"async, {IN_FLIGHT} in flight: {name}", ratio, 1.0
