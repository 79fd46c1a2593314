"""Print how well the emulator reads images with a known text, per kind and language.

    python scripts/accuracy.py [--engine tesseract|photo] [--kind KIND]... [MANIFEST...]

Each image goes through the SDK, HTTP and the emulator, and beside that to tesserocr as the emulator
once read: the whole page at once, Korean and English together. Without MANIFEST: the project's
images, and the hard pages: two sets that thresholds were chosen on, and one, `apart`, that was not.

The exit code is 1 when a kind has 0.5 points more errors than before, when upright printed text
(kind `plain`) has more than promised, or when HTTP gives another text than the engine.

CER, the character error rate: edit distance over the truth's length, of NFKC text without white
space. Recall: how many of the truth's words, split at white space, were found.
"""

import argparse
import csv
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TypeVar

from nhncloud_ocr import AspectRatioWarning, NoTextFoundError, OcrClient, OcrResult
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator._settings import Engine
from nhncloud_ocr_emulator.recognition import Refused
from PIL import Image
from rapidfuzz.distance import Levenshtein
from read_before import Tesserocr

IMAGES = Path(__file__).resolve().parent.parent / "tests/data/images"
MANIFESTS = [IMAGES / "manifest.tsv", IMAGES / "hard/manifest.tsv"]
LIMITS = {"en": 2.0, "ko": 5.0, "mixed": 8.0}  # CER in percent, kind `plain`
WORSE = 0.5  # points of CER that a kind may lose
CROPPING_FROM = 2.5  # side ratio from which the service advises cropping
BY_HAND = {
    "photo": (23, 69),
    "rotated": (22, 95),
}  # CER and recall of `photo`, as first tried by hand

T = TypeVar("T")
Key = tuple[str, str, str]  # set, kind, language


@dataclass(frozen=True)
class Sample:
    """An image of a manifest, with its truth."""

    path: Path
    kind: str
    language: str
    truth: str
    side_ratio: float
    set: str = "-"


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
                ratio = side_ratio(path)
                yield Sample(path, row["kind"], row["language"], text, ratio, row.get("set", "-"))


def side_ratio(path: Path) -> float:
    """Return how many times as long as short a picture is; 1 if Pillow does not open it."""
    try:
        with Image.open(path) as image:
            return max(image.size) / min(image.size)
    except (OSError, SyntaxError, ValueError):
        return 1.0


def text_of(call: Callable[[T], OcrResult], argument: T) -> str:
    """Return a call's text, empty where the service found none."""
    try:
        return call(argument).text
    except NoTextFoundError:
        return ""


def text_alone(engine: Recognizer, path: Path, *, cropping: bool) -> str:
    """Return the text of an image as the engine gives it, empty where there is none."""
    try:
        answer = engine.recognize(path.read_bytes(), cropping=cropping)
    except Refused:
        return ""
    return "\n".join(" ".join(word.text for word in line) for line in answer.lines)


@dataclass
class Measured:
    """What came of all images."""

    now: defaultdict[Key, Score] = field(default_factory=lambda: defaultdict(Score))
    before: defaultdict[Key, Score] = field(default_factory=lambda: defaultdict(Score))
    files: Counter[Key] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)  # from what the engine alone reads
    sliced: list[str] = field(default_factory=list)


def main(arguments: Iterable[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    # Tall images go to `general` too, to compare the texts; that cropping is better there is known.
    warnings.simplefilter("ignore", AspectRatioWarning)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifest", nargs="*", type=Path, default=MANIFESTS)
    parser.add_argument("--engine", choices=("tesseract", "photo"), default="tesseract")
    parser.add_argument("--kind", action="append", help="these kinds alone")
    options = parser.parse_args(arguments)
    asked = [sample for path in options.manifest for sample in samples(path)]
    if options.kind:
        asked = [sample for sample in asked if sample.kind in options.kind]
    measured = measure(asked, options.engine)
    show(measured)
    if options.engine == "photo":
        by_hand(measured.now)
    failures = [*complaints(measured)]
    if options.engine == "tesseract":
        failures += worse(measured.now, measured.before)
    if not measured.differing:
        print("the same text as from the engine alone")
    print(*failures, sep="\n", end="\n" if failures else "")
    return 1 if failures else 0


def measure(asked: Iterable[Sample], engine: Engine) -> Measured:
    """Have each image read by the emulator, by its engine alone, and as at first."""
    measured = Measured()
    tesseract = Tesserocr()
    alone = Recognizer(engine, "merge")
    alone.load()
    with (
        Emulator(engine=engine, overlap="merge") as emulator,
        OcrClient(
            app_key=emulator.app_key, secret_key=emulator.secret_key, base_url=emulator.base_url
        ) as client,
    ):
        for sample in asked:
            key = sample.set, sample.kind, sample.language
            measured.files[key] += 1
            measured.before[key].add(tesseract.read(sample.path), sample.truth)
            cropping = sample.side_ratio > CROPPING_FROM
            text = text_of(client.recognize_cropping if cropping else client.recognize, sample.path)
            if cropping:
                measured.sliced.append(sample.path.name)
            if text != text_alone(alone, sample.path, cropping=cropping):
                measured.differing.append(sample.path.name)
            measured.now[key].add(text, sample.truth)
    alone.close()
    return measured


def show(measured: Measured) -> None:
    """Print a row for each kind, and one for each set together."""
    now, before = measured.now, measured.before
    print("set       kind       language  images    CER % recall %    before")
    for key, score in sorted(now.items()):
        row = f"{key[0]:9} {key[1]:10} {key[2]:9} {measured.files[key]:5}"
        print(f"{row}    {score}      {before[key]}")
    for name in sorted({key[0] for key in now} - {"-"}):
        both = (
            sum((score for key, score in scores.items() if key[0] == name), Score())
            for scores in (now, before)
        )
        print(f"{name:9} together                  {'      '.join(map(str, both))}")
    if measured.sliced:
        names = ", ".join(measured.sliced)
        print(f"sliced and merged (side ratio over {CROPPING_FROM}): {names}")


def complaints(measured: Measured) -> Iterator[str]:
    """Yield what is not as promised, whatever was before."""
    if measured.differing:
        yield f"not the same text as from the engine alone: {', '.join(measured.differing)}"
    for key, score in measured.now.items():
        if key[0] == "-" and key[1] == "plain" and key[2] in LIMITS:
            rate, limit = score.error_rate, LIMITS[key[2]]
            if rate > limit:
                yield f"plain {key[2]}: {rate:.1f} % character errors, {limit:g} % allowed"


def worse(now: dict[Key, Score], before: dict[Key, Score]) -> Iterator[str]:
    """Yield the kinds that lost, in the words of a complaint."""
    for name, kind in sorted({key[:2] for key in now}):
        rate, old = (
            sum((s for key, s in scores.items() if key[:2] == (name, kind)), Score()).error_rate
            for scores in (now, before)
        )
        if rate > old + WORSE:
            yield f"{kind}: {rate - old:.1f} points more errors than before"


def by_hand(now: dict[Key, Score]) -> None:
    """Print what `photo` reads of photographs and turned pages beside the first trials."""
    for kind, (rate, recall) in BY_HAND.items():
        scores = [score for key, score in now.items() if key[1] == kind and key[2] in LIMITS]
        if scores:  # of the languages that the models know
            print(
                f"{kind:10} together      {sum(scores, Score())}      "
                f"{rate:6.1f} {recall:6} as first tried by hand"
            )


if __name__ == "__main__":
    raise SystemExit(main())
