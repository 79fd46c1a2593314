"""`scripts/generate.py`: what is committed is what the description gives, and nothing slips by."""

from collections.abc import Callable
from pathlib import Path

import generate
import pytest

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "generated" / generate.PACKAGE


def test_the_committed_client_is_the_generated_one(generated: Callable[[], Path]) -> None:
    assert list(generate.difference(COMMITTED, generated())) == []
    assert (generated() / "py.typed").exists()


def test_check_finds_an_edit_and_changes_nothing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited = tree / "generated" / generate.PACKAGE / "models" / "infer_text.py"
    text = edited.read_text("utf-8").replace("value: str", "value: bytes")
    edited.write_text(text, "utf-8")
    extra = edited.with_name("by_hand.py")
    extra.touch()
    assert generate.main(["--check", "--root", str(tree)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert {"-    value: bytes", "+    value: str", "only committed: models/by_hand.py"} <= set(
        lines
    )
    assert edited.read_text("utf-8") == text
    assert extra.exists()


def test_generating_replaces_what_was_there(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tree / "generated" / generate.PACKAGE
    (folder / "py.typed").unlink()
    (folder / "by_hand.py").touch()
    assert generate.main(["--root", str(tree)]) == 0
    assert capsys.readouterr().out == "nhncloud_ocr_api is written\n"
    assert list(generate.difference(COMMITTED, folder)) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("$ref: '#/components/schemas/InferText'", "$ref: '#/components/schemas/Lost'", "Lost"),
        ("openapi: 3.1.0", "swagger: '2.0'", "openapi"),
    ],
)
def test_a_warning_of_the_generator_is_an_error_and_changes_nothing(
    tree: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, complaint: str
) -> None:
    description = tree / "openapi" / "general-ocr.yaml"
    description.write_text(description.read_text("utf-8").replace(old, new), "utf-8")
    assert generate.main(["--root", str(tree)]) == 1
    assert complaint in capsys.readouterr().err
    assert list(generate.difference(COMMITTED, tree / "generated" / generate.PACKAGE)) == []


def test_an_override_that_no_longer_fits_is_an_error(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overrides = tree / "openapi" / "templates" / "overrides.toml"
    text = overrides.read_text("utf-8").replace('old = "from .client', 'old = "from .sender')
    overrides.write_text(text, "utf-8")
    assert generate.main(["--root", str(tree)]) == 1
    assert capsys.readouterr().err == (
        "override requests-alone: package_init.py.jinja of the installed openapi-python-client "
        "holds 0 times, not once: from .sender import AuthenticatedClient, Client\n"
    )
