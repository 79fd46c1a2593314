"""Where cropping cuts."""

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st
from nhncloud_ocr_emulator._slicing import slices
from PIL import Image

from .pictures import ruled


@settings(max_examples=150)
@given(st.integers(1, 40), st.integers(1, 1500), st.booleans(), st.integers(0, 2**32))
def test_slices_cover_the_image_and_overlap(short: int, long: int, wide: bool, seed: int) -> None:
    size = (long, short) if wide else (short, long)
    noise = Image.effect_noise(size, 80) if seed % 2 else Image.new("L", size, seed % 256)
    longer, shorter = max(size), min(size)
    pieces = slices(noise)
    if longer <= 3 * shorter:
        assert len(pieces) == 1
    assert (pieces[0].start, pieces[0].core_start) == (0, 0)
    assert (pieces[-1].core_end, pieces[-1].end) == (longer, longer)
    for piece in pieces:
        assert 0 <= piece.start <= piece.core_start < piece.core_end <= piece.end <= longer
    for piece, following in pairwise(pieces):
        assert piece.core_end == following.core_start
        assert following.start < piece.core_end < piece.end


@pytest.mark.parametrize("pitch", [24, 37, 60])
@pytest.mark.parametrize("wide", [False, True])
def test_no_cut_and_no_edge_runs_through_a_line_of_text(pitch: int, wide: bool) -> None:
    tall = ruled(300, 4000, pitch, thickness=pitch // 2)
    ink = {y for y in range(4000) if min(tall.crop((0, y, 300, y + 1)).tobytes()) == 0}
    pieces = slices(tall.transpose(Image.Transpose.TRANSPOSE) if wide else tall)
    assert len(pieces) > 1
    for piece in pieces[1:]:
        for edge in (piece.start, piece.core_start):
            assert not {edge - 1, edge} <= ink
    for piece in pieces[:-1]:
        assert not {piece.end - 1, piece.end} <= ink


def test_a_screenshot_of_ordinary_shape_is_one_slice() -> None:
    assert len(slices(Image.new("L", (720, 1280), 255))) == 1
    assert len(slices(Image.new("L", (300, 100), 255))) == 1


def test_longer_images_have_more_slices() -> None:
    counts = [len(slices(Image.new("L", (100, 100 * ratio), 255))) for ratio in (3, 4, 8, 20)]
    assert counts == [1, 2, 4, 10]
