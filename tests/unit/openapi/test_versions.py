"""Both versions of the API go through the same seam, and a change of both goes through the steps
of openapi/README.md as they are written."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import check_spec
import generate
import pytest
import spec_diff
from nhncloud_ocr._auth.access import HIDDEN_APP_KEY
from nhncloud_ocr._wire.request import request
from patience import PATIENCE
from unit.openapi.test_renames import type_errors
from unit.support import page

ROOT = Path(__file__).parents[3]
STEPS = (ROOT / "openapi" / "README.md").read_text("utf-8")
DESCRIPTION = check_spec.load(check_spec.DESCRIPTION)
RECOGNITIONS = {
    (operation["x-role"], operation["x-version"]): path
    for path, item in DESCRIPTION["paths"].items()
    for operation in item.values()
    if isinstance(operation, dict) and "x-role" in operation
}

# --- the seam ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "version"), RECOGNITIONS)
def test_the_overlay_sends_every_described_recognition(role: str, version: str) -> None:
    prepared = request("https://example.com/a.png", role == "cropping", version)
    path = RECOGNITIONS[role, version].replace("{appKey}", HIDDEN_APP_KEY)
    assert (prepared.method, prepared.path) == ("POST", path)


def changed(tree: Path, change: Callable[[str], str]) -> None:
    description = tree / "openapi" / "general-ocr.yaml"
    before = description.read_text("utf-8")
    after = change(before)
    assert after != before
    description.write_text(after, "utf-8")


ALIASES = ["*generalResponses", "*croppingResponses"]


@pytest.mark.parametrize(("own", "other"), [ALIASES, ALIASES[::-1]])
def test_a_v1_1_that_answers_in_its_own_way_fails_the_type_check_of_the_overlay(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, own: str, other: str
) -> None:
    changed(tree, lambda text: text.replace(f"responses: {own}", f"responses: {other}"))
    assert generate.main(["--root", str(tree)]) == 0
    errors = type_errors(tree, tmp_path_factory.getbasetemp() / "mypy-cache")
    assert errors
    assert all("overlay/nhncloud_ocr/_wire/" in line.replace(os.sep, "/") for line in errors)


# --- the steps ---------------------------------------------------------------------------------

READ = """
import json, sys
import httpx
from nhncloud_ocr import AccessToken, OcrClient, OcrResult

body = json.loads(sys.argv[1])

def answer(request):
    token = {"access_token": "a-token", "token_type": "Bearer", "expires_in": 1}
    return httpx.Response(200, json=token if "oauth" in request.url.host else body)

for given in (
    {"app_key": "app", "secret_key": "secret"},
    {"credentials": AccessToken("app", "id", "secret")},
):
    with OcrClient(**given, transport=httpx.MockTransport(answer)) as ocr:
        for call in (ocr.recognize, ocr.recognize_cropping):
            page = call(b"\\x89PNG\\r\\n\\x1a\\n")
            print(json.dumps([page.extra, getattr(page, "resolution", None)]))
"""


def run_with(tree: Path, *program: str) -> subprocess.CompletedProcess[str]:
    """Run a program that imports the packages of the tree."""
    places = os.pathsep.join([str(tree / "overlay"), str(tree / "generated")])
    return subprocess.run(
        [sys.executable, "-c", *program],
        env={**os.environ, "PYTHONPATH": places},
        cwd=tree,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )


def read_with(tree: Path, body: dict[str, Any]) -> list[Any]:
    """What the overlay of the tree makes of a reply, as JSON, of each version and operation."""
    done = run_with(tree, READ, json.dumps(body))
    assert not done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_new_optional_field_of_the_result_goes_through_as_written(
    tree: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    old = check_spec.load(tree / "openapi" / "general-ocr.yaml")  # step 1

    def write(text: str) -> str:  # step 2: in one place, with its bracket and in an example
        field = (
            "        resolution:\n"
            "          type: string\n"
            "          description: How well the image could be read. [documented]\n"
        )
        head, tail = text.split("        fileType:\n          type: string\n", 1)
        text = f"{head}{field}        fileType:\n          type: string\n{tail}"
        return text.replace(
            "          fileType: png\n", "          fileType: png\n          resolution: low\n", 1
        )

    changed(tree, write)
    new = check_spec.load(tree / "openapi" / "general-ocr.yaml")
    assert check_spec.linted(new) == []  # step 3
    assert check_spec.unfit_examples(new) == []

    lines = [str(each) for each in spec_diff.diff(old, new)]  # step 4
    assert not [line for line in lines if line.startswith("BREAKS")]
    for result in ("GeneralResult", "CroppingResult"):
        assert f"harmless: schemas/{result} (response): property resolution added" in lines

    assert generate.main(["--root", str(tree)]) == 0  # step 5
    result_model = tree / "generated" / generate.PACKAGE / "models" / "general_result.py"
    assert "resolution" in result_model.read_text("utf-8")

    cache = tmp_path_factory.getbasetemp() / "mypy-cache"
    assert type_errors(tree, cache) == []  # step 6: nothing breaks ...
    body = page(resolution="low", slicesImages=1)
    found = read_with(tree, body)
    assert [extra.get("resolution") for extra, _ in found] == ["low"] * 4

    results = tree / "overlay" / "nhncloud_ocr" / "_results.py"  # ... and one line gives it a place
    text = results.read_text("utf-8")
    line = next(each for each in text.splitlines() if re.match(r"    slices: int \|", each))
    place = f'{line}\n    resolution: str = ""'
    results.write_text(text.replace(line, place, 1), "utf-8")
    assert type_errors(tree, cache) == []
    found = read_with(tree, body)
    assert [place for _, place in found] == ["low"] * 4
    assert not [extra for extra, _ in found if "resolution" in extra]


def test_each_session_and_file_of_the_steps_is_there() -> None:
    sessions = set(re.findall(r"nox -s ([a-z]+)", STEPS))
    assert {"spec", "generate", "types", "tests", "contract", "drift", "build"} <= sessions
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    assert {name for name in sessions if f"def {name}(session" not in noxfile} == set()
    named = set(re.findall(r"`([\w./-]+/[\w./-]+\w|[\w-]+\.\w+)`", STEPS))
    homes = (ROOT, ROOT / "openapi", ROOT / "overlay" / "nhncloud_ocr")
    made = {"old.yaml", "overrides.toml", "OcrResult.extra"}
    missing = {n for n in named - made if not any((home / n).exists() for home in homes)}
    assert missing == set()
