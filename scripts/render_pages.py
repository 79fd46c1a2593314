"""Draw the hard pages in tests/data/images/hard: two sets to choose on, one held apart to report.

    python scripts/render_pages.py [FOLDER]

Needs the fonts Nanum and Noto CJK (Debian: fonts-nanum, fonts-nanum-extra, fonts-noto-cjk), which
the tests do not. The sets share no text, and no typeface in the same weight. Thresholds were chosen
on `chosen`; `reported` was reported on, until the widths of blanks were measured on its pages too.
Nothing was chosen on `apart`. The same fonts give the same pages.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from page_texts import APART, CHOSEN, REPORTED, Voice
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FOLDER = Path(__file__).resolve().parent.parent / "tests/data/images/hard"
COLOURS = (
    (33, 99, 235), (220, 38, 38), (22, 130, 70), (245, 140, 20), (60, 60, 70), (120, 60, 180),
)  # fmt: skip

Page = tuple[str, Image.Image, str]  # kind, picture, text


def pages(voice: Voice) -> Iterator[Page]:
    """Yield a set's pages, deterministic."""
    dice = random.Random(voice.name)
    for kind in KINDS:
        yield from ((kind.__name__, image, text) for image, text in kind(voice, dice))


Drawn = Iterator[tuple[Image.Image, str]]


def table(voice: Voice, dice: random.Random) -> Drawn:
    """Cells with a line around each, thin and thick, of several sizes."""
    for number, rows in enumerate(voice.tables):
        for size in (voice.body[number], voice.body[(number + 2) % 4]):
            font = face(voice, number, size)
            widths = [
                max(int(font.getlength(cell)) for cell in column) + 2 * size
                for column in zip(*rows, strict=True)
            ]
            height, line = int(size * dice.choice((1.7, 2.1))), dice.choice((1, 2, 3))
            margin = dice.choice((0, 12, 30)) + line
            image = paper(sum(widths) + 2 * margin, height * len(rows) + 2 * margin)
            draw = ImageDraw.Draw(image)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    left, top = margin + sum(widths[:x]), margin + y * height
                    box = (left, top, left + widths[x], top + height)
                    draw.rectangle(box, outline="black", width=line)
                    draw.text((left + size * 0.7, top + height / 2), cell, "black", font, "lm")
            yield image, lines(rows)


def halves(voice: Voice, dice: random.Random) -> Drawn:
    """Light text on dark above or beside dark text on light."""
    for number, size in enumerate(voice.body[:3]):
        rows = voice.sentences[number : number + 6]
        font = face(voice, number, size)
        image = paper(max(int(font.getlength(row)) for row in rows) + 60, size * 13)
        draw = ImageDraw.Draw(image)
        dark = dice.choice(((0, 0, 0), (20, 20, 30), (10, 40, 90)))
        top = dice.random() < 0.5
        middle = size * 13 // 2
        draw.rectangle(
            (0, 0 if top else middle, image.width, middle if top else image.height), dark
        )
        for index, row in enumerate(rows):
            light = (index < 3) == top
            place = (25, (index + 0.5) * size * 13 / 6)
            draw.text(place, row, "white" if light else "black", font, "lm")
        yield image, lines(rows)


def buttons(voice: Voice, dice: random.Random) -> Drawn:
    """White labels on coloured buttons, dark text between."""
    for number, size in enumerate((*voice.body[:3], voice.small[3])):
        font = face(voice, number, size)
        labels = dice.sample(voice.buttons, 4)
        image = paper(size * 20, size * 15)
        draw = ImageDraw.Draw(image)
        draw.text((size, size * 1.2), voice.sentences[number], "black", font, "lm")
        truth = [voice.sentences[number]]
        for index, label in enumerate(labels):
            left, top = size * (1 + 9.5 * (index % 2)), size * (3 + 4 * (index // 2))
            box = (left, top, left + size * 8.5, top + size * 2.4)
            draw.rounded_rectangle(
                box, dice.choice((0, size * 0.5, size * 1.2)), dice.choice(COLOURS)
            )
            draw.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), label, "white", font, "mm")
        truth += [f"{labels[0]} {labels[1]}", f"{labels[2]} {labels[3]}"]
        draw.text((size, size * 12.5), voice.sentences[number + 1], "black", font, "lm")
        yield image, "\n".join([*truth, voice.sentences[number + 1]])


def small(voice: Voice, dice: random.Random) -> Drawn:
    """Text of 9 to 12 pixels."""
    for number, size in enumerate((*voice.small, *voice.small[:3])):
        rows = [*dice.sample(voice.sentences, 3), dice.choice(voice.scripts[1:6])]
        yield text_page(rows, face(voice, number, size), size), lines(rows)


def large(voice: Voice, dice: random.Random) -> Drawn:
    """One large word and nothing else."""
    for number, word in enumerate(voice.single):
        size = voice.large[number % 3]
        yield text_page([word], face(voice, number, size), size), word


def syllables(voice: Voice, dice: random.Random) -> Drawn:
    """Korean with words of one syllable side by side."""
    for number, size in enumerate((*voice.body, 14, 40)):
        rows = dice.sample(voice.syllables, 4)
        yield text_page(rows, face(voice, number, size), size), lines(rows)


def scripts(voice: Voice, dice: random.Random) -> Drawn:
    """Hangul, Latin and digits within a word."""
    for number, size in enumerate((*voice.body, 15)):
        rows = voice.scripts if number < 2 else dice.sample(voice.scripts, 5)
        yield text_page(rows, face(voice, number, size), size), lines(rows)


def boxes(voice: Voice, dice: random.Random) -> Drawn:
    """A checkbox before each line, empty or ticked."""
    for number, size in enumerate((*voice.body[:3], 14)):
        rows = dice.sample(voice.sentences, 4)
        image = text_page(rows, face(voice, number, size), size, left=size * 3)
        draw = ImageDraw.Draw(image)
        side, line = int(size * dice.choice((0.8, 1.0))), 1 if size < 18 else 2
        for index in range(len(rows)):
            x, y = size * 1.2, size * 0.9 + size * 1.9 * (index + 0.5)
            box = (x, y - side / 2, x + side, y + side / 2)
            draw.rectangle(box, outline="black", width=line)
            if index == 1 and number % 2:
                tick = [
                    (x + 0.2 * side, y),
                    (x + 0.45 * side, y + 0.3 * side),
                    (x + 0.85 * side, y - 0.3 * side),
                ]
                draw.line(tick, "black", line)
        yield image, lines(rows)


def skew(voice: Voice, dice: random.Random) -> Drawn:
    """A page turned by 2 to 7 degrees."""
    for number, degrees in enumerate(voice.degrees):
        size = voice.body[number]
        rows = dice.sample(voice.sentences, 6)
        page = text_page(rows, face(voice, number, size), size)
        page = page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
        yield page, lines(rows)


def pale(voice: Voice, dice: random.Random) -> Drawn:
    """A faded receipt on grey paper, noisy, as a JPEG."""
    for number, size in enumerate((voice.body[0], voice.body[1], voice.body[2])):
        ink, ground = dice.choice(((150, 215), (140, 205), (160, 228)))
        page = text_page(voice.receipt, face(voice, number, size), size).convert("L")
        page = page.point([round(ink + (ground - ink) * tone / 255) for tone in range(256)])
        page = page.filter(ImageFilter.GaussianBlur(0.6))
        noisy = (min(max(round(tone + dice.gauss(0, 9)), 0), 255) for tone in page.tobytes())
        page = Image.frombytes("L", page.size, bytes(noisy))
        yield page, lines(voice.receipt)


def prose(voice: Voice, dice: random.Random) -> Drawn:
    """Ordinary pages, to see that nothing gets worse."""
    for number, size in enumerate(voice.body):
        yield text_page(voice.sentences, face(voice, number, size), size), lines(voice.sentences)


KINDS: tuple[Callable[[Voice, random.Random], Drawn], ...] = (
    table, halves, buttons, small, large, syllables, scripts, boxes, skew, pale, prose,
)  # fmt: skip


def face(voice: Voice, number: int, size: int) -> ImageFont.FreeTypeFont:
    """Return one of a set's fonts."""
    path = voice.fonts[number % len(voice.fonts)]
    return ImageFont.truetype(path, size, index=1 if path.endswith("ttc") else 0)


def paper(width: float, height: float) -> Image.Image:
    """Return a white page."""
    return Image.new("RGB", (int(width), int(height)), "white")


def text_page(
    rows, font: ImageFont.FreeTypeFont, size: int, left: float | None = None
) -> Image.Image:
    """Return a page of lines of text."""
    left = size if left is None else left
    width = max(font.getlength(row) for row in rows) + left + size
    image = paper(width, size * 1.9 * len(rows) + size * 1.8)
    draw = ImageDraw.Draw(image)
    for index, row in enumerate(rows):
        draw.text((left, size * 0.9 + size * 1.9 * (index + 0.5)), row, "black", font, "lm")
    return image


def lines(rows) -> str:
    """Join the words of rows."""
    return "\n".join(row if isinstance(row, str) else " ".join(filter(None, row)) for row in rows)


def main() -> None:
    """Write all sets, with their manifest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    folder = parser.parse_args().folder
    rows = ["file\tkind\tlanguage\ttruth\tset"]
    for voice in (CHOSEN, REPORTED, APART):
        (folder / voice.name).mkdir(parents=True, exist_ok=True)
        for number, (kind, image, text) in enumerate(pages(voice)):
            name = f"{voice.name}/{number:02}_{kind}"
            if kind == "pale":
                suffix = "jpg"
                image.save(folder / f"{name}.jpg", quality=70)
            else:
                suffix = "png"
                colours = 64 if kind in ("buttons", "halves") else 16
                image.quantize(colours).save(folder / f"{name}.png", optimize=True)
            (folder / f"{name}.txt").write_text(text + "\n", "utf-8")
            rows.append(f"{name}.{suffix}\t{kind}\tmixed\t{name}.txt\t{voice.name}")
    (folder / "manifest.tsv").write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
