"""What is given as a journal and is none, or not one for this run: told, and left as it was."""

import sqlite3
import stat
from contextlib import closing

import pytest
from nhncloud_ocr_toolkit.bulk import Journal, JournalError
from nhncloud_ocr_toolkit.cli import main
from toolkit.bulk.conftest import query


@pytest.fixture
def command(served, monkeypatch, capsys):
    """Run the command in this process; return its exit code and what it said."""
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", served.app_key)
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", served.secret_key)
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", served.base_url)

    def command(*arguments):
        code = main(["bulk", *map(str, arguments)])
        return code, capsys.readouterr().err

    return command


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
@pytest.mark.parametrize("given", ["picture", "database"])
def test_what_is_no_journal_is_left_as_it_was(
    command, images, folder, tmp_path, given, dry
) -> None:
    images(1)
    path = tmp_path / "mine"
    if given == "picture":
        path.write_bytes(next(folder.iterdir()).read_bytes())
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE mine (x)")
    path.chmod(0o644)
    before = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
    code, err = command(folder, "--journal", path, *dry)
    assert code == 2
    assert "no journal" in err
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == before


@pytest.mark.parametrize(("version", "age"), [(99, "a newer version"), (0, "an older version")])
def test_a_journal_of_another_version_is_told_from_no_journal(
    command, bulk, images, folder, journal_path, version, age
) -> None:
    images(1)
    bulk([folder])
    with closing(sqlite3.connect(journal_path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    for arguments in (["status", journal_path], [folder, "--journal", journal_path]):
        code, err = command(*arguments)
        assert code == 2
        assert age in err


def test_a_dry_run_refuses_what_the_run_would(command, bulk, images, folder, journal_path) -> None:
    images(1)
    bulk([folder])
    for dry in ([], ["--dry-run"]):
        code, err = command(folder, "--journal", journal_path, "--cropping", *dry)
        assert code == 2
        assert "journal of its own" in err


def test_an_empty_file_becomes_a_journal(bulk, images, folder, journal_path) -> None:
    images(1)
    journal_path.touch()
    assert [row.state for row in bulk([folder])[0]] == ["done"]
    assert query(journal_path, "SELECT calls FROM budget") == [(1,)]


def test_a_journal_that_cannot_be_written_is_told(
    bulk, images, folder, journal_path, monkeypatch
) -> None:
    images(1)
    bulk([folder])
    connect = sqlite3.connect

    def read_only(path, *arguments, **options):
        connection = connect(path, *arguments, **options)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(sqlite3, "connect", read_only)
    with (
        pytest.raises(JournalError, match=r"run\.db: the journal cannot be"),
        Journal(journal_path) as journal,
    ):
        journal.remember("price", "1")
