"""Quads and boxes."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr_emulator.engines._geometry import Quad, box_inside, flatten, in_lines
from PIL import Image

COORDINATE = st.floats(-50, 250)
POINT = st.tuples(COORDINATE, COORDINATE)


@given(st.builds(Quad, POINT, POINT, POINT, POINT), st.integers(1, 200), st.integers(1, 200))
def test_any_quad_becomes_a_clockwise_box_inside(quad: Quad, width: int, height: int) -> None:
    box = box_inside(quad, (width, height))
    corners = list(zip(box[0::2], box[1::2], strict=True))
    assert all(0 <= x <= width and 0 <= y <= height for x, y in corners)
    area = sum(x * v - u * y for (x, y), (u, v) in pairwise([*corners, corners[0]]))
    assert area > 0


def test_a_good_quad_is_only_rounded() -> None:
    quad = Quad((10.4, 20.2), (90.1, 30.4), (88.3, 50.0), (8.4, 40.0))
    assert box_inside(quad, (100, 60)) == (10, 20, 90, 30, 88, 50, 8, 40)


def test_a_quad_grows_by_as_much_on_each_side() -> None:
    corners = ((10, 20), (110, 20), (110, 40), (10, 40))
    for quarters in range(4):
        grown = Quad(*corners).turned(quarters).grown(0.1 if quarters % 2 == 0 else 0.02)
        expected = Quad((8, 18), (112, 18), (112, 42), (8, 42)).turned(quarters)
        assert [pytest.approx(corner) for corner in expected] == list(grown)


@pytest.mark.parametrize("quarters", range(4))
def test_flattening_turns_text_upright(quarters: int) -> None:
    upright = Image.new("L", (80, 40), 255)
    upright.paste(0, (0, 0, 20, 10))  # at the top left of the text
    image = upright if quarters == 0 else upright.rotate(-90 * quarters, expand=True)
    width, height = image.size
    whole = Quad((0, 0), (width, 0), (width, height), (0, height))
    strip = flatten(image, whole.turned(quarters), min_height=80)
    assert strip.size == (160, 80)
    assert strip.getpixel((10, 5)) == 0
    assert strip.getpixel((150, 70)) == 255


@pytest.mark.parametrize("quarters", range(4))
def test_reading_order_follows_the_direction_of_the_text(quarters: int) -> None:
    def at(x: float, y: float) -> Quad:
        quad = Quad((x, y), (x + 40, y + 4), (x + 40, y + 14), (x, y + 10))
        for _ in range(quarters):
            quad = Quad(*((-b, a) for a, b in quad))
        return quad

    pieces = [(at(100, 50), "d"), (at(0, 0), "a"), (at(0, 40), "c"), (at(100, 10), "b")]
    assert [[text for _, text in line] for line in in_lines(pieces)] == [["a", "b"], ["c", "d"]]
    assert in_lines([]) == []
