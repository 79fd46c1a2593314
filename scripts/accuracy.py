"""Print how well the emulator reads images with a known text, per kind and language.

    python scripts/accuracy.py [--engine tesseract|photo] [MANIFEST]

Each image goes through the SDK, HTTP and the emulator, and beside that to tesserocr itself, with
none of the emulator's code between. The exit code is 1 when the two texts differ (engine
`tesseract`), or when upright printed text (kind `plain`) has more errors than promised.

CER, the character error rate: edit distance over the truth's length, of NFKC text without white
space. Recall: how many of the truth's words, split at white space, were found.
"""

import argparse
import csv
import math
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeVar

import nhncloud_ocr_emulator
import tesserocr
from nhncloud_ocr import AspectRatioWarning, NoTextFoundError, OcrClient, OcrResult
from nhncloud_ocr_emulator import Emulator
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat
from rapidfuzz.distance import Levenshtein

MANIFEST = Path(__file__).resolve().parent.parent / "tests/data/images/manifest.tsv"
MODELS = Path(nhncloud_ocr_emulator.__file__).parent / "models"
LIMITS = {"en": 2.0, "ko": 5.0, "mixed": 8.0}  # CER in percent, kind `plain`
CROPPING_FROM = 2.5  # side ratio from which the service advises cropping
GENERAL_UP_TO = 10.0  # side ratio up to which it answers without
BY_HAND = {
    "photo": (23, 69),
    "rotated": (22, 95),
}  # CER and recall of `photo`, as first tried by hand

T = TypeVar("T")


@dataclass(frozen=True)
class Sample:
    """An image of a manifest, with its truth."""

    path: Path
    kind: str
    language: str
    truth: str
    side_ratio: float


@dataclass
class Score:
    """Errors and finds, summed over images."""

    errors: int = 0
    characters: int = 0
    found: int = 0
    words: int = 0

    def add(self, text: str, truth: str) -> None:
        """Count a text against its truth."""
        self.errors += Levenshtein.distance(letters(text), letters(truth))
        self.characters += len(letters(truth))
        self.found += (Counter(text.split()) & Counter(truth.split())).total()
        self.words += len(truth.split())

    def __add__(self, other: "Score") -> "Score":
        mine, theirs = astuple(self), astuple(other)
        return Score(*(a + b for a, b in zip(mine, theirs, strict=True)))

    @property
    def error_rate(self) -> float:
        """Character errors in percent."""
        return 100 * self.errors / self.characters

    def __str__(self) -> str:
        return f"{self.error_rate:6.1f} {100 * self.found / self.words:6.0f}"


def letters(text: str) -> str:
    """Return what the error rate counts."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def samples(manifest: Path) -> Iterator[Sample]:
    """Yield the manifest's images that have a text."""
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path, truth = manifest.parent / row["file"], manifest.parent / row["truth"]
            text = truth.read_text("utf-8") if truth.is_file() else ""
            if text.strip():
                with Image.open(path) as image:
                    ratio = max(image.size) / min(image.size)
                yield Sample(path, row["kind"], row["language"], text, ratio)


def text_of(call: Callable[[T], OcrResult], argument: T) -> str:
    """Return a call's text, empty where the service found none."""
    try:
        return call(argument).text
    except NoTextFoundError:
        return ""


class Tesserocr:
    """tesserocr by itself: what the text is compared with."""

    def __init__(self) -> None:
        self._api = tesserocr.PyTessBaseAPI(
            path=f"{MODELS}/", lang="kor+eng", psm=tesserocr.PSM.SINGLE_BLOCK
        )

    def read(self, path: Path) -> str:
        """Return the words of an image file, one blank between them, one line feed after lines."""
        grey = self._grey(path)
        self._api.SetImageBytes(grey.tobytes(), *grey.size, 1, grey.width)
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


def main(arguments: Iterable[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    # Tall images go to `general` too, to compare the texts; that cropping is better there is known.
    warnings.simplefilter("ignore", AspectRatioWarning)
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("manifest", nargs="?", type=Path, default=MANIFEST)
    parser.add_argument("--engine", choices=("tesseract", "photo"), default="tesseract")
    options = parser.parse_args(arguments)

    through: defaultdict[tuple[str, str], Score] = defaultdict(Score)
    direct: defaultdict[tuple[str, str], Score] = defaultdict(Score)
    files: Counter[tuple[str, str]] = Counter()
    compared: list[str] = []
    differing: list[str] = []
    sliced: list[str] = []
    tesseract = Tesserocr()
    with (
        Emulator(engine=options.engine, overlap="merge") as emulator,
        OcrClient(
            app_key=emulator.app_key, secret_key=emulator.secret_key, base_url=emulator.base_url
        ) as client,
    ):
        for sample in samples(options.manifest):
            key = sample.kind, sample.language
            files[key] += 1
            plain = tesseract.read(sample.path)
            direct[key].add(plain, sample.truth)
            text = None
            if sample.side_ratio <= GENERAL_UP_TO:
                text = text_of(client.recognize, sample.path)
                compared.append(sample.path.name)
                if text != plain:
                    differing.append(sample.path.name)
            if sample.side_ratio > CROPPING_FROM or text is None:
                text = text_of(client.recognize_cropping, sample.path)
                sliced.append(sample.path.name)
            through[key].add(text, sample.truth)

    print("kind       language  images    CER % recall %    tesserocr directly")
    for key, score in sorted(through.items()):
        print(f"{key[0]:10} {key[1]:9} {files[key]:5}    {score}      {direct[key]}")
    print(f"sliced by cropping, and merged (side ratio over {CROPPING_FROM}): {', '.join(sliced)}")

    if options.engine == "photo":
        for kind, (rate, recall) in BY_HAND.items():
            scores = [
                score for key, score in through.items() if key[0] == kind and key[1] in LIMITS
            ]
            if scores:  # of the languages that the models know
                print(
                    f"{kind:10} together      {sum(scores, Score())}      {rate:6.1f} {recall:6} as first tried by hand"
                )

    failures = []
    if options.engine == "tesseract":
        same = f"of {len(compared)} images up to {GENERAL_UP_TO:g}:1, sent to general"
        if differing:
            failures.append(f"not the same text as tesserocr directly: {', '.join(differing)}")
        else:
            print(f"the same text as tesserocr directly, {same}")
    for language, limit in LIMITS.items():
        rate = through["plain", language].error_rate if ("plain", language) in through else 0.0
        if rate > limit:
            failures.append(f"plain {language}: {rate:.1f} % character errors, {limit:g} % allowed")
    print(*failures, sep="\n", end="\n" if failures else "")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
