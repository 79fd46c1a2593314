"""The playground in a real Chromium; `nox -s browser` runs these tests, `tests` does not."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from nhncloud_ocr_emulator import Emulator, embed_text
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
    collect_ignore_glob = ["test_*.py"]

LINES = [["합계", "29,800원"], ["Total", "stella", "artois"], ["belgium"]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium: CHROMIUM names it, or the search path has it."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium was found: set CHROMIUM to its path")
    with sync_playwright() as playwright:
        # Its sandbox needs what containers do not give; the pages are our own.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(engine="fixture", allow_private_urls=True) as emulator:
        yield emulator


@pytest.fixture
def image() -> bytes:
    """A picture whose words the engine `fixture` knows: LINES."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "white").save(file, "PNG")
    return embed_text(file.getvalue(), LINES)


Open = Callable[..., "Page"]


@pytest.fixture
def open_page(chromium: Browser, emulator: Emulator) -> Iterator[Open]:
    """Opens the playground; at the end nothing may have been refused, failed or sent elsewhere."""
    complaints: list[str] = []
    contexts = []

    def listen(page: Page) -> None:
        def said(message: Any) -> None:
            # A reply with a status of 400 or more is an error to a browser, not to the page.
            if message.type in ("error", "warning") and "/recognize" not in str(message.location):
                complaints.append(message.text)

        def asked(request: Any) -> None:
            if not request.url.startswith((f"{emulator.base_url}/playground/", "blob:")):
                complaints.append(f"asked for {request.url}")

        page.on("console", said)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", asked)

    def open_(query: str = "", *, context: Any = None, **options: Any) -> Page:
        if context is None:
            options = {"locale": "en-US", **options}
            context = chromium.new_context(**options)
            contexts.append(context)
        page = context.new_page()
        listen(page)
        page.goto(f"{emulator.base_url}/playground/{query}")
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints


def choose(page: Page, data: bytes, name: str = "image.png", *, call: int = 1) -> None:
    """Give the page a file, and wait until that call is done."""
    file = {"name": name, "mimeType": "image/png", "buffer": data}
    page.set_input_files("#file" if page.is_visible("#empty") else "#again", file)  # type: ignore[arg-type]
    page.wait_for_selector(f"html[data-done='{call}']")
