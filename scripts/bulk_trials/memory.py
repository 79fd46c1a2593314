"""What a long run holds in memory, from its beginning to its end."""

import asyncio
import json
import os
import resource
import tempfile
from pathlib import Path

import httpx
from nhncloud_ocr import AsyncOcrClient
from nhncloud_ocr_toolkit.bulk import Journal, run

from bulk_trials.place import PNG, say


def memory(arguments):
    """Resident memory from a tenth of a long run to its end, without a socket."""
    images = 10 * arguments.images
    reply = json.dumps(
        {
            "header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"},
            "result": {
                "fileType": "png",
                "listOfInferTexts": [{"inferTexts": [{"value": "합계", "conf": 0.9}]}],
                "listOfBoundingBoxes": [{"boundingBoxes": []}],
            },
        }
    ).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=reply))

    async def main(folder):
        path = folder / "image.png"
        marks = []

        def named():
            for number in range(images):
                path = folder / f"{number}.png"
                path.write_bytes(PNG + b"%d" % number)
                yield str(path)

        client = AsyncOcrClient("app", "secret", transport=transport)
        with Journal(folder / "run.db") as journal:
            seen = 0
            async for row in run(client, named(), journal):
                os.unlink(row.ref)  # noqa: PTH108 (a trial on its own)
                seen += 1
                if seen in (images // 10, images):
                    marks.append(resident())
        path.unlink(missing_ok=True)
        return marks

    with tempfile.TemporaryDirectory() as folder:
        early, late = asyncio.run(main(Path(folder)))
    say(f"memory from image {images // 10:,} to {images:,}: {early:.1f} to {late:.1f} MB")
    return late - early < 5


def resident():
    """Return this process's resident memory in MB; where /proc is missing, its peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGESIZE") / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
