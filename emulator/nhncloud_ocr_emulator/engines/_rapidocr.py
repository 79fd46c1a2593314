"""All that the engines know of rapidocr: grey pixels in, the four corners of each line out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, cast

from PIL import Image

from ._geometry import Quad

__all__ = ["LineDetector"]

_SHORT_SIDE: Final = 736  # pixels; to so much rapidocr itself enlarges before it detects
_MAX_PIXELS: Final = 1_500_000  # more finds no more text, and 2.5 million took 900 MB
# Small pictures longer than 1.5 : 1 are enlarged to this. On 59 such photographs of 0.2 to 0.8
# megapixels, with text from 9 pixels on, errors were 5.1 %, with a million pixels 5.1, with 1.2
# million 4.6 and with 1.5 million 4.8, in a fifth to a quarter more time (a wide screenshot takes
# twice the time). Text of 13 pixels and more gained nothing.
_MAX_ENLARGED: Final = 800_000
_FLAT: Final = 5  # tones of 256, within which all of a blank image is; text was found from 10 on
_MODEL: Final = "PP-OCRv6_det_small.onnx"


class _Array(Protocol):
    def tolist(self) -> list[Any]: ...


class _Output(Protocol):
    boxes: _Array | None


class _RapidOCR(Protocol):
    def __call__(self, img_content: Image.Image) -> _Output: ...


class _Rapidocr(Protocol):
    def RapidOCR(self, *, params: dict[str, object]) -> _RapidOCR: ...  # noqa: N802


# Loaded by name: an emulator without the extra has neither.
_rapidocr = cast(_Rapidocr, import_module("rapidocr"))
import_module("onnxruntime")


class LineDetector:
    """PP-OCRv6's detector of text lines, bundled with rapidocr; not safe across threads."""

    def __init__(self) -> None:
        package = Path(str(import_module("rapidocr").__file__)).parent
        detect = _rapidocr.RapidOCR(
            params={
                # By its path: rapidocr downloads a model that it knows by name and does not find.
                "Det.model_path": str(package / "models" / _MODEL),
                # Detection only. The classifier turns Hangul lines over, the recogniser has no
                # Hangul and drops the lines where it reads nothing.
                "Global.use_cls": False,
                "Global.use_rec": False,
                # The size is set here, by area: by side alone a narrow image needs gigabytes.
                "Global.use_preprocess_img": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": 1_000_000,
                # One image takes one core, as Tesseract does: there is an engine process to a
                # core, and a second thread would take it from another image. A single image on
                # an idle machine would gain a little of the detector's part alone.
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.log_level": "critical",
            }
        )
        detect(Image.new("L", (64, 64), 255))  # the model is loaded at the first call
        self._detect = detect

    def detect(self, grey: Image.Image) -> list[Quad]:
        """Return the corners of each line, or piece of a line, in pixels of the image."""
        if _is_flat(grey):  # or each slice of a long blank image takes a second
            return []
        scale = _scale(grey.size)
        width, height = (max(1, round(side * scale)) for side in grey.size)
        scaled = grey.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2)
        boxes = self._detect(scaled).boxes
        if boxes is None:
            return []
        across, down = grey.width / width, grey.height / height
        return [Quad(*((x * across, y * down) for x, y in box)) for box in boxes.tolist()]


def _is_flat(grey: Image.Image) -> bool:
    """Whether an image is so nearly of one tone that nothing would be found in it."""
    darkest, lightest = cast(tuple[int, int], grey.getextrema())
    return lightest - darkest <= _FLAT


def _scale(size: Sequence[int]) -> float:
    """Enlarge to a short side of 736 pixels, or shrink, to the area the detector may have."""
    area = math.prod(size)
    enlarged = max(1.0, min(_SHORT_SIDE / min(size), math.sqrt(_MAX_ENLARGED / area)))
    return min(enlarged, math.sqrt(_MAX_PIXELS / area))
