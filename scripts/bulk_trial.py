"""Hold bulk runs to what they promise, on real processes: kills, caps, limits, deploys, speed.

`bulk_trial.py` runs all, `bulk_trial.py kills caps` some; `--images N --kills N` smaller ones.
Prints a line each; fails if one does not hold.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx
from nhncloud_ocr import AsyncOcrClient
from nhncloud_ocr_emulator import Emulator, embed_text
from nhncloud_ocr_toolkit.bulk import Journal, run
from nhncloud_ocr_toolkit.bulk.engine import Engine
from nhncloud_ocr_toolkit.bulk.entry import once
from nhncloud_ocr_toolkit.bulk.settings import Settings
from nhncloud_ocr_toolkit.bulk.sources import found

ROOT = Path(__file__).resolve().parent.parent
PNG = (ROOT / "tests/data/images/ours/s37_tiny_30x16.png").read_bytes()
LATENCY = 0.1


class Place:
    """A folder with so many images, a journal beside it, and an emulator."""

    def __init__(self, folder, images, **emulator):
        self.images = images
        self.scans = folder / "scans"
        self.journal = folder / "run.db"
        self.scans.mkdir()
        for number in range(images):
            path = self.scans / f"{number:06}.png"
            path.write_bytes(embed_text(PNG, [[f"No. {number}"]]))
        self.emulator = Emulator(engine="fixture", playground=False, **emulator)

    def start(self, *options):
        """Start a run as a process."""
        environment = {
            **os.environ,
            "NHNCLOUD_OCR_BASE_URL": self.emulator.base_url,
            "NHNCLOUD_OCR_APP_KEY": self.emulator.app_key,
            "NHNCLOUD_OCR_SECRET_KEY": self.emulator.secret_key,
        }
        command = [sys.executable, "-m", "nhncloud_ocr", "bulk", str(self.scans), "--yes"]
        command += ["--journal", str(self.journal), "--concurrency", "32", *options]
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def billed(self):
        return sum(self.emulator.billed.values())

    def states(self):
        return dict(self.query("SELECT state, count(*) FROM item GROUP BY state"))

    def query(self, statement):
        with closing(sqlite3.connect(self.journal, timeout=60)) as connection:
            return connection.execute(statement).fetchall()

    def unannounced(self):
        """Return how many images were billed twice, or billed and lost, without a word."""
        outcomes = {}
        for key, outcome in self.query("SELECT key, outcome FROM attempt"):
            outcomes.setdefault(key.split()[0], set()).add(outcome)
        wrong = 0
        for image, bills in self.emulator.billed.items():
            told = outcomes.get(image, set())
            wrong += (bills > 1 and "unknown" not in told) or not told & {"done", "unknown"}
        return wrong


def kill_again_and_again(place, kills, processes):
    """Kill runs at random moments; return how many were killed."""
    chance = random.Random(kills)
    step = place.images // (kills + 1)
    for _ in range(kills):
        running = [place.start() for _ in range(processes)]
        goal = place.billed() + chance.randint(1, max(2, step))
        while place.billed() < goal and any(process.poll() is None for process in running):
            time.sleep(0.002)
        victim = chance.choice(running)
        victim.kill()
        victim.wait()
        for process in running:
            if process is not victim:
                process.terminate()
                process.wait()
    return kills


def kills(arguments, processes=1):
    """Kill runs with SIGKILL, then send again what is unknown."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), arguments.images)
        with place.emulator:
            place.emulator.faults.add(latency=LATENCY, times=10 * arguments.images)
            kill_again_and_again(place, arguments.kills, processes)
            place.start().wait()
            states = place.states()
            unknown = states.get("unknown", 0)
            wrong = place.unannounced()
            before = place.billed()
            place.start("--retry-unknown").wait()
            extra = place.billed() - before
            done = place.states() == {"done": arguments.images}
            extra_bills = place.billed() - len(place.emulator.billed)
        say(
            f"{arguments.kills} kills over {arguments.images} images, {processes} at a time: "
            f"{wrong} unannounced, {unknown} unknown; --retry-unknown: {extra} calls, "
            f"{extra_bills} paid twice, all done: {done}"
        )
        return (
            not wrong
            and done
            and extra_bills <= unknown
            and unknown <= 32 * arguments.kills * processes
        )


def pairs(arguments):
    """The same with two processes on one journal."""
    return kills(arguments, processes=2)


def caps(arguments):
    """A cap over restarts and kills, 32 in flight."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), arguments.images)
        most = arguments.images // 3
        with place.emulator:
            place.emulator.faults.add(latency=LATENCY, times=10 * arguments.images)
            for share in (0.2, 0.5, 0.8):
                process = place.start("--max-calls", str(most))
                while place.billed() < share * most:
                    time.sleep(0.002)
                process.kill()
                process.wait()
            code = place.start("--max-calls", str(most)).wait()
            ((calls,),) = place.query("SELECT calls FROM budget")
        say(f"cap of {most}, three kills: {calls} calls, {place.billed()} bills, exit code {code}")
        return calls == most and place.billed() <= most and code == 4


def limit(arguments):
    """A limit of 40 calls a second."""
    with tempfile.TemporaryDirectory() as folder:
        images = min(arguments.images, 1000)
        place = Place(Path(folder), images, rate_limit=40, burst=40)
        with place.emulator:
            begun = time.monotonic()
            code = place.start().wait()
            seconds = time.monotonic() - begun
            ((requests, first, last),) = place.query(
                "SELECT count(*), min(sent), max(ended) FROM attempt"
            )
        used = (images - 40) / 40 / (last - first)
        refused = (requests - images) / requests
        say(
            f"limit of 40/s, {images} images: {seconds:.1f} s, {used:.0%} used, "
            f"{refused:.1%} refused"
        )
        return code == 0 and used >= 0.9 and refused <= 0.15


def deploy(arguments):
    """A deploy of 30 seconds in the middle."""
    with tempfile.TemporaryDirectory() as folder:
        images = min(arguments.images, 600)
        place = Place(Path(folder), images)
        with place.emulator:
            process = place.start()
            while place.billed() < images // 3 and process.poll() is None:
                time.sleep(0.005)
            place.emulator.faults.add(deploy=30.0)
            code = process.wait()
            states = place.states()
        say(f"deploy of 30 s: {states}, exit code {code}")
        return set(states) <= {"done", "unknown"} and states.get("unknown", 0) <= 48


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


def first_call(arguments):
    """The first call of a folder of a million names, most of which are images."""
    names = 1000 * arguments.images // 3
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), 1)
        for number in range(names):
            os.close(os.open(place.scans / f"x{number}.txt", os.O_CREAT | os.O_WRONLY))
        for number in range(1, 200):
            (place.scans / f"{number:06}.png").write_bytes(PNG + b"%d" % number)
        with place.emulator:
            begun = time.monotonic()
            process = place.start()
            while not place.billed():
                time.sleep(0.002)
            seconds = time.monotonic() - begun
            process.terminate()
            process.wait()
    say(f"first call of a folder of {names:,} names, with Python's start: {seconds:.1f} s")
    return seconds < 4


def say(text):
    print(text, flush=True)


TRIALS = (kills, pairs, caps, limit, deploy, speed, memory, first_call)


def main():
    """Run the trials that were asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trials", nargs="*", metavar="TRIAL")
    parser.add_argument("--images", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=30)
    arguments = parser.parse_args()
    wanted = [trial for trial in TRIALS if trial.__name__ in (arguments.trials or named())]
    failed = [trial.__name__ for trial in wanted if not trial(arguments)]
    if failed:
        say(f"does not hold: {', '.join(failed)}")
    return 1 if failed else 0


def named():
    return [trial.__name__ for trial in TRIALS]


if __name__ == "__main__":
    sys.exit(main())
