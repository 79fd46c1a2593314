"""The engine for tests: exact, deterministic, and behind the same gate and slicer."""

from collections import Counter
from threading import Thread
from typing import get_args

import pytest
from hypothesis import given, settings, strategies as st
from nhncloud_ocr_emulator import embed_text
from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator._settings import Engine
from nhncloud_ocr_emulator.engines import ENGINES
from nhncloud_ocr_emulator.recognition import Recognition, Refused
from PIL import Image

from .pictures import blank, encoded

WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
LINES = st.lists(st.lists(WORD, min_size=1, max_size=6), min_size=1, max_size=12)


def texts(answer: Recognition) -> list[list[str]]:
    return [[word.text for word in line] for line in answer.lines]


@settings(max_examples=80)
@given(LINES, st.sampled_from(["PNG", "JPEG"]))
def test_embedded_text_comes_back_exactly(lines: list[list[str]], file_format: str) -> None:
    image = embed_text(blank(64, 48, file_format), lines)
    answer = Recognizer("fixture").recognize(image, cropping=False)
    assert texts(answer) == lines
    assert answer.file_type == {"PNG": "png", "JPEG": "jpg"}[file_format]


def test_long_text_needs_several_segments_of_a_jpeg() -> None:
    lines = [["가나다" * 10_000, str(number)] for number in range(5)]
    image = embed_text(blank(64, 48, "JPEG"), lines)
    assert texts(Recognizer("fixture").recognize(image, cropping=False)) == lines


def test_strings_are_split_as_text_is() -> None:
    recognizer = Recognizer("fixture")
    for lines in ("합계 1,000원\n\n감사합니다", ["합계 1,000원", "감사합니다"]):
        answer = recognizer.recognize(embed_text(blank(64, 48), lines), cropping=False)
        assert texts(answer) == [["합계", "1,000원"], ["감사합니다"]]


def test_embedding_no_text_gives_no_text() -> None:
    with pytest.raises(Refused) as caught:
        Recognizer("fixture").recognize(embed_text(blank(64, 48), ""), cropping=False)
    assert caught.value.code == 4000501


def test_only_images_can_carry_text() -> None:
    with pytest.raises(Refused) as caught:
        embed_text(b"GIF89a", "text")
    assert caught.value.code == 4000003


@settings(max_examples=80)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 255), st.booleans())
def test_boxes_go_clockwise_inside_the_image(
    width: int, height: int, tone: int, cropping: bool
) -> None:
    image = encoded(Image.new("L", (width, height), tone))
    try:
        answer = Recognizer("fixture").recognize(image, cropping=cropping)
    except Refused as refused:
        assert refused.code == 4000505 and not cropping
        return
    for word in (word for line in answer.lines for word in line):
        x1, y1, x2, y2, x3, y3, x4, y4 = word.box
        assert 0 <= x1 == x4 < x2 == x3 <= width
        assert 0 <= y1 == y2 < y3 == y4 <= height
        assert 0 <= word.confidence <= 1


def test_the_same_image_gives_the_same_answer_in_every_recognizer() -> None:
    image = blank(200, 100)
    answers = {Recognizer("fixture").recognize(image, cropping=False) for _ in range(3)}
    assert len(answers) == 1
    assert answers != {Recognizer("fixture").recognize(blank(200, 101), cropping=False)}


def test_text_in_an_overlap_comes_twice_or_once() -> None:
    lines = [[f"line{number}"] for number in range(60)]
    image = embed_text(blank(200, 3000), lines)
    repeated = Recognizer("fixture", "repeat").recognize(image, cropping=True)
    merged = Recognizer("fixture", "merge").recognize(image, cropping=True)
    assert repeated.slices == merged.slices == 8
    assert texts(merged) == lines
    counts = Counter(text for (text,) in texts(repeated))
    assert set(counts) == {text for (text,) in lines}
    assert set(counts.values()) == {1, 2}


def test_a_line_across_the_slices_of_a_wide_image_is_one_when_merged() -> None:
    lines = [[f"row{row}word{number}" for number in range(40)] for row in range(2)]
    image = embed_text(blank(3000, 200), lines)
    merged = Recognizer("fixture", "merge").recognize(image, cropping=True)
    assert merged.slices > 1
    assert texts(merged) == lines
    repeated = Recognizer("fixture", "repeat").recognize(image, cropping=True)
    words = Counter(word for line in texts(repeated) for word in line)
    assert set(words) == {word for line in lines for word in line}
    assert max(words.values()) == 2


def test_past_1_to_10_only_cropping_answers() -> None:
    recognizer = Recognizer("fixture")
    assert recognizer.recognize(blank(10, 100), cropping=False).slices == 1
    with pytest.raises(Refused) as caught:
        recognizer.recognize(blank(10, 101), cropping=False)
    assert caught.value.code == 4000505
    assert recognizer.recognize(blank(10, 101), cropping=True).slices > 1


def test_threads_may_share_a_recognizer() -> None:
    recognizer = Recognizer("fixture")
    answers: dict[int, Recognition] = {}

    def ask(number: int) -> None:
        image = embed_text(blank(40, 30), [[f"thread{number}"]])
        answers[number] = recognizer.recognize(image, cropping=bool(number % 2))

    threads = [Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: texts(answer) for number, answer in answers.items()} == {
        number: [[f"thread{number}"]] for number in range(40)
    }


def test_types_and_programs_know_the_same_engines() -> None:
    assert get_args(Engine) == ENGINES


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="tesseract, photo, fixture"):
        Recognizer("magic")
    with pytest.raises(ValueError, match="repeat or merge"):
        Recognizer("fixture", "often")  # type: ignore[arg-type]
