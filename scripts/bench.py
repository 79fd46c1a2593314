"""Measure the client as ratios to bare httpx, in one interleaved run: `nox -s bench`.

    call     CPU time of a whole call with its words touched, over that of httpx posting the same
             image, `json.loads`, and touching the same words: to a server on loopback, in a process
             of its own; and, for information, in process, to a MockTransport, where no work of the
             network hides the client's
    field    the same of a reply whose words have one field more, over that of one without it
    async    time and CPU time of the async client with 32 calls in flight, over those of bare
             asyncio httpx doing the same: images per second are its reciprocal
    import   CPU time of `import nhncloud_ocr` over `import httpx`, and of import plus client, in
             fresh processes
    memory   peak of a call, traced, over the size of the reply's body
    toolkit  milliseconds of CPU for each export of 2,000 words, for merging slices, for its import

CPU times are of the client's process alone. Calls: the median, taken in turn; imports: the least.
`--install` also installs the core without bytecode, and counts what came (needs a registry). Exit
code 1 only with `--strict`, when a limit is passed.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import bench_async
import bench_fields
import bench_server
import bench_toolkit
import httpx
from bench_server import REPLIES
from nhncloud_ocr import OcrClient

ROOT = Path(__file__).resolve().parent.parent
KEYS: dict[str, Any] = {  # any: they are handed on beside other options
    "app_key": "an-app-key-of-16",
    "secret_key": "a-secret-key-of-32-characters-....",
}
IMAGE = b"\x89PNG\r\n\x1a\n" + random.Random(0).randbytes(64 * 1024)
CALL_LIMIT = 1.0
REPEATED_LIMIT = 2.0  # json.loads loses all lists but the last, and so does less


class Row(NamedTuple):
    """One line of the report. `limit` is None for what is told for information."""

    name: str
    value: float
    limit: float | None
    unit: str = ""

    def __str__(self) -> str:
        limit = "" if self.limit is None else f"<= {self.limit:g}{self.unit}"
        over = "OVER" if self.over else ""
        return f"{self.name:<54} {self.value:>7.2f}{self.unit:<3} {limit:<9} {over}".rstrip()

    @property
    def over(self) -> bool:
        return self.limit is not None and self.value > self.limit


def bare(http: httpx.Client, base_url: str) -> Callable[[], None]:
    """One call as somebody without this package writes it."""
    url = f"{base_url}/v1.0/appkeys/{KEYS['app_key']}/general"
    headers = {"Authorization": KEYS["secret_key"]}

    def call() -> None:
        response = http.post(
            url, files={"image": ("image.png", IMAGE, "image/png")}, headers=headers
        )
        result = json.loads(response.content)["result"]
        for texts, boxes in zip(
            result["listOfInferTexts"], result["listOfBoundingBoxes"], strict=True
        ):
            for word, box in zip(texts["inferTexts"], boxes["boundingBoxes"], strict=True):
                _ = (word["value"], word["conf"], box["x1"])

    return call


def ours(ocr: OcrClient) -> Callable[[], None]:
    def call() -> None:
        for line in ocr.recognize(IMAGE).lines:
            for word in line.words:
                _ = (word.text, word.confidence, word.box.x1)  # type: ignore[union-attr]

    return call


def cost(mine: Callable[[], None], theirs: Callable[[], None], seconds: float) -> float:
    """The ratio of the median CPU times of one call, the calls taken in turn for so many seconds of
    CPU.
    """
    mine()
    theirs()
    times: tuple[list[float], list[float]] = ([], [])
    while sum(map(sum, times)) < seconds:
        for taken, call in zip(times, (mine, theirs), strict=True):
            began = time.process_time()
            call()
            taken.append(time.process_time() - began)
    return median(times[0]) / median(times[1])


def call_rows(seconds: float) -> Iterator[Row]:
    in_process = httpx.MockTransport(bench_server.answer)
    with bench_server.running() as loopback:
        for place, root, transport in (
            ("loopback", loopback, None),
            ("in process", "http://localhost", in_process),
        ):
            for name in REPLIES:
                words, _, repeated = name.partition("-")
                with (
                    httpx.Client(transport=transport) as http,
                    OcrClient(**KEYS, base_url=f"{root}/{name}", transport=transport) as ocr,
                ):
                    # json.loads keeps only the last group of a repeated key, so bare httpx always
                    # reads the plain form
                    ratio = cost(ours(ocr), bare(http, f"{root}/{words}"), seconds)
                form = "repeated keys" if repeated else "words"
                limit = REPEATED_LIMIT if repeated else CALL_LIMIT
                yield Row(
                    f"call, {place}: {words} {form}", ratio, limit if transport is None else None
                )


def field_rows(seconds: float) -> Iterator[Row]:
    yield from (Row(*each) for each in bench_fields.field_rows(cost, ours, seconds))


def async_rows(seconds: float) -> Iterator[Row]:
    yield from (Row(*each) for each in bench_async.async_rows(KEYS, IMAGE, seconds))


CLIENT = f"nhncloud_ocr.OcrClient(**{KEYS!r})"
IMPORTS = {
    "import nhncloud_ocr": ("import nhncloud_ocr", "import httpx", 1.0),
    "import and client": (f"import nhncloud_ocr; {CLIENT}", "import httpx; httpx.Client()", 1.25),
}


def import_rows(rounds: int) -> Iterator[Row]:
    for name, (mine, theirs, limit) in IMPORTS.items():
        best = {mine: float("inf"), theirs: float("inf")}
        for number in range(rounds + 1):
            for code in best:
                timed = (
                    f"import time; t = time.process_time(); {code}; print(time.process_time() - t)"
                )
                done = subprocess.run(
                    [sys.executable, "-c", timed], capture_output=True, text=True, check=True
                )
                if number:  # the first only writes the bytecode
                    best[code] = min(best[code], float(done.stdout))
        yield Row(
            f"{name} / {theirs.replace('; httpx.Client()', ' and client')}",
            best[mine] / best[theirs],
            limit,
        )


def memory_rows() -> Iterator[Row]:
    for name in list(REPLIES)[-2:]:
        transport = httpx.MockTransport(bench_server.answer)
        with OcrClient(**KEYS, base_url=f"http://localhost/{name}", transport=transport) as ocr:
            ocr.recognize(IMAGE)
            gc.collect()
            tracemalloc.start()
            before = tracemalloc.get_traced_memory()[0]
            ours(ocr)()
            peak = tracemalloc.get_traced_memory()[1] - before
            tracemalloc.stop()
        words, _, repeated = name.partition("-")
        form = "repeated keys" if repeated else "words"
        yield Row(f"peak memory / body: {words} {form}", peak / len(REPLIES[name]), 10)


def toolkit_rows(rounds: int) -> Iterator[Row]:
    for measured in (bench_toolkit.export_rows, bench_toolkit.import_rows):
        yield from (Row(*each) for each in measured(rounds))


def install_rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        pip = (
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-compile",
            "--disable-pip-version-check",
        )
        subprocess.run(
            [*pip, "--constraint", ROOT / "constraints.txt", "--target", folder, ROOT], check=True
        )
        files = [
            path for path in Path(folder).rglob("*") if path.is_file() and path.suffix != ".pyc"
        ]
        distributions = list(Path(folder).glob("*.dist-info"))
        yield Row("core install: distributions", len(distributions), 10)
        yield Row(
            "core install: size without bytecode",
            sum(path.stat().st_size for path in files) / 1e6,
            4,
            " MB",
        )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The client's cost, as ratios to bare httpx.")
    parser.add_argument(
        "--seconds", type=float, default=3.0, help="CPU time for each row of calls (3)"
    )
    parser.add_argument("--rounds", type=int, default=15, help="processes for each import (15)")
    parser.add_argument(
        "--install", action="store_true", help="also install the core into a temporary folder"
    )
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a limit is passed")
    options = parser.parse_args(arguments)
    print(f"Python {platform.python_version()}, httpx {httpx.__version__}; ratios to bare httpx:")
    over = False
    parts = [
        call_rows(options.seconds),
        field_rows(options.seconds),
        async_rows(2 * options.seconds),
        import_rows(options.rounds),
        memory_rows(),
        toolkit_rows(options.rounds),
    ]
    for part in [*parts, *([install_rows()] if options.install else [])]:
        for row in part:
            over |= row.over
            print(row, flush=True)
    return 1 if over and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
