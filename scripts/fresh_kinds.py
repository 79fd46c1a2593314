"""The kinds of fresh pages: each draws one, with its text, as the dice fall."""

import random
from collections.abc import Callable, Sequence

from fresh_words import ENGLISH, LABELS, NOUNS, PHRASES, PRODUCTS, SYLLABLES
from PIL import Image, ImageDraw, ImageFilter, ImageFont

__all__ = ["KINDS", "Drawn"]

NANUM = "/usr/share/fonts/truetype/nanum/Nanum{}.ttf"
NOTO = "/usr/share/fonts/opentype/noto/Noto{}.ttc"
LATIN = "/usr/share/fonts/truetype/{}.ttf"
KOREAN_FACES = (
    *map(NANUM.format, (
        "Gothic", "GothicBold", "Myeongjo", "MyeongjoBold", "BarunGothic", "BarunGothicBold",
        "SquareR", "SquareB", "SquareRoundR", "SquareRoundB", "GothicCoding",
    )),
    *map(NOTO.format, ("SansCJK-Regular", "SansCJK-Bold", "SerifCJK-Regular", "SerifCJK-Bold")),
)  # fmt: skip
ENGLISH_FACES = tuple(map(LATIN.format, (
    "liberation/LiberationSans-Regular", "liberation/LiberationSerif-Regular",
    "liberation/LiberationSans-Bold", "liberation/LiberationMono-Regular",
    "dejavu/DejaVuSans", "dejavu/DejaVuSerif", "dejavu/DejaVuSansCondensed",
)))  # fmt: skip
DARK = ((0, 0, 0), (20, 24, 40), (40, 40, 40), (10, 40, 90), (70, 20, 20), (20, 60, 40))
LIGHT = ((255, 255, 255), (250, 248, 240), (235, 240, 250), (245, 245, 245), (230, 230, 230))
VIVID = ((25, 90, 220), (200, 30, 45), (15, 120, 70), (225, 120, 10), (90, 50, 160), (50, 55, 60))

Drawn = tuple[Image.Image, str]


def form(dice: random.Random) -> Drawn:
    """A form with ruling lines: labels, values, amounts."""
    face, size = korean(dice), dice.randint(13, 32)
    font = font_of(face, size)
    rows = [
        [dice.choice(LABELS), value(dice), dice.choice(LABELS), value(dice)]
        if dice.random() < 0.5
        else [dice.choice(LABELS), value(dice), "", ""]
        for _ in range(dice.randint(3, 6))
    ]
    line, height = dice.choice((1, 1, 2, 3)), round(size * dice.uniform(1.7, 2.4))
    pad, margin = round(size * dice.uniform(0.5, 0.9)), dice.randint(4, 40)
    widths = [round(max(font.getlength(row[i]) for row in rows) + 2 * pad) for i in range(4)]
    ink, ground = dice.choice(DARK), dice.choice(LIGHT)
    rule = dice.choice((ink, (120, 120, 120), (170, 170, 170)))
    shade = dice.choice((None, (225, 230, 238), (236, 236, 236)))
    page = Image.new("RGB", (sum(widths) + 2 * margin, height * len(rows) + 2 * margin), ground)
    draw = ImageDraw.Draw(page)
    for y, row in enumerate(rows):
        cells = row if row[2] else row[:2]
        for x, cell in enumerate(cells):
            left, top = margin + sum(widths[:x]), margin + y * height
            right = margin + sum(widths[: x + 1]) if x + 1 < len(cells) else page.width - margin
            box = (left, top, right, top + height)
            draw.rectangle(box, fill=shade if x % 2 == 0 else None, outline=rule, width=line)
            draw.text((left + pad, top + height / 2), cell, ink, font, "lm")
    return page, "\n".join(" ".join(filter(None, row)) for row in rows)


def buttons(dice: random.Random) -> Drawn:
    """Labels on coloured buttons, in rows, between ordinary lines."""
    face, size = korean(dice), dice.randint(13, 30)
    font = font_of(face, size)
    page = Image.new("RGB", (size * 22, size * 14), dice.choice(LIGHT))
    draw, truth = ImageDraw.Draw(page), []
    for row in range(4):
        middle = size * (1.8 + 3.4 * row)
        if row % 2 == 0:
            text = dice.choice(PHRASES)
            draw.text((size, middle), text, dice.choice(DARK), font, "lm")
            truth.append(text)
            continue
        labels = [dice.choice(LABELS + NOUNS) for _ in range(dice.randint(2, 3))]
        wide = (page.width - 2 * size) / len(labels)
        for index, label in enumerate(labels):
            left = size + index * wide
            box = (left, middle - size * 1.2, left + wide - size * 0.8, middle + size * 1.2)
            round_by = dice.choice((0, size * 0.3, size))
            draw.rounded_rectangle(box, round_by, dice.choice(VIVID))
            draw.text(((box[0] + box[2]) / 2, middle), label, "white", font, "mm")
        truth.append(" ".join(labels))
    return page, "\n".join(truth)


def halves(dice: random.Random) -> Drawn:
    """Light on dark above, below or beside dark on light."""
    face, size = korean(dice), dice.randint(14, 34)
    font = font_of(face, size)
    dark, light = dice.choice(DARK[:4]), dice.choice(LIGHT)
    if dice.random() < 0.3:  # side by side
        rows = [(dice.choice(NOUNS), dice.choice(NOUNS)) for _ in range(4)]
        half = round(max(font.getlength(word) for row in rows for word in row)) + 2 * size
        page = Image.new("RGB", (2 * half, round(size * 9)), light)
        draw = ImageDraw.Draw(page)
        draw.rectangle((0, 0, half - 1, page.height), dark)
        for index, row in enumerate(rows):
            y = size * (1.2 + 2.2 * index)
            draw.text((size, y), row[0], light, font, "lm")
            draw.text((half + size, y), row[1], dark, font, "lm")
        return page, "\n".join(map(" ".join, rows))
    lines = dice.sample(PHRASES, 6)
    page = Image.new("RGB", (width_of(lines, font) + 2 * size, size * 14), light)
    draw, upper = ImageDraw.Draw(page), dice.random() < 0.5
    draw.rectangle(
        (0, 0 if upper else size * 7, page.width, size * 7 if upper else size * 14), dark
    )
    for index, line in enumerate(lines):
        inks = light if (index < 3) == upper else dark
        draw.text((size, size * (1.4 + 2.25 * index)), line, inks, font, "lm")
    return page, "\n".join(lines)


def small(dice: random.Random) -> Drawn:
    """Text of 9 to 12 pixels."""
    lines = [*dice.sample(PHRASES, 3), mixed(dice), value(dice)]
    return text_page(dice, lines, korean(dice), dice.randint(9, 12))


def large(dice: random.Random) -> Drawn:
    """One or two large words."""
    word = dice.choice([dice.choice(NOUNS), dice.choice(ENGLISH), dice.choice(LABELS)])
    return text_page(dice, [word], korean(dice), dice.randint(40, 150))


def sizes(dice: random.Random) -> Drawn:
    """A large heading over small text."""
    face, size = korean(dice), dice.randint(12, 18)
    heading, lines = dice.choice(NOUNS), dice.sample(PHRASES, 4)
    big, font = font_of(face, size * 3), font_of(face, size)
    wide = max(width_of([heading], big), width_of(lines, font)) + 2 * size
    page = Image.new("RGB", (wide, size * 13), dice.choice(LIGHT))
    draw, ink = ImageDraw.Draw(page), dice.choice(DARK)
    draw.text((size, size * 2.3), heading, ink, big, "lm")
    for index, line in enumerate(lines):
        draw.text((size, size * (5.5 + 1.9 * index)), line, ink, font, "lm")
    return page, "\n".join([heading, *lines])


def skew(dice: random.Random) -> Drawn:
    """A Korean page, turned by up to 7 degrees."""
    return turned(dice, text_page(dice, dice.sample(PHRASES, 6), korean(dice), body(dice)))


def skew_en(dice: random.Random) -> Drawn:
    """An English page, turned by up to 7 degrees."""
    lines = [" ".join(dice.sample(ENGLISH, dice.randint(3, 6))) for _ in range(6)]
    return turned(dice, text_page(dice, lines, dice.choice(ENGLISH_FACES), body(dice)))


def syllables(dice: random.Random) -> Drawn:
    """Korean with words of one syllable side by side."""
    return text_page(dice, dice.sample(SYLLABLES, 4), korean(dice), dice.randint(14, 44))


def scripts(dice: random.Random) -> Drawn:
    """Hangul, Latin and digits within a word."""
    return text_page(dice, [mixed(dice) for _ in range(6)], korean(dice), dice.randint(15, 36))


def boxes(dice: random.Random) -> Drawn:
    """A checkbox before each line, some of them ticked."""
    size, lines = dice.randint(14, 34), dice.sample(PHRASES, 4)
    page, truth = text_page(dice, lines, korean(dice), size, left=3 * size, inks=(0, 0, 0))
    draw, side = ImageDraw.Draw(page), size * dice.uniform(0.7, 1.0)
    line = 1 if size < 20 else 2
    for index in range(4):
        x, y = size * 1.2, size * (0.9 + 1.9 * (index + 0.5))
        draw.rectangle((x, y - side / 2, x + side, y + side / 2), outline="black", width=line)
        if dice.random() < 0.3:
            points = ((0.2, 0.0), (0.45, 0.3), (0.85, -0.3))
            draw.line([(x + a * side, y + b * side) for a, b in points], "black", line)
    return page, truth


def won(dice: random.Random) -> Drawn:
    """Prices with the sign of the won, and with its word."""
    lines = [
        f"{dice.choice(PRODUCTS)} {dice.choice(('₩', ''))}{amount(dice)}" for _ in range(3)
    ] + [f"합계 ₩{amount(dice)}", f"할인 -{amount(dice)}원"]
    return text_page(dice, lines, korean(dice), dice.randint(15, 36))


def receipt(dice: random.Random) -> Drawn:
    """A pale, noisy receipt."""
    lines = [f"{dice.choice(PRODUCTS)} {amount(dice)} {dice.randint(1, 9)}" for _ in range(4)]
    lines += [f"합계 {amount(dice)}", f"거스름돈 {dice.randint(1, 9)}00"]
    page, truth = text_page(dice, lines, korean(dice), dice.randint(18, 30), inks=(0, 0, 0))
    ink, ground = dice.choice(((140, 210), (150, 220), (130, 200)))
    grey = page.convert("L").point([round(ink + (ground - ink) * x / 255) for x in range(256)])
    grey = grey.filter(ImageFilter.GaussianBlur(dice.uniform(0.4, 0.8)))
    noisy = (min(max(round(tone + dice.gauss(0, 8)), 0), 255) for tone in grey.tobytes())
    return Image.frombytes("L", grey.size, bytes(noisy)), truth


def damaged(dice: random.Random) -> Drawn:
    """An ordinary page; `save` damages the file, not the picture."""
    return text_page(dice, dice.sample(PHRASES, 4), korean(dice), body(dice))


def textless(dice: random.Random) -> Drawn:
    """Leaves, stones, gradients, or nothing."""
    page = Image.radial_gradient("L").resize((dice.randint(300, 700), dice.randint(200, 500)))
    draw = ImageDraw.Draw(page)
    for _ in range(dice.choice((0, 40, 400, 1500))):
        x, y, far = dice.randrange(page.width), dice.randrange(page.height), dice.randint(4, 60)
        box = (x, y, x + dice.randint(1, far), y + dice.randint(1, far))
        dice.choice((draw.ellipse, draw.rectangle, draw.line))(box, fill=dice.randrange(256))
    return page.filter(ImageFilter.GaussianBlur(dice.uniform(0.5, 2))), ""


KINDS: tuple[Callable[[random.Random], Drawn], ...] = (
    form, buttons, halves, small, large, sizes, skew, skew_en, syllables, scripts, boxes, won,
    receipt, damaged, textless,
)  # fmt: skip


def korean(dice: random.Random) -> str:
    """Return the path of one of the typefaces with Hangul."""
    return dice.choice(KOREAN_FACES)


def font_of(face: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a typeface in a size; of Noto's collections the Korean one."""
    return ImageFont.truetype(face, size, index=1 if face.endswith("ttc") else 0)


def body(dice: random.Random) -> int:
    """Return an ordinary size in pixels."""
    return dice.randint(15, 34)


def amount(dice: random.Random) -> str:
    """Return an amount of money."""
    return f"{dice.choice((1, 10, 100)) * dice.randint(11, 999) * 100:,}"


def value(dice: random.Random) -> str:
    """Return what a field of a form may hold."""
    return dice.choice((
        dice.choice(NOUNS), amount(dice), f"{amount(dice)}원",
        f"20{dice.randint(20, 29)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        f"010-{dice.randint(1000, 9999)}-{dice.randint(1000, 9999)}", dice.choice(ENGLISH),
    ))  # fmt: skip


def mixed(dice: random.Random) -> str:
    """Return words that have Hangul, Latin and digits in them."""
    number = dice.randint(10, 999)
    time = f"{number % 12 + 1}:{number % 60:02}"
    return dice.choice((
        f"아이디는 {dice.choice(ENGLISH).lower()}{number}입니다",
        f"{dice.choice(('KTX', 'SRT', 'ITX'))} 제{number}열차 {time}",
        f"{dice.choice(('USB', 'HDMI', 'LAN'))}케이블 {number % 9 + 1}m {number % 7 + 1}개",
        f"{dice.choice(('LG', 'SK', 'KT'))}{dice.choice(NOUNS)} {dice.choice(ENGLISH)}",
        f"20{number % 10 + 20}.{number % 12 + 1:02}.{number % 28 + 1:02}(월) 오전 {time}",
        f"{dice.choice(NOUNS)} {number}개 {dice.choice(ENGLISH)} {number % 9 + 1}GB",
    ))  # fmt: skip


def width_of(lines: Sequence[str], font: ImageFont.FreeTypeFont) -> int:
    """Return the width of the longest line."""
    return round(max(map(font.getlength, lines)))


def text_page(
    dice: random.Random,
    lines: Sequence[str],
    face: str,
    size: int,
    *,
    left: int | None = None,
    inks: tuple[int, int, int] | None = None,
) -> Drawn:
    """Return a page of lines of text, now and then light on dark."""
    font = font_of(face, size)
    left = size if left is None else left
    ink, ground = inks or dice.choice(DARK), dice.choice(LIGHT)
    if inks is None and dice.random() < 0.2:
        ink, ground = ground, ink
    high = round(size * (1.9 * len(lines) + 1.8))
    page = Image.new("RGB", (width_of(lines, font) + left + size, high), ground)
    for index, line in enumerate(lines):
        place = (left, size * (0.9 + 1.9 * (index + 0.5)))
        ImageDraw.Draw(page).text(place, line, ink, font, "lm")
    return page, "\n".join(lines)


def turned(dice: random.Random, drawn: Drawn) -> Drawn:
    """Return a page turned by up to 7 degrees, one way or the other."""
    page, truth = drawn
    degrees = dice.choice((-1, 1)) * dice.uniform(1, 7)
    ground = page.getpixel((0, 0))
    return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground), truth
