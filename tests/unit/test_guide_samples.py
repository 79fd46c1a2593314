"""The guide's two sample replies, byte for byte as printed: repeated key, trailing comma and
all.
"""

import pytest
from nhncloud_ocr import Quad
from unit.support import DATA, Answer

GENERAL = (DATA / "guide-general.json").read_bytes()
CROPPING = (DATA / "guide-cropping.json").read_bytes()
BOX = Quad(32, 23, 65, 23, 65, 35, 32, 35)


@pytest.fixture(params=[(GENERAL, False), (CROPPING, True)], ids=["general", "cropping"])
def sample(request):
    return request.param


def read(driver, sample):
    body, cropping = sample
    return driver.read(Answer(body), cropping=cropping)


@pytest.mark.parametrize("body", [GENERAL, CROPPING])
def test_the_files_are_untidied(body) -> None:
    assert body.count(b'"inferTexts"') == 2
    assert b"},\n                ]" in body


def test_no_word_is_lost_and_each_group_is_a_line(driver, sample) -> None:
    page = read(driver, sample)
    assert [[word.text for word in line.words] for line in page.lines] == [
        ["stella", "artois"],
        ["belgium"],
    ]
    assert [word.confidence for word in page.words] == [0.99, 0.98, 0.99]
    assert [line.text for line in page.lines] == ["stella artois", "belgium"]
    assert page.text == "stella artois\nbelgium"
    assert page.file_type == "png"


def test_three_words_and_one_box_are_not_guessed_together(driver, sample) -> None:
    page = read(driver, sample)
    assert [word.box for word in page.words] == [None, None, None]
    assert [line.box for line in page.lines] == [None, None]
    assert page.boxes == ((BOX,),)


def test_only_cropping_has_slices(driver) -> None:
    assert read(driver, (GENERAL, False)).slices is None
    assert read(driver, (CROPPING, True)).slices == 2


def test_the_reply_is_kept_as_it_came(driver, sample) -> None:
    assert read(driver, sample).raw == sample[0]
