"""Print the emulator's figures: its texts, its speed, what HTTP costs, its memory.

    python scripts/emulator_report.py [--skip-accuracy] [MANIFEST...]

Traffic goes to loopback only and ends by itself, after half an hour. Each comparison is
interleaved: one run of this, one of that, and the median of the ratios of such pairs, because the
machine is never quite the same. The exit code is 1 when a figure misses what is promised.
"""

from __future__ import annotations

import argparse
import io
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import accuracy
import emulator_processes
import httpx
import loopback_load
from figures import line, seconds
from loopback_servers import bare, serve
from nhncloud_ocr_emulator import Emulator, embed_text
from PIL import Image
from process_usage import resident

IMAGES = Path(__file__).resolve().parent.parent / "tests/data/images/ours"
ENGINES = ("tesseract", "photo")


def picture() -> bytes:
    """A small PNG that `fixture` reads two lines from."""
    file = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(file, "PNG")
    return embed_text(file.getvalue(), [["stella", "artois"], ["belgium"]])


def ready(rounds: int = 9) -> bool:
    """From nothing to the first answer, with `fixture`."""

    def start() -> None:
        with Emulator(engine="fixture") as emulator:
            port = int(emulator.base_url.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port)) as peer:
                peer.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                peer.recv(1)

    took = median(seconds(start) for _ in range(rounds))
    return line(
        "fixture: start, first answer and end", f"{took * 1000:.0f} ms", "under 200 ms", took < 0.2
    )


def throughput(pairs: int = 6, rounds: int = 4) -> Iterator[bool]:
    """Calls a second with `fixture`, against a bare Starlette route that does the same.

    That gives the same answer, after it read the upload or downloaded the image. Each pair of
    servers is begun anew: as long as they live one pair can keep to 0.6 and the next to 1.1.
    """
    rates: dict[str, list[tuple[float, float]]] = {"upload": [], "JSON": []}
    for _ in range(pairs):
        for name, both in _rates(rounds):
            rates[name].append(both)
    for name, measured in rates.items():
        ours, theirs = (median(each) for each in zip(*measured, strict=True))
        ratio = median(one / other for one, other in measured)
        what = f"fixture, {name}: {ours:.0f} calls/s, bare Starlette {theirs:.0f}"
        yield line(what, f"{ratio:.2f}", "at least 0.8", ratio >= 0.8)


def _rates(
    rounds: int, calls: int = 500, clients: int = 4
) -> Iterator[tuple[str, tuple[float, float]]]:
    """For each kind of call, again and again, its calls a second with `fixture` and without."""
    with (
        serve("fixture", "--allow-private-urls") as emulator,
        bare(hosted=picture()) as host,
    ):
        url = {"imageUrl": f"http://127.0.0.1:{host}/image.png"}
        requests = {
            "upload": emulator.upload(picture()),
            "JSON": emulator.json(json.dumps(url).encode()),
        }
        answers = {
            name: json.loads(loopback_load.run(emulator.port, sent, calls=1).body)
            for name, sent in requests.items()
        }
        assert all(answer["header"]["isSuccessful"] for answer in answers.values()), answers
        with bare(answers) as port:
            for name, sent in requests.items():
                for number in range(rounds + 1):
                    order = (emulator.port, port)[:: (-1) ** number]
                    rates = {
                        at: loopback_load.run(at, sent, calls=calls, clients=clients).rate
                        for at in order
                    }
                    if number:  # the first round warms up
                        yield name, (rates[emulator.port], rates[port])


def memory() -> Iterator[bool]:
    """Growth of the resident memory from call 2,000 to 10,000."""
    with serve("fixture") as emulator:
        sent = emulator.upload(picture())
        loopback_load.run(emulator.port, sent, calls=2000, clients=4)
        before = resident(emulator.process.pid)
        loopback_load.run(emulator.port, sent, calls=8000, clients=4)
        after = resident(emulator.process.pid)
    if before is None or after is None:
        print("resident memory: not told by this system")
        return
    grown = (after - before) / 1e6
    yield line(
        "resident memory, fixture call 2,000 to 10,000", f"{grown:+.2f} MB", "under 5 MB", grown < 5
    )


def peak() -> Iterator[bool]:
    """The most memory that each process held, together, after malformed and 24 large uploads."""
    receipt = (IMAGES / "s08_mixed_receipt.png").read_bytes()
    with (
        serve("tesseract") as emulator,
        httpx.Client(timeout=300) as client,
        ThreadPoolExecutor(24) as pool,
    ):

        def upload(image: bytes) -> None:
            headers = {"Authorization": emulator.secret_key}
            client.post(
                emulator.base_url + emulator.path,
                files={"image": ("i.png", image)},
                headers=headers,
            )

        for path in sorted((IMAGES.parent / "malformed").iterdir()):
            upload(path.read_bytes())
        list(pool.map(upload, [receipt.ljust(20 * 1024 * 1024, b"\0")] * 24))
        held = resident(emulator.process.pid, "VmHWM")
    if held is not None:
        yield line(
            "peak memory, malformed images and 24 x 20 MiB at once",
            f"{held / 1e6:.0f} MB",
            "under 1 GB",
            held < 1e9,
        )


def main() -> int:
    """Print all figures; 1 when one of them misses its promise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "manifest", nargs="*", type=Path, default=accuracy.MANIFESTS, help="images with their texts"
    )
    parser.add_argument(
        "--skip-accuracy", action="store_true", help="leave out the texts of all images"
    )
    options = parser.parse_args()
    kept = [ready(), *throughput(), *memory(), *peak(), *emulator_processes.all_of("tesseract")]
    for engine in () if options.skip_accuracy else ENGINES:
        if engine == "photo" and not find_spec("rapidocr"):
            print("\nphoto: not installed here")
            continue
        print(f"\n{engine}:")
        if engine == "photo":
            kept += emulator_processes.meanwhile(engine)
        chosen = ["--engine", engine, *map(str, options.manifest)]
        if engine == "photo":  # of the rest nothing is promised, and it would take half an hour
            chosen += [argument for kind in accuracy.BY_HAND for argument in ("--kind", kind)]
        kept.append(accuracy.main(chosen) == 0)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
