"""The suite with engines that read: what they misread hides no drift, and breaks no rule."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator.recognition import Recognition, Refused
from patience import PATIENCE

from contract.drift.bench import Bench
from contract.drift.of_words import reading
from contract.drift.tampering import Drift
from contract.drivers.emulated import EngineUnavailableError
from contract.drivers.remembering import Memory, remember
from contract.drivers.rows import pictures
from contract.drivers.rows.images import READ
from contract.drivers.session import Session
from contract.drivers.suite import run_table
from contract.judge.rules import Finding

ROOT = Path(__file__).parents[2]
# One of each kind: of letters, words, lines, places and confidences.
SAMPLE = (
    "words lose their last letter",
    "the last word is dropped",
    "two lines are one",
    "coordinates are a tenth larger",
    "conf is always 0.9",
)
DRIFTS = [
    drift for name in SAMPLE for drift in reading() if drift.name == f"{name}, in general by file"
]


@pytest.fixture(scope="module", params=["tesseract", "photo"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with ExitStack() as stack:
        try:
            entered = stack.enter_context(Bench(request.param))
        except EngineUnavailableError as error:
            pytest.skip(str(error))
        yield entered


def run_read(session: Session) -> Iterator[Finding]:
    """The rows that upload a picture of known text to be read in one piece."""
    names = {row.name for row in READ if not row.name.startswith(("cropping", "url"))}
    yield from run_table(session, [row for row in session.rows if row.name in names])


def test_what_an_engine_reads_of_known_pictures_is_no_finding(bench: Bench) -> None:
    for target in bench.targets.values():
        assert [finding.line() for finding in bench.findings(target, run_read)] == []


@pytest.mark.parametrize("drift", DRIFTS, ids=SAMPLE)
def test_what_an_engine_misreads_hides_no_drift(bench: Bench, drift: Drift) -> None:
    assert bench.bite(drift, run_read).finding is not None


def answer(emulator: Emulator, image: bytes) -> Any:
    """What an emulator answers to an upload: its result, or the code of its refusal."""
    with httpx.Client(transport=emulator.transport) as client:
        reply = client.post(
            f"http://127.0.0.1/v1.0/appkeys/{emulator.app_key}/general",
            headers={"Authorization": emulator.secret_key},
            files={"image": ("image.png", image)},
        ).json()
    return reply.get("result", reply["header"]["resultCode"])


def test_what_was_read_once_is_not_read_again_in_either_mode() -> None:
    memory: Memory = {}
    app, gateway = (Emulator(engine="fixture", mode=mode) for mode in ("app", "gateway"))
    for emulator in (app, gateway):
        remember(emulator, memory)
    tag = pictures.load("tag.png")
    first = answer(app, tag)
    [(asked, said)] = memory.items()
    assert isinstance(said, Recognition)
    memory[asked] = said._replace(file_type="jpg")  # so that a second reading would show
    assert answer(app, tag) == answer(gateway, tag) == {**first, "fileType": "jpg"}


def test_a_refusal_is_remembered() -> None:
    memory: Memory = {}
    emulator = Emulator(engine="fixture")
    remember(emulator, memory)
    text = pictures.load("b02_text_as")
    assert answer(emulator, text) == answer(emulator, text) == 4000003
    assert [said.code for said in memory.values() if isinstance(said, Refused)] == [4000003]


def test_that_there_was_no_time_is_not_remembered() -> None:
    memory: Memory = {}
    emulator = Emulator(engine="fixture")
    tag = pictures.load("tag.png")
    answers = []
    for seconds in (-1.0, PATIENCE):
        object.__setattr__(emulator.app.service.settings, "read_seconds", seconds)
        remember(emulator, memory)
        answers.append(answer(emulator, tag))
    assert answers[0] == 5005003
    assert answers[1]["fileType"] == "png"


@pytest.mark.parametrize("program", ["contract", "drift"])
def test_an_engine_that_is_not_installed_is_named_with_what_to_install(program: str) -> None:
    # In a process of its own, which has not imported the engine yet.
    hidden = (
        "import runpy, sys\n"
        "sys.modules['rapidocr'] = None\n"
        f"sys.argv = ['{program}', '--engine', 'photo']\n"
        f"runpy.run_path('scripts/{program}.py', run_name='__main__')\n"
    )
    run = subprocess.run(
        (sys.executable, "-c", hidden), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2, run.stderr
    assert "pip install 'nhncloud-ocr-emulator[photo]'" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr
