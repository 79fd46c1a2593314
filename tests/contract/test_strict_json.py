"""Strict JSON: what `json.loads` would lose or let through is seen; what it reads is read alike."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from contract.judge.occurrences import variants
from contract.judge.strict_json import members, plain, read, walk

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(value=VALUES, ascii=st.booleans(), indent=st.sampled_from([None, 0, 2]))
def test_what_json_writes_is_read_without_flaw(
    value: object, ascii: bool, indent: int | None
) -> None:
    document = read(
        json.dumps(value, ensure_ascii=ascii, indent=indent).encode("utf-8", "surrogatepass")
    )
    assert document.root is not None
    assert document.flaws == ()
    assert plain(document.root) == value


@given(body=st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \\u\n').map(str.encode))
def test_strict_reading_agrees_with_the_standard_library(body: bytes) -> None:
    document = read(body)
    try:
        value = json.loads(body)
    except ValueError:
        assert document.root is None or document.flaws
    else:
        assert document.root is not None
        if not document.flaws:
            assert plain(document.root) == value


@given(body=st.binary())
def test_any_bytes_are_read_without_raising(body: bytes) -> None:
    document = read(body)
    assert document.root is not None or document.flaws


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"1" * 10_000])
def test_hostile_bodies_end_in_a_flaw_or_a_number(body: bytes) -> None:
    assert read(body).flaws


def test_every_occurrence_of_a_key_is_kept_with_its_place() -> None:
    document = read(b'{"a": 1,\n "a": [2], "b": 3, "a": 4}')
    assert document.root is not None
    assert [plain(node) for node in members(document.root, "a")] == [1, [2], 4]
    paths = {path: document.position(node.start) for path, node in walk(document.root)}
    assert paths["$.a#2[0]"] == "2:8"
    assert paths["$.a#3"] == "2:25"


def test_variants_show_every_occurrence_and_are_few() -> None:
    document = read(b'{"a": [{"x": 1, "x": 2}, {"x": 3}], "b": 4, "b": 5, "b": 6}')
    assert document.root is not None
    found = [plain(variant) for variant in variants(document.root)]
    assert found == [
        {"a": [{"x": 1}, {"x": 3}], "b": 4},
        {"a": [{"x": 2}, {"x": 3}], "b": 5},
        {"a": [{"x": 2}, {"x": 3}], "b": 6},
    ]
