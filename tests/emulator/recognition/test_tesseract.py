"""The default engine, on real pages."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nhncloud_ocr_emulator._images import decode
from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator.recognition import Recognition, Refused
from patience import PATIENCE
from PIL import ImageOps

from .pictures import encoded, ours, truth

pytest.importorskip("tesserocr")


def words(answer: Recognition) -> list[str]:
    return [word.text for line in answer.lines for word in line]


def bounds(answer: Recognition, text: str) -> tuple[int, int, int, int]:
    (box,) = (word.box for line in answer.lines for word in line if word.text == text)
    return min(box[0::2]), min(box[1::2]), max(box[0::2]), max(box[1::2])


@pytest.mark.parametrize("prefix", ["s01", "s02", "s04", "s05"])
def test_words_have_the_true_spacing(tesseract: Recognizer, prefix: str) -> None:
    expected = truth(prefix).split()
    found = words(tesseract.recognize(ours(prefix), cropping=False))
    assert len(set(found) & set(expected)) >= 0.9 * len(set(expected))


def test_lines_are_in_reading_order(tesseract: Recognizer) -> None:
    answer = tesseract.recognize(ours("s04"), cropping=False)
    assert [" ".join(word.text for word in line) for line in answer.lines] == truth(
        "s04"
    ).splitlines()


@pytest.mark.parametrize("prefix", ["s01", "s06", "s07", "s08", "s24", "s34"])
def test_boxes_are_upright_inside_and_one_after_the_other(
    tesseract: Recognizer, prefix: str
) -> None:
    image = ours(prefix)
    answer = tesseract.recognize(image, cropping=True)
    for line in answer.lines:
        centres = [sum(word.box[0::2]) for word in line]
        assert centres == sorted(centres)
        for word in line:
            x1, y1, x2, y2, x3, y3, x4, y4 = word.box
            assert 0 <= x1 == x4 < x2 == x3
            assert 0 <= y1 == y2 < y3 == y4
            assert 0 <= word.confidence <= 1
            assert word.text and not set(word.text) & set(" \n")


def test_a_box_is_around_its_word(tesseract: Recognizer) -> None:
    image = ours("s04")
    answer = tesseract.recognize(image, cropping=False)
    left, top, right, bottom = bounds(answer, "dignity")
    page = decode(image).pixels.crop((left, top, right, bottom))
    again = tesseract.recognize(encoded(ImageOps.expand(page, 20, 255)), cropping=False)
    assert words(again) == ["dignity"]


def test_boxes_of_an_exif_turned_photograph_fit_what_viewers_show(tesseract: Recognizer) -> None:
    upright = tesseract.recognize(ours("s22"), cropping=False)
    turned = tesseract.recognize(ours("s13"), cropping=False)
    for text in ("Galaxy", "support@example.com"):
        assert bounds(turned, text) == pytest.approx(bounds(upright, text), abs=6)


def test_a_screenshot_of_a_chat_is_read_through_cropping(tesseract: Recognizer) -> None:
    answer = tesseract.recognize(ours("s30"), cropping=True)
    expected = truth("s30").split()
    assert answer.slices == 4
    assert len(set(words(answer)) & set(expected)) >= 0.85 * len(set(expected))
    tops = [min(y for word in line for y in word.box[1::2]) for line in answer.lines]
    assert max(tops) > 5000  # pixels of the whole image


def test_repeated_overlaps_only_add_to_the_merged_text(tesseract: Recognizer) -> None:
    merged = tesseract.recognize(ours("s33"), cropping=True)
    repeating = Recognizer("tesseract", "repeat", PATIENCE)
    repeating.load()
    repeated = repeating.recognize(ours("s33"), cropping=True)
    repeating.close()
    assert repeated.slices == merged.slices > 1
    assert len(repeated.lines) > len(merged.lines)
    assert set(merged.lines) <= set(repeated.lines)


@pytest.mark.parametrize("prefix", ["s35", "s36"])
def test_nothing_to_read_is_refused(tesseract: Recognizer, prefix: str) -> None:
    with pytest.raises(Refused) as caught:
        tesseract.recognize(ours(prefix), cropping=True)
    assert caught.value.code == 4000501


def test_threads_get_what_a_single_caller_gets(tesseract: Recognizer) -> None:
    images = [ours(prefix) for prefix in ("s05", "s24", "s06")]
    expected = [tesseract.recognize(image, cropping=False) for image in images]
    with ThreadPoolExecutor(4) as executor:
        answers = executor.map(lambda image: tesseract.recognize(image, cropping=False), images * 2)
    assert list(answers) == expected * 2


def test_an_engine_is_loaded_before_it_reads_and_closed_twice() -> None:
    recognizer = Recognizer("tesseract")
    with pytest.raises(RuntimeError, match="load"):
        recognizer.recognize(ours("s05"), cropping=False)
    recognizer.load()
    recognizer.close()
    recognizer.close()


def refusal_of_tesseract(before: str) -> str:
    """What a program is told that cannot have the engine, for what it did `before`."""
    program = (
        f"import sys; {before}\n"
        "from nhncloud_ocr_emulator._recognizer import Recognizer\n"
        "from nhncloud_ocr_emulator.engines import EngineUnavailableError\n"
        "try: Recognizer('tesseract')\n"
        "except EngineUnavailableError as error: print(error)\n"
    )
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_missing_package_is_named_with_its_remedy() -> None:
    told = refusal_of_tesseract("sys.modules['tesserocr'] = None")
    assert "tesserocr" in told
    assert "pip install" in told
    assert "fixture" in told


def test_a_package_that_does_not_load_is_not_called_missing(tmp_path: Path) -> None:
    (tmp_path / "tesserocr.py").write_text("raise ImportError('libx.so.1: cannot open')")
    told = refusal_of_tesseract(f"sys.path.insert(0, {str(tmp_path)!r})")
    assert "libx.so.1" in told
    assert "not installed" not in told


def test_reading_says_nothing_on_standard_error(
    tesseract: Recognizer, capfd: pytest.CaptureFixture[str]
) -> None:
    tesseract.recognize(ours("s08"), cropping=False)
    assert capfd.readouterr() == ("", "")
