"""Where a trial happens: a folder of images, a journal beside it, and an emulator that counts."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from nhncloud_ocr_emulator import Emulator, embed_text

ROOT = Path(__file__).resolve().parents[2]
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

    def start(self, *options, program=("-m", "nhncloud_ocr"), environment=None):
        """Start a run as a process."""
        environment = {
            **os.environ,
            **(environment or {}),
            "NHNCLOUD_OCR_BASE_URL": self.emulator.base_url,
            "NHNCLOUD_OCR_APP_KEY": self.emulator.app_key,
            "NHNCLOUD_OCR_SECRET_KEY": self.emulator.secret_key,
        }
        command = [sys.executable, *program, "bulk", str(self.scans), "--yes"]
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


def say(text):
    print(text, flush=True)
