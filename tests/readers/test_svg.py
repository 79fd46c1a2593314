"""SVG as a browser shows it."""

import io
import shutil

import nhncloud_ocr_toolkit as toolkit
import pytest
from PIL import Image
from toolkit.pages import HARD_TEXTS, IMAGES, page, png, stored, word

pytestmark = pytest.mark.readers

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser):
    tab = browser.new_page(viewport={"width": 1000, "height": 1000})
    tab.on("dialog", lambda dialog: pytest.fail("a script ran"))
    yield tab
    tab.close()


def shown(tab, tmp_path, svg):
    path = tmp_path / "page.svg"
    path.write_text(svg, "utf-8")
    tab.goto(path.as_uri())


def test_a_browser_shows_a_polygon_for_each_word(tab, tmp_path) -> None:
    hostile = page(*[[word(text, 10, 10 + 3 * n)] for n, text in enumerate(HARD_TEXTS)])
    shown(tab, tmp_path, toolkit.svg(hostile, png()))
    assert tab.locator("polygon").count() == len(HARD_TEXTS)
    assert tab.evaluate("document.querySelectorAll('script, a, foreignObject').length") == 0


def test_a_browser_turns_an_exif_image_as_the_boxes_are(tab, tmp_path) -> None:
    """The picture's dark pixels lie under the boxes, so picture and boxes have one frame."""
    turned = stored("exif6")
    shown(tab, tmp_path, toolkit.svg(turned, IMAGES / "ours" / "s13_mixed_exif6.jpg"))

    tab.evaluate("document.querySelector('g').remove()")
    with Image.open(io.BytesIO(tab.screenshot())) as screen:
        grey = screen.convert("L")
        for each in turned.words[:5]:
            box = each.box
            assert grey.crop((box.x1, box.y1, box.x3, box.y3)).getextrema()[0] < 128
