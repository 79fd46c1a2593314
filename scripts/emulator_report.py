"""Print the emulator's figures: its texts, its speed, what HTTP costs, its memory.

    python scripts/emulator_report.py [--skip-accuracy] [MANIFEST...]

Traffic goes to loopback only and ends by itself, in some minutes. Each comparison is
interleaved: one run of this, one of that, and the median of the ratios of such pairs, because the
machine is never quite the same. The exit code is 1 when a figure misses what is promised.
"""

from __future__ import annotations

import argparse
import io
import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import accuracy
import httpx
import loopback_load
from loopback_servers import Served, bare, serve
from nhncloud_ocr_emulator import Emulator, embed_text
from nhncloud_ocr_emulator._recognizer import Recognizer
from PIL import Image
from process_memory import resident

IMAGES = Path(__file__).resolve().parent.parent / "tests/data/images/ours"
SAME_TEXT = (
    "s04_en_doc_serif28.png",
    "s06_mixed_order.png",
    "s08_mixed_receipt.png",
    "s15_mixed_gray.png",
)
ENGINES = ("tesseract", "photo")


def picture() -> bytes:
    """A small PNG that `fixture` reads two lines from."""
    file = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(file, "PNG")
    return embed_text(file.getvalue(), [["stella", "artois"], ["belgium"]])


def line(what: str, figure: str, promise: str, kept: bool) -> bool:
    """Print one figure beside its promise."""
    print(f"{what:58} {figure:>12}   {promise:16} {'' if kept else 'MISSED'}".rstrip(), flush=True)
    return kept


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


def throughput(rounds: int = 12, calls: int = 500, clients: int = 4) -> Iterator[bool]:
    """Calls a second with `fixture`, against a bare Starlette route that does the same.

    That gives the same answer, after it read the upload or downloaded the image.
    """
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
                ratios, ours, theirs = [], [], []
                for number in range(rounds + 1):
                    order = (emulator.port, port)[:: (-1) ** number]
                    rates = {
                        at: loopback_load.run(at, sent, calls=calls, clients=clients).rate
                        for at in order
                    }
                    if number:  # the first round warms up
                        ratios.append(rates[emulator.port] / rates[port])
                        ours.append(rates[emulator.port])
                        theirs.append(rates[port])
                per_second = f"{median(ours):.0f} calls/s, bare Starlette {median(theirs):.0f}"
                what = f"fixture, {name}: {per_second}"
                yield line(what, f"{median(ratios):.2f}", "at least 0.8", median(ratios) >= 0.8)


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


def words_of(body: str) -> list[list[str]]:
    """The words of a reply, by line."""
    lines = json.loads(body)["result"]["listOfInferTexts"]
    return [[word["value"] for word in line["inferTexts"]] for line in lines]


def against_the_engine(engine: str = "tesseract") -> Iterator[bool]:
    """The same text through HTTP as from the engine, and what HTTP adds to its time."""
    recognizer = Recognizer(engine=engine)
    recognizer.load()
    with serve(engine) as emulator:
        differing = []
        for name in SAME_TEXT:
            data = (IMAGES / name).read_bytes()
            lines = recognizer.recognize(data, cropping=False).lines
            if words_of(loopback_load.run(emulator.port, emulator.upload(data), calls=1).body) != [
                [word.text for word in line] for line in lines
            ]:
                differing.append(name)
        same = "differs" if differing else "the same"
        yield line(
            f"text through HTTP and from {engine}, {len(SAME_TEXT)} images",
            same,
            "the same",
            not differing,
        )
        yield http_cost(emulator, recognizer)
        yield one_client(emulator, recognizer)
    recognizer.close()
    yield from four_clients(engine)


def http_cost(emulator: Served, recognizer: Recognizer, rounds: int = 25) -> bool:
    """What HTTP and the process add to the engine's time for an image of 1 MB.

    Eight pairs alone scatter from -1 to +10 %.
    """
    data = large()
    with httpx.Client(timeout=120, headers={"Authorization": emulator.secret_key}) as client:
        url = emulator.base_url + emulator.path

        def through_http() -> None:
            client.post(url, files={"image": ("image.png", data)}).raise_for_status()

        def directly() -> None:
            recognizer.recognize(data, cropping=False)

        pairs = [(seconds(through_http), seconds(directly)) for _ in range(rounds)]
    cost = 100 * (median(a / b for a, b in pairs[1:]) - 1)
    what = f"HTTP and process over {median(b for _, b in pairs):.2f} s, {len(data) / 1e6:.2f} MB"
    return line(what, f"{cost:+.1f} %", "under 5 %", cost < 5)


def one_client(emulator: Served, recognizer: Recognizer, rounds: int = 9) -> bool:
    """One client's images, one after the other, against the engine alone reading the same."""
    data = [(IMAGES / name).read_bytes() for name in SAME_TEXT]
    url = emulator.base_url + emulator.path
    ratios = []
    with httpx.Client(timeout=120, headers={"Authorization": emulator.secret_key}) as client:

        def through() -> None:
            for image in data:
                client.post(url, files={"image": ("image.png", image)}).raise_for_status()

        def directly() -> None:
            for image in data:
                recognizer.recognize(image, cropping=False)

        for number in range(rounds + 1):
            ratio = seconds(through) / seconds(directly)
            if number:  # the first round warms up
                ratios.append(ratio)
    what, ratio = "1 client: time over the engine's alone", median(ratios)
    return line(what, f"{ratio:.2f}", "at most 1.05", ratio <= 1.05)


def four_clients(engine: str, rounds: int = 3, clients: int = 4) -> Iterator[bool]:
    """Images a second of four clients with two workers, over those with one: before and after."""
    data = (IMAGES / SAME_TEXT[0]).read_bytes()
    lost = 0
    before, after = [], []
    with serve(engine, "--workers", "1") as single, serve(engine, "--workers", "2") as double:
        for number in range(rounds + 1):
            for served, rates in ((single, before), (double, after)):
                sent = served.upload(data)
                load = loopback_load.run(served.port, sent, calls=4 * clients, clients=clients)
                lost += load.lost
                if number:  # the first round begins the processes
                    rates.append(load.rate)
    ratio = median(a / b for a, b in zip(after, before, strict=True))
    print(f"{'4 clients, before (one at a time), images/s':58} {median(before):12.2f}")
    print(f"{'4 clients, after (2 workers), images/s':58} {median(after):12.2f}")
    yield line("4 clients: replies lost", str(lost), "none", lost == 0)
    yield line("4 clients: after over before", f"{ratio:.2f}", "at least 1.7", ratio >= 1.7)


def large() -> bytes:
    """A page of about 1 MB, as PNG: a receipt with the grain of a scan."""
    page = Image.open(IMAGES / "s08_mixed_receipt.png").convert("L")
    page = page.resize((page.width * 3, page.height * 3), Image.Resampling.LANCZOS)
    grain = Image.effect_noise(page.size, 12)
    file = io.BytesIO()
    Image.blend(page, grain, 0.04).save(file, "PNG", compress_level=1)
    return file.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    """Print all figures; 1 when one of them misses its promise."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "manifest", nargs="*", type=Path, default=accuracy.MANIFESTS, help="images with their texts"
    )
    parser.add_argument(
        "--skip-accuracy", action="store_true", help="leave out the texts of all images"
    )
    options = parser.parse_args()
    kept = [ready(), *throughput(), *memory(), *peak(), *against_the_engine()]
    for engine in () if options.skip_accuracy else ENGINES:
        if engine == "photo" and not find_spec("rapidocr"):
            print("\nphoto: not installed here")
            continue
        print(f"\n{engine}:")
        chosen = ["--engine", engine, *map(str, options.manifest)]
        if engine == "photo":  # of the rest nothing is promised, and it would take half an hour
            chosen += [argument for kind in accuracy.BY_HAND for argument in ("--kind", kind)]
        kept.append(accuracy.main(chosen) == 0)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
