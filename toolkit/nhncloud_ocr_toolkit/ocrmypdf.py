"""NHN Cloud OCR as the engine of ocrmypdf 17.

ocrmypdf --plugin nhncloud_ocr_toolkit.ocrmypdf -l kor+eng scan.pdf searchable.pdf

Every page is one call, which may be billed. So there is no entry point, which would bring the
engine into every run of ocrmypdf on the machine: `--plugin` is the consent. Keys come from the
environment, as for `OcrClient()`. The words go in by our own writer, through ocrmypdf's `sandwich`
renderer: its other one draws words anew and leaves out the blanks between Hangul words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from nhncloud_ocr import (
    AuthenticationError,
    ConfigurationError,
    ImageRejectedError,
    InvalidImageError,
    OcrClient,
    OcrError,
    OcrResult,
    PermissionDeniedError,
    __version__,
)

from ._clean import clean
from ._pdf._document import write_layer
from ._picture import open_picture

# By name, so that type checkers judge this module alike with and without ocrmypdf installed.
try:
    _ocrmypdf: Any = import_module("ocrmypdf")
    _exceptions: Any = import_module("ocrmypdf.exceptions")
    _pluginspec: Any = import_module("ocrmypdf.pluginspec")
except ImportError as missing:
    raise ImportError(
        "nhncloud_ocr_toolkit.ocrmypdf is a plugin of ocrmypdf: pip install ocrmypdf"
    ) from missing

Function = TypeVar("Function", bound=Callable[..., Any])

LANGUAGES = frozenset({"kor", "eng"})
"""What the service reads (documented). It takes no language: it reads both at once."""

MANY_PAGES = 10
_MAX_BYTES = 20 * 1024 * 1024  # of an image (documented)
_JPEG_QUALITY = 90
_SHRINK = 0.75
_LONGEST_SIDE = 65_535  # pixels, of a JPEG
_OURS = "auto"  # with --plugin given, the choice of an engine left open is ours

_log = logging.getLogger(__name__)
_KEYS_REFUSED = (AuthenticationError, PermissionDeniedError, ConfigurationError)
_PAGE_REFUSED = (ImageRejectedError, InvalidImageError)


def _hook(function: Function) -> Function:
    marked: Function = _ocrmypdf.hookimpl(function)
    return marked


class Engine:
    """What ocrmypdf asks an engine for (its `OcrEngine`)."""

    @staticmethod
    def version() -> str:
        """The SDK's version: the service names none."""
        return __version__

    @staticmethod
    def creator_tag(options: Any) -> str:
        """Who made the text, for the file's metadata."""
        return f"NHN Cloud OCR by nhncloud-ocr {__version__}"

    def __str__(self) -> str:
        return f"NHN Cloud OCR (nhncloud-ocr {__version__})"

    @staticmethod
    def languages(options: Any) -> set[str]:
        """The languages that `-l` may name."""
        return set(LANGUAGES)

    @staticmethod
    def get_orientation(input_file: Path, options: Any) -> Any:
        """Nothing known: to ask the service would be a call more."""
        return _pluginspec.OrientationConfidence(angle=0, confidence=0.0)

    @staticmethod
    def get_deskew(input_file: Path, options: Any) -> float:
        """Nothing known, as above. Leaning text is read as it is."""
        return 0.0

    @staticmethod
    def supports_generate_ocr() -> bool:
        """False: by that way ocrmypdf draws the words itself."""
        return False

    @staticmethod
    def generate_ocr(input_file: Path, options: Any, page_number: int = 0) -> Any:
        """Refused, with what to do."""
        raise _only_sandwich()

    @staticmethod
    def generate_hocr(input_file: Path, output_hocr: Path, output_text: Path, options: Any) -> None:
        """Refused, with what to do."""
        raise _only_sandwich()

    @staticmethod
    def generate_pdf(input_file: Path, output_pdf: Path, output_text: Path, options: Any) -> None:
        """Recognise a page: one call. Write its text layer, and its text."""
        data = Path(input_file).read_bytes()
        sent = _within_limit(data)
        page = _recognized(sent)
        unplaced = write_layer(open_picture(data), page, Path(output_pdf), 1 / sent.scale)
        if unplaced:
            _log.warning("%d words have no box in the reply and could not be placed", unplaced)
        text = "\n".join(clean(line.text) for line in page.lines)
        Path(output_text).write_text(text, encoding="utf-8")


@_hook
def get_ocr_engine(options: Any) -> Engine | None:
    """Ours, unless another was asked for by name."""
    return Engine() if _chosen(options) else None


@_hook
def check_options(options: Any) -> None:
    """Take our renderer where none is named; refuse others, and missing keys, before any page."""
    if not _chosen(options):
        return
    if options.pdf_renderer == "auto":
        options.pdf_renderer = "sandwich"
    elif options.pdf_renderer != "sandwich":
        raise _only_sandwich()
    try:
        OcrClient().close()
    except ConfigurationError as exc:
        raise _exceptions.BadArgsError(str(exc)) from exc


@_hook
def validate(pdfinfo: Any, options: Any) -> None:
    """Say what the run may cost."""
    if not _chosen(options):
        return
    chosen = options.pages if isinstance(options.pages, Iterable) else None
    count = len([number for number in range(len(pdfinfo)) if not chosen or number in chosen])
    level = logging.WARNING if count >= MANY_PAGES else logging.INFO
    calls = "1 page: 1 call" if count == 1 else f"{count:,} pages: up to {count:,} calls"
    _log.log(level, "NHN Cloud OCR reads %s, which may be billed", calls)


def _chosen(options: Any) -> bool:
    return options is None or getattr(options, "ocr_engine", _OURS) == _OURS


def _only_sandwich() -> Exception:
    error: Exception = _exceptions.BadArgsError(
        "NHN Cloud OCR writes its text layer itself, with the blanks between Hangul words: leave "
        "--pdf-renderer out, or say --pdf-renderer sandwich"
    )
    return error


class Sent(NamedTuple):
    """An image as it is sent; `scale` is its pixels over those of the page."""

    data: bytes
    scale: float


def _recognized(sent: Sent) -> OcrResult:
    """The page's words. A page that the service refuses stays without text; any other error ends
    the run with a sentence."""
    try:
        # A client of its own, for pages are read in processes of their own. What may have been
        # billed is not sent again: the client's default.
        with OcrClient(on_no_text="empty") as ocr:
            return ocr.recognize(sent.data)
    except _PAGE_REFUSED as exc:
        _log.warning("this page stays without text: %s", exc)
        return OcrResult(lines=())
    except _KEYS_REFUSED as exc:
        raise _exceptions.BadArgsError(str(exc)) from exc
    except OcrError as exc:
        billed = " (this call may have been billed)" if exc.maybe_billed else ""
        raise _exceptions.ExitCodeException(f"{exc}{billed}") from exc


def _within_limit(data: bytes) -> Sent:
    """The image, or a JPEG of it where it has more bytes than the service takes: in the same size
    if that will do, else a smaller one."""
    if len(data) <= _MAX_BYTES:
        return Sent(data, 1)
    from PIL import Image  # which ocrmypdf brings

    with Image.open(BytesIO(data)) as opened:
        grey = opened.mode in ("1", "L", "I", "I;16")
        image = opened.convert("L" if grey else "RGB")
    whole = max(image.size)
    while True:
        scale = max(image.size) / whole
        if max(image.size) <= _LONGEST_SIDE:
            written = BytesIO()
            image.save(written, "JPEG", quality=_JPEG_QUALITY)
            if len(written.getvalue()) <= _MAX_BYTES:
                break
        smaller = [max(round(side * _SHRINK), 1) for side in image.size]
        image = image.resize((smaller[0], smaller[1]), Image.Resampling.LANCZOS)
    _log.info(
        "the page's image has more than 20 MiB, the service's limit: sent as JPEG, %d x %d pixels",
        *image.size,
    )
    return Sent(written.getvalue(), scale)
