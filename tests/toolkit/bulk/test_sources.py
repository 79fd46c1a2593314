"""Which images are meant: names, folders, manifests, whatever bytes these are."""

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from nhncloud_ocr_toolkit.bulk import JournalError, manifest
from nhncloud_ocr_toolkit.bulk.manifests import names
from nhncloud_ocr_toolkit.bulk.schema import refuse_network
from nhncloud_ocr_toolkit.bulk.sources import found, without_query
from unit.support import PNG


@pytest.fixture
def place(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("b.png", "a.JPG", "sub/c.jpeg", "notes.txt", ".hidden.png"):
        (tmp_path / name).write_bytes(PNG)
    return tmp_path


def refs(images, place):
    return sorted(os.path.relpath(image.ref, place) for image in images)


def test_a_folder_and_a_pattern_stand_for_images(place) -> None:
    assert refs(found([place]), place) == ["a.JPG", "b.png", str(Path("sub/c.jpeg"))]
    assert refs(found(f"{place}/*.png"), place) == ["b.png"]
    assert refs(found(f"{place}/**/*.jpeg"), place) == [str(Path("sub/c.jpeg"))]


def test_a_folder_is_not_listed_before_its_first_image(place, monkeypatch) -> None:
    looked_at = []

    class Entries:
        def __init__(self):
            self.number = 0

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def __iter__(self):
            return self

        def __next__(self):
            self.number += 1
            looked_at.append(self.number)
            return Entry(f"{self.number}.png")

    class Entry:
        def __init__(self, name):
            self.name, self.path = name, f"/scans/{name}"

        def is_dir(self, follow_symlinks):
            return False

    monkeypatch.setattr(os, "scandir", lambda _: Entries())
    assert next(found([place])).ref == "/scans/1.png"
    assert looked_at == [1]


def test_a_folder_without_images_is_left_when_it_is_late(place) -> None:
    (place / "names").mkdir()
    for number in range(2500):
        (place / "names" / f"{number}.txt").touch()
    asked = []
    assert list(found([place / "names"], lambda: asked.append(1) or True)) == []
    assert len(asked) == 1


def test_a_manifest_is_jsonl_or_csv(place) -> None:
    listed = place / "list.jsonl"
    rows = [{"ref": "b.png", "id": "가"}, {"ref": str(place / "a.JPG")}, "sub/c.jpeg", {"id": 3}]
    listed.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    images = list(manifest(listed))
    assert [(image.given, bool(image.problem)) for image in images] == [
        ("가", False),
        (None, False),
        (None, False),
        ("3", True),
    ]
    assert images[0].read() == PNG
    table = place / "list.csv"
    table.write_text("id,ref\n1,b.png\n,\n2,https://example.com/x.png?k=v\n", "utf-8-sig")
    images = list(manifest(table))
    assert [image.given for image in images] == ["1", None, "2"]
    assert images[2].ref == "https://example.com/x.png"
    assert images[1].problem


def test_a_table_without_refs_is_refused(place) -> None:
    (place / "x.csv").write_text("name\nb.png\n", "utf-8")
    with pytest.raises(JournalError, match="ref"):
        list(manifest(place / "x.csv"))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=60,
)
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".jsonl", ".csv"]))
def test_any_bytes_as_a_manifest_give_images_or_say_what_is_wrong(tmp_path, data, suffix) -> None:
    path = tmp_path / f"list{suffix}"
    path.write_bytes(b"ref,id\n" * (suffix == ".csv") + data)
    try:
        images = list(manifest(path))
    except JournalError:
        return
    for image in images:
        image.ref.encode()
        (image.given or "").encode()
        assert len(image.identity) == 16


def test_names_come_a_line_each_or_with_a_nul_after_each() -> None:
    lines = names(io.BytesIO("a b.png\r\n\n영수증.png".encode()))
    assert [image.ref for image in lines] == ["a b.png", "영수증.png"]
    apart = names(io.BytesIO(b"line\nbreak.png\0other.png\0"))
    assert [image.ref for image in apart] == ["line\nbreak.png", "other.png"]


class Gone:
    """A folder that was there when it was opened."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __iter__(self):
        raise PermissionError(13, "Permission denied")


def test_a_folder_that_fails_in_its_midst_is_told_of(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("os.scandir", lambda path: Gone())
    (image,) = found(str(tmp_path))
    assert image.problem == "a folder that cannot be read: Permission denied"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200).filter(lambda data: b"/" not in data))  # else it lists the disk
def test_any_bytes_on_standard_input_are_names(data, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for image in names(io.BytesIO(data)):
        image.ref.encode()
        assert len(image.identity) == 16


@given(secret=st.text("abcdef0123456789", min_size=8), path=st.text(max_size=20))
def test_no_query_and_no_user_is_left_of_a_url(secret, path) -> None:
    told = without_query(
        f"https://u:{secret}@example.com/{path.replace(secret, '')}?s={secret}#{secret}"
    )
    assert secret not in told.removeprefix("https://")


MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
40 22 0:40 / /home/share rw - nfs4 server:/share rw
41 22 0:41 / /home/share/local rw - xfs /dev/sdb rw
"""


@pytest.mark.skipif(os.name == "nt", reason="paths of Unix")
def test_a_network_file_system_is_refused_with_a_sentence() -> None:
    with pytest.raises(JournalError, match=r"network file system \(nfs4\)"):
        refuse_network("/home/share/run.db", MOUNTS)
    refuse_network("/home/share/local/run.db", MOUNTS)
    refuse_network("/home/run.db", MOUNTS)


def test_what_is_no_journal_is_refused(tmp_path) -> None:
    from nhncloud_ocr_toolkit.bulk import Journal

    (tmp_path / "x.db").write_bytes(b"something else entirely, and longer than a header" * 10)
    with pytest.raises(JournalError, match="no journal"):
        Journal(tmp_path / "x.db")
    with pytest.raises(JournalError, match="no such"):
        Journal(tmp_path / "y.db", create=False)
