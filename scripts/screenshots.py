"""Take the pictures of the playground that the README shows, into `docs/images/`.

Run by `nox -s browser -- --screenshots`, after a change that can be seen. The engine is Tesseract.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

import httpx
from nhncloud_ocr_emulator import Emulator
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs/images"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SIZE = {"width": 1200, "height": 750}
MOST = 150_000  # bytes


def main() -> None:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        sys.exit("no Chromium was found: set CHROMIUM to its path")
    with Emulator() as emulator, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = opened(browser, emulator, "en-US", "light")
        page.hover("#words button >> nth=6")
        save(page, "playground-words.png")
        page = opened(browser, emulator, "ko-KR", "dark")
        some_calls(emulator, httpx.get(f"{emulator.base_url}/playground/sample.png").content)
        page.fill("#search", "커피")
        page.click("#calls-tab")
        page.wait_for_selector("#calls li >> nth=3")
        save(page, "playground-calls.png")
        browser.close()


def opened(browser: Browser, emulator: Emulator, locale: str, scheme: str) -> Page:
    """Return the page with the sample read."""
    page = browser.new_page(locale=locale, color_scheme=scheme, viewport=SIZE)  # type: ignore[arg-type]
    page.goto(f"{emulator.base_url}/playground/")
    page.click("#sample")
    page.wait_for_selector("html[data-done='1']")
    return page


def some_calls(emulator: Emulator, image: bytes) -> None:
    """Call as a program of somebody's would, with and without success."""
    key = (emulator.user_access_key_id, emulator.secret_access_key)
    grant = {"grant_type": "client_credentials"}
    token = httpx.post(emulator.token_url, data=grant, auth=key).json()["access_token"]
    for body, fault in (
        ({"files": {"image": ("receipt.png", image)}}, ""),
        ({"json": {"image_url": "https://example.com/receipt.png"}}, ""),
        ({"files": {"image": ("receipt.png", image)}}, "status=503"),
    ):
        httpx.post(
            f"{emulator.base_url}/v1.1/appkeys/{emulator.app_key}/general",
            headers={"X-NHN-Authorization": f"Bearer {token}", "X-Emulator-Fault": fault},
            timeout=60,
            **body,  # type: ignore[arg-type]
        )


def save(page: Page, name: str) -> None:
    """Keep a picture, packed as well as Pillow can."""
    file = FOLDER / name
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(file, optimize=True)
    size = file.stat().st_size
    print(f"{file.name}: {size:,} bytes")
    if size > MOST:
        sys.exit(f"{file.name} has more than {MOST:,} bytes")


if __name__ == "__main__":
    main()
