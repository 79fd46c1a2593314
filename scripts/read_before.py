"""How the emulator read at first: what `accuracy.py` holds today's figures against."""

import math
from pathlib import Path

import nhncloud_ocr_emulator
import tesserocr
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

MODELS = Path(nhncloud_ocr_emulator.__file__).parent / "models"


class Tesserocr:
    """tesserocr by itself, on the whole page."""

    def __init__(self) -> None:
        self._api = tesserocr.PyTessBaseAPI(
            path=f"{MODELS}/", lang="kor+eng", psm=tesserocr.PSM.SINGLE_BLOCK
        )

    def read(self, path: Path) -> str:
        """Return the words of an image file, one blank between them, one line feed after lines."""
        try:
            grey = self._grey(path)
        except (OSError, SyntaxError, ValueError):  # it was refused
            return ""
        self._api.SetImageBytes(  # its stub takes text for bytes
            grey.tobytes(),  # pyright: ignore[reportArgumentType]
            *grey.size,
            1,
            grey.width,
        )
        self._api.SetSourceResolution(70)
        try:
            text = self._api.GetUTF8Text()
        except RuntimeError:  # "No text returned"
            return ""
        return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())

    @staticmethod
    def _grey(path: Path) -> Image.Image:
        """Return dark text on a light ground, as a viewer would show it."""
        with Image.open(path) as image:
            image.draft("L", image.size)
            image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I"):
            image = image.convert("I").point(lambda value: value / 256)
        if image.has_transparency_data:
            image = image.convert("RGBA")
            grey, alpha = image.convert("L"), image.getchannel("A")
            seen = grey.histogram(mask=alpha)
            ground = 0 if sum(seen[128:]) > sum(seen[:128]) else 255
            image = Image.composite(grey, Image.new("L", image.size, ground), alpha)
        if image.mode in ("P", "CMYK"):
            image = image.convert("RGB")
        image = image.convert("L")
        return Tesserocr._on_even_ground(image)

    @staticmethod
    def _on_even_ground(image: Image.Image) -> Image.Image:
        """Invert a dark page; subtract a ground of several tones."""
        if ImageStat.Stat(image).median[0] < 128:
            image = ImageChops.invert(image)
        small = image.resize([math.ceil(side / 4) for side in image.size], Image.Resampling.BOX)
        ground = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MinFilter(9))
        tones = sorted(ground.tobytes())
        if tones[int(0.95 * len(tones))] - tones[int(0.05 * len(tones))] < 16:
            return image
        return ImageChops.invert(ImageChops.subtract(ground.resize(image.size), image))
