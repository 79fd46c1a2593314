"""A run beside what one writes by hand with httpx, in interleaved rounds."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from nhncloud_ocr import AsyncOcrClient
from nhncloud_ocr_toolkit.bulk import Journal
from nhncloud_ocr_toolkit.bulk.engine import Engine
from nhncloud_ocr_toolkit.bulk.entry import once
from nhncloud_ocr_toolkit.bulk.settings import Settings
from nhncloud_ocr_toolkit.bulk.sources import found

from bulk_trials.place import Place, say


def speed(arguments):
    """Images a second against bare asyncio httpx with json.loads and a JSONL file."""
    ratios = asyncio.run(rounds(min(arguments.images, 500), 9))
    wall, cpu = (statistics.median(each) for each in zip(*ratios, strict=True))
    say(f"images/s over bare httpx, 9 rounds: {wall:.2f} by wall, {cpu:.2f} by CPU")
    return wall >= 0.9 and cpu >= 0.9


async def rounds(images, count):
    """Return the ratios of so many interleaved rounds."""
    # The service is a process of its own, whose CPU is not counted.
    serve = [str(Path(sys.executable).with_name("nhncloud-ocr-emulator")), "--engine", "fixture"]
    server = subprocess.Popen(  # noqa: ASYNC220 (before anything runs)
        [*serve, "--no-playground"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    told = dict(server.stdout.readline().strip().split(": ", 1) for _ in range(3))
    ratios = []
    try:
        for _ in range(count):
            with tempfile.TemporaryDirectory() as folder:
                place = Place(Path(folder), images)
                bare = await timed(by_httpx(place, told))
                bulk = await timed(by_bulk(place, told))
                ratios.append((bare[0] / bulk[0], bare[1] / bulk[1]))
    finally:
        server.terminate()
        server.wait()
    return ratios


async def timed(work):
    """Return the seconds of wall and of CPU that it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    await work
    return time.perf_counter() - wall, time.process_time() - cpu


async def by_httpx(place, told):
    """What one writes by hand."""
    url = f"{told['base URL']}/v1.0/appkeys/{told['app key']}/general"
    headers = {"Authorization": told["secret key"]}
    waiting = iter(sorted(place.scans.iterdir()))
    async with httpx.AsyncClient(timeout=75) as client:
        with (place.scans.parent / "out.jsonl").open("w", encoding="utf-8") as out:

            async def work():
                for path in waiting:
                    files = {"image": ("image.png", path.read_bytes(), "image/png")}
                    reply = await client.post(url, files=files, headers=headers)
                    result = json.loads(reply.content)
                    line = json.dumps({"ref": str(path), "result": result}, ensure_ascii=False)
                    out.write(line + "\n")
                    out.flush()

            await asyncio.gather(*(work() for _ in range(32)))


async def by_bulk(place, told):
    """The same by a run with a journal."""
    client = AsyncOcrClient(told["app key"], told["secret key"], base_url=told["base URL"])
    async with client:
        with Journal(place.journal) as journal:
            engine = Engine(once(client), journal, Settings())
            async for _ in engine.settled(found([place.scans])):
                pass
