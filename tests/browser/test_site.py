"""The site, opened from a disk: its search works, and nothing is asked of other hosts."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(find_spec("material") is None, reason="mkdocs-material is missing")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize(
    ("page", "word"),
    [("index.html", "receipt"), ("ko/index.html", "영수증"), ("ko/how-to/search.html", "영수증")],
)
def test_the_search_finds_words_of_both_languages(chromium, site, page, word) -> None:
    tab = chromium.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto((site / page).as_uri())
    tab.wait_for_load_state()
    tab.click(".md-search__input")
    tab.keyboard.type(word)
    tab.keyboard.press("End")  # the search listens to keys, and Hangul is put in without one
    tab.wait_for_selector(".md-search-result__link[href*='how-to/receipt-to-table']")
    tab.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []


def test_the_other_language_of_a_page_is_a_click_away(chromium, site) -> None:
    tab = chromium.new_page()
    tab.goto((site / "tutorial.html").as_uri())
    tab.hover(".md-select")
    tab.click("a[hreflang=ko].md-select__link")
    tab.wait_for_url("**/ko/tutorial.html")
    assert "PDF" in tab.title()
    tab.close()


def test_a_command_is_copied_without_its_prompt(chromium, site) -> None:
    tab = chromium.new_page()
    tab.goto((site / "tutorial.html").as_uri())
    block = tab.locator(".highlight code").first
    block.evaluate("block => block.setAttribute('data-md-copying', '')")  # as the button does
    assert block.inner_text().startswith("git clone https://")
    tab.close()
