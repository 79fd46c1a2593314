"""A release names one version everywhere."""

import re

import check_version
import keep_examples
import nhncloud_ocr
import pytest


@pytest.fixture
def place(tmp_path):
    """A copy of the files that name a version or have examples."""
    (tmp_path / keep_examples.FOLDER).mkdir(parents=True)
    names = ("overlay/nhncloud_ocr/__init__.py", "emulator/pyproject.toml")
    for name in (*names, "CHANGELOG.md", "README.md"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((check_version.ROOT / name).read_text("utf-8"), "utf-8")
    return tmp_path


def test_both_distributions_have_the_version_of_the_last_release_or_a_newer_one(
    place, capsys
) -> None:
    version = nhncloud_ocr.__version__
    changelog = place / "CHANGELOG.md"
    if f"## {version}" not in changelog.read_text("utf-8"):
        changelog.write_text(f"## {version}\n", "utf-8")
    keep_examples.keep(version, place)
    assert check_version.main(f"v{version}", place) == 0


def test_each_place_that_disagrees_is_named(place, capsys) -> None:
    assert check_version.main("v99.1.0", place) == 1
    said = capsys.readouterr().err
    for name in (
        *("overlay/nhncloud_ocr/__init__.py", "emulator/pyproject.toml", "CHANGELOG.md"),
        str(keep_examples.FOLDER),
    ):
        assert name in said
    assert len(re.findall("^check_version: ", said, re.MULTILINE)) == 4


def test_examples_of_a_release_are_kept_once(place) -> None:
    files = keep_examples.keep("99.1.0", place)
    programs = [file.read_text("utf-8") for file in files]
    assert any("AsyncOcrClient" in program for program in programs)
    for program, file in zip(programs, files, strict=True):
        compile(program, file.name, "exec")
    with pytest.raises(FileExistsError, match="never edited"):
        keep_examples.keep("99.1.0", place)
    assert keep_examples.kept("99.1.0", place) == files
