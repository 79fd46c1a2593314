"""Recognise images through the whole path: SDK, HTTP, emulator, OCR engine.

    python scripts/demo.py                    the sample images, one of them by its URL
    python scripts/demo.py IMAGE [IMAGE ...]  your own; a tall one goes to `recognize_cropping`
    python scripts/demo.py --confidences ...  each word followed by its confidence, 0 to 1

Each line of an image is one line of output. The exit code is 1 when an image failed. Everything
runs on 127.0.0.1 and ends with the program.
"""

import argparse
import contextlib
import importlib.util
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

import httpx
from nhncloud_ocr import Line, OcrClient, OcrError, OcrResult
from nhncloud_ocr_emulator import Emulator
from PIL import Image

SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "data" / "images" / "ours"
IMAGE_URL_PORTS = range(10000, 12001)  # beside 80 and 443, the only ones the service fetches from
PATIENCE = 600.0  # seconds: the emulator reads on this machine, which may be slow
TALL = 2.5  # height to width: past it the guide recommends cropping

Call = tuple[str, Callable[[], OcrResult]]  # a title and the call to time and print


def main(arguments: list[str]) -> int:
    """Recognise the images, or the samples when there are none; return the exit code."""
    parser = argparse.ArgumentParser(description="Recognise images through SDK and emulator.")
    parser.add_argument("images", nargs="*", metavar="IMAGE", help="a JPEG or PNG file, or a URL")
    parser.add_argument("--confidences", action="store_true", help="show each word's, 0 to 1")
    options = parser.parse_args(arguments)
    images: list[str] = options.images
    as_text = with_confidence if options.confidences else plain
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Hangul shows question marks; it does not stop the program.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    engine = "tesseract" if importlib.util.find_spec("tesserocr") else "fixture"
    if engine == "fixture":
        print("tesserocr has no wheel for this platform: the `fixture` engine answers, with words")
        print("of its own that are not in the image.")
    with contextlib.ExitStack() as stack:
        emulator = stack.enter_context(Emulator(engine=engine, allow_private_urls=not images))
        ocr = stack.enter_context(
            OcrClient(
                app_key=emulator.app_key,
                secret_key=emulator.secret_key,
                base_url=emulator.base_url,
                timeout=PATIENCE,
                transport=httpx.HTTPTransport(),  # straight to the socket: no proxy for loopback
            )
        )
        print(f"The emulator answers on {emulator.base_url}, engine: {engine}.")
        if images:
            calls = [own_image(ocr, image) for image in images]
        else:
            url = stack.enter_context(image_server(SAMPLES))
            calls = list(samples(ocr, url))
        return max([show(title, call, as_text) for title, call in calls])


def samples(ocr: OcrClient, url: str) -> Iterator[Call]:
    """Yield the calls for the sample images, which are served under `url` too."""
    for name in ("s08_mixed_receipt.png", "s09_mixed_receipt_photo.jpg"):
        yield name, partial(ocr.recognize, SAMPLES / name)
    tall = "s30_tall_chat_720x5400.png"
    yield f"{tall}, cropping", partial(ocr.recognize_cropping, SAMPLES / tall)
    image_url = f"{url}/s04_en_doc_serif28.png"
    yield image_url, partial(ocr.recognize, image_url=image_url)


def own_image(ocr: OcrClient, image: str) -> Call:
    """Return the call for the user's image: a path, or a URL."""
    if image.startswith(("http://", "https://")):
        return image, partial(ocr.recognize, image_url=image)
    if is_tall(image):
        return f"{image}, cropping", partial(ocr.recognize_cropping, image)
    return image, partial(ocr.recognize, image)


def is_tall(path: str) -> bool:
    """Tell whether the image is past 1:2.5; what Pillow cannot open is for the SDK to refuse."""
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as image:
            return image.height > TALL * image.width
    except (OSError, Image.DecompressionBombError):
        return False


def plain(line: Line) -> str:
    """Return the line's text."""
    return line.text


def with_confidence(line: Line) -> str:
    """Return the line's words, each with its confidence."""
    return "  ".join(f"{word.text.strip()} {word.confidence:.2f}" for word in line.words)


def show(title: str, call: Callable[[], OcrResult], as_text: Callable[[Line], str]) -> int:
    """Print what the call recognised, or its error in one line; return 0, or 1 for an error."""
    started = time.perf_counter()
    try:
        page = call()
    except OcrError as error:
        print(f"\n{title}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\n{title}: {error.strerror or error}", file=sys.stderr)
        return 1
    slices = f", {page.slices} slices" if page.slices else ""
    seconds = time.perf_counter() - started
    print(f"\n{title}: {len(page.words)} words{slices}, {seconds:.1f} s")
    for line in page.lines:
        print("  " + as_text(line))
    return 0


@contextlib.contextmanager
def image_server(folder: Path) -> Iterator[str]:
    """Serve the folder on a free loopback port that an image URL may name; yield its base URL."""
    for port in IMAGE_URL_PORTS:
        with contextlib.suppress(OSError):
            server = ThreadingTCPServer(("127.0.0.1", port), partial(Quiet, directory=str(folder)))
            break
    else:
        raise OSError("no free port in 10000-12000 on 127.0.0.1")
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, format: str, *args: object) -> None: ...


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
