"""A field that the description gains is read at once, and one line by hand shows it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_spec
import generate
import pytest

SCHEMAS = ("ResponseHeader", "InferText", "TextLine", "BoundingBox", "BoxLine", "GeneralResult")
NEW = {
    "anewText": {"type": "string"},
    "anewMaybe": {"type": ["number", "null"]},
    "anewTexts": {"type": "array", "items": {"type": "string"}},
    "anewObject": {"type": "object", "properties": {"name": {"type": "string"}}},
    "anewDay": {"type": "string", "format": "date"},
}
SENT = {
    "anewText": 'a "text"',
    "anewMaybe": None,
    "anewTexts": ["a", "b"],
    "anewObject": {"name": "n"},
    "anewDay": "2026-11-26",
}
BY_HAND = {
    "Word": "box: Quad | None = None",
    "Quad": "y4: float",
    "Line": "words: tuple[Word, ...]",
    "OcrResult": "attempts: int = field(default=1, eq=False)",
}
"""Behind these lines of `_results.py` stands the one line by hand."""

# Says as JSON what the fast reader made of the body, and what the user gets of it.
PROGRAM = """
import json, sys
from nhncloud_ocr import OcrResult
from nhncloud_ocr._wire import fast, lossless
body = sys.stdin.buffer.read()
page = OcrResult.from_raw(body)
quick = [fast.read(body, cropping) is not None for cropping in (False, True)]
careful = [lossless.read(body, cropping).extra for cropping in (False, True)]
print(json.dumps([quick, careful, page.to_dict()]))
"""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated client of a description with all the new fields in all the objects."""
    root = tmp_path_factory.mktemp("described")
    description = check_spec.load(check_spec.DESCRIPTION)
    for name in SCHEMAS:
        description["components"]["schemas"][name]["properties"].update(NEW)
    templates = check_spec.DESCRIPTION.parent
    (root / "openapi/templates").mkdir(parents=True)
    for name in ("generator.yaml", "templates/overrides.toml"):
        (root / "openapi" / name).write_text((templates / name).read_text("utf-8"), "utf-8")
    (root / "openapi/general-ocr.yaml").write_text(json.dumps(description), "utf-8")
    generate.generate(root, root / "generated" / generate.PACKAGE)
    return root / "generated"


def reply(new: dict[str, Any], cropping: bool) -> bytes:
    word = {"value": "a", "conf": 0.5}
    box = {f"{axis}{corner}": 1 for corner in range(1, 5) for axis in "xy"}
    result: dict[str, Any] = {
        "fileType": "png",
        # one word has the new fields, the other has not
        "listOfInferTexts": [{"inferTexts": [{**word, **new}, word], **new}],
        "listOfBoundingBoxes": [{"boundingBoxes": [{**box, **new}, box], **new}],
        **new,
    }
    if cropping:
        result["slicesImages"] = 2
    header = {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS", **new}
    return json.dumps({"header": header, "result": result}).encode()


def read(generated: Path, overlay: Path, body: bytes) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=body,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(generated), str(overlay)])},
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("cropping", [False, True], ids=["general", "cropping"])
def test_new_fields_are_read_at_once_and_those_of_the_result_are_extra(
    tree: Path, described: Path, cropping: bool
) -> None:
    quick, careful, page = read(described, tree / "overlay", reply(SENT, cropping))
    assert quick[cropping]
    assert careful[cropping] == SENT
    assert page["extra"] == SENT
    assert [word["text"] for word in page["lines"][0]["words"]] == ["a", "a"]
    assert page["slices"] == (2 if cropping else None)


def test_a_new_field_of_another_type_is_refused_as_any_other(tree: Path, described: Path) -> None:
    body = reply({**SENT, "anewText": 7}, cropping=False)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        read(described, tree / "overlay", body)
    assert b"UnexpectedResponseError" in caught.value.stderr
    assert b"anewText" in caught.value.stderr


@pytest.mark.parametrize("name", BY_HAND)
def test_one_line_by_hand_shows_a_new_field(tree: Path, described: Path, name: str) -> None:
    results = tree / "overlay/nhncloud_ocr/_results.py"
    text = results.read_text("utf-8")
    line = "    anew_text: str | None = None"
    behind = re.escape(BY_HAND[name])
    text, count = re.subn(rf"(?m)^    {behind}$", lambda match: f"{match[0]}\n{line}", text)
    assert count == 1
    results.write_text(text, "utf-8")

    quick, _, page = read(described, tree / "overlay", reply(SENT, cropping=False))

    assert quick[0]
    (only,) = page["lines"]
    first, second = only["words"]
    shown = {
        "Word": (first, second),
        "Quad": (first["box"], second["box"]),
        "Line": (only, {"anew_text": None}),
        "OcrResult": (page, {"anew_text": None}),
    }
    with_it, without_it = shown[name]
    assert with_it["anew_text"] == SENT["anewText"]
    assert without_it["anew_text"] is None
    assert ("anewText" in page["extra"]) == (name != "OcrResult")
