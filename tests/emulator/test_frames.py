"""What travels between the server and an engine process, and what it is told by before it does."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings, strategies as st
from nhncloud_ocr_emulator._size import stated_size
from nhncloud_ocr_emulator._workers._frames import (
    decoded,
    encoded,
    read_image,
    read_message,
    write_image,
    write_message,
)
from nhncloud_ocr_emulator.recognition import Box, Recognition, Refused, Word
from PIL import Image

WORDS = st.builds(
    Word,
    st.text(),
    st.floats(0, 1),
    st.builds(Box, *[st.integers(0, 2**31)] * 8),
)


@settings(max_examples=50)
@given(
    st.builds(
        Recognition,
        st.sampled_from(["png", "jpg"]),
        st.lists(st.lists(WORDS).map(tuple)).map(tuple),
        st.integers(1, 200),
        st.none() | st.lists(st.lists(WORDS).map(tuple)).map(tuple),
    )
)
def test_a_recognition_survives_the_pipe(recognition: Recognition) -> None:
    pipe = io.BytesIO()
    write_message(pipe, encoded(recognition))
    pipe.seek(0)
    assert decoded(read_message(pipe)) == recognition


@settings(max_examples=50)
@given(st.binary(), st.booleans())
def test_an_image_survives_the_pipe(image: bytes, cropping: bool) -> None:
    pipe = io.BytesIO()
    write_image(pipe, image, cropping=cropping)
    pipe.seek(0)
    assert read_image(pipe) == (image, cropping)


@settings(max_examples=50)
@given(st.binary())
def test_whatever_a_broken_process_says_is_no_recognition(said: bytes) -> None:
    with pytest.raises((EOFError, ValueError, KeyError, TypeError, Refused)):
        decoded(read_message(io.BytesIO(said)))


@settings(max_examples=50)
@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from(["PNG", "JPEG"]), st.booleans())
def test_the_stated_size_is_what_pillow_finds(
    width: int, height: int, kind: str, progressive: bool
) -> None:
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, kind, progressive=progressive, comment=b"a" * 999)
    assert stated_size(file.getvalue()) == (width, height)


@settings(max_examples=50)
@given(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff"]), st.binary())
def test_no_bytes_upset_whoever_looks_for_the_size(head: bytes, rest: bytes) -> None:
    size = stated_size(head + rest)
    assert size is None or len(size) == 2
