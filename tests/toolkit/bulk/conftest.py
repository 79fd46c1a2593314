"""Runs over the emulator: in this process, and as processes of their own that can be killed."""

import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest
from nhncloud_ocr import AsyncOcrClient
from nhncloud_ocr_emulator import Emulator, embed_text
from nhncloud_ocr_toolkit.bulk import Journal, run
from patience import PATIENCE
from unit.support import PNG
from variables import variables


def image(text):
    """Return a PNG that the engine `fixture` reads as this text."""
    return embed_text(PNG, [[text]])


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "scans"
    place.mkdir()
    return place


@pytest.fixture
def images(folder):
    """Fill the folder with so many images, each of its own text; return their paths."""

    def images(count):
        paths = [folder / f"{number:04}.png" for number in range(count)]
        for number, path in enumerate(paths):
            path.write_bytes(image(f"영수증 {number}"))
        return paths

    return images


@pytest.fixture
def service():
    """An emulator that answers in this process, without a socket."""
    return Emulator(engine="fixture")


@pytest.fixture
def served():
    """An emulator on a port, for other processes."""
    with Emulator(engine="fixture", playground=False) as emulator:
        yield emulator


@pytest.fixture
def journal_path(tmp_path):
    return tmp_path / "run.db"


@pytest.fixture
def bulk(service, journal_path):
    """Make a run in this process; return its rows, and why it ended early."""

    def bulk(sources, *, store="raw", emulator=None, key=None, journal=journal_path, **options):
        emulator = emulator or service

        async def main():
            client = AsyncOcrClient(
                app_key=emulator.app_key,
                secret_key=key or emulator.secret_key,
                base_url="https://ocr.example.com",
                transport=emulator.transport,
            )
            with Journal(journal, store=store) as held:
                rows = [row async for row in run(client, sources, held, **options)]
                return rows, held.stopped

        return asyncio.run(main())

    return bulk


@pytest.fixture
def start(served, journal_path):
    """Start `nhncloud-ocr bulk` as a process; all are ended with the test."""
    begun = []

    def start(*arguments, emulator=None):
        emulator = emulator or served
        environment = {
            **os.environ,
            **variables(emulator),
            "PYTHONIOENCODING": "utf-8",
        }
        command = [sys.executable, "-m", "nhncloud_ocr", "bulk", *map(str, arguments)]
        process = subprocess.Popen(
            [*command, "--journal", str(journal_path)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def finished(process):
    """Wait for a process; return its exit code, standard output and standard error."""
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err, err
    return process.returncode, out, err


def until(condition, process):
    """Wait until a condition holds, which the process brings about, or until it has ended."""
    end = time.monotonic() + PATIENCE
    while not condition() and process.poll() is None:
        assert time.monotonic() < end, "it never came to that"
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.005)


def query(path, statement, *values):
    with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
        return connection.execute(statement, values).fetchall()


def states(path):
    return dict(query(path, "SELECT state, count(*) FROM item GROUP BY state"))


def attempts_by_image(path):
    """Return the outcomes of each image's attempts, by the SHA-256 of its bytes."""
    found = {}
    for key, outcome in query(path, "SELECT key, outcome FROM attempt ORDER BY id"):
        found.setdefault(key.split()[0], []).append(outcome)
    return found


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def billed(emulator):
    return sum(emulator.billed.values())


def hold_up(emulator, seconds=0.05, calls=2000):
    """Let replies take their time, so that a kill finds calls under way."""
    emulator.faults.add(latency=seconds, times=calls)


def no_bill_is_unannounced(emulator, journal_path):
    attempts = attempts_by_image(journal_path)
    for image, bills in emulator.billed.items():
        outcomes = attempts[image]
        assert bills <= 1 or "unknown" in outcomes
        assert {"done", "unknown"} & set(outcomes)


def kill_midway(emulator, begin):
    """Begin a process, and kill it when some more calls have been billed; it never sees it come."""
    begun = billed(emulator)
    process = begin()
    goal = begun + random.Random(begun).randint(3, 20)
    until(lambda: billed(emulator) >= goal, process)
    process.kill()
    process.wait()
