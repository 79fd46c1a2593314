"""Renders the pictures of known text: `python tests/data/known/render.py`, with the fonts named.

The words stand in the middle of an even grid, a row of it for each line. Each picture also carries
its text inside the file, which the emulator's engine `fixture` answers with; another reader does
not look there.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

from nhncloud_ocr_emulator import embed_text
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
NANUM = "/usr/share/fonts/truetype/nanum/"
NOTO = "/usr/share/fonts/opentype/noto/"


@dataclass(frozen=True)
class Print:
    """One picture to make: its file, its text line by line, and how it looks."""

    file: str
    lines: tuple[str, ...]
    font: str
    size: tuple[int, int]  # pixels
    height: int  # of the font, in pixels
    ink: str = "black"
    paper: str = "white"
    mode: str = "RGB"


PRINTS = (
    Print(
        "garden.png",
        ("한라산 Island 2024", "동백꽃 Camellia R&D", "관람료 Ticket 3,500", "입장 Gate 09:30"),
        NANUM + "NanumGothic.ttf",
        (900, 400),
        46,
    ),
    Print(
        "station.jpg",
        ("서울역 Platform 17", "부산행 Express 101", "출발 Depart 14:25", "도착 Arrive 17:03"),
        NOTO + "NotoSansCJK-Regular.ttc",
        (900, 400),
        44,
        ink="#102040",
        paper="#f4f0e0",
    ),
    Print(
        "kitchen.png",
        ("비빔밥 Bibimbap 8,000", "냉면 Noodles 9,500", "만두 Dumpling 6,000"),
        NANUM + "NanumBarunGothic.ttf",
        (960, 330),
        48,
        mode="L",
    ),
    Print(
        "library.jpg",
        ("도서관 Library 42", "월요일 Closed Monday", "문의 Phone 1588", "대출 Loan 14"),
        NANUM + "NanumGothicBold.ttf",
        (900, 420),
        46,
        mode="L",
    ),
    Print(
        "trail.png",
        (
            "등산로 Trail",
            "약수터 Spring",
            "쉼터 Shelter",
            "계곡 Valley",
            "폭포 Waterfall",
            "전망대 Lookout",
            "산장 Cabin",
            "능선 Ridge",
            "정상 Summit",
            "하산 Descent",
            "주차장 Parking",
            "버스 Terminal",
        ),
        NANUM + "NanumGothic.ttf",
        (420, 1680),
        44,
        mode="L",
    ),
    Print(
        "ladder.png",
        ("사다리", "Ladder", "계단", "Stairs", "층계", "Elevator", "옥상", "Rooftop"),
        NANUM + "NanumGothic.ttf",
        (240, 1920),
        46,
        mode="L",
    ),
    Print(
        "ribbon.png",
        ("기차표 Conductor 역무원 Carriage",),
        NANUM + "NanumGothic.ttf",
        (1440, 180),
        56,
        mode="L",
    ),
    Print(
        "note.png",
        ("무지개 Okay 25",),
        NANUM + "NanumGothic.ttf",
        (420, 90),
        40,
        mode="L",
    ),
    Print(
        "tag.png",
        ("Okay",),
        NANUM + "NanumGothic.ttf",
        (160, 70),
        40,
        mode="L",
    ),
    Print(
        "stamp.jpg",
        ("편지 Letter 36",),
        NANUM + "NanumBarunGothic.ttf",
        (420, 90),
        40,
    ),
    Print(
        "scroll.png",
        (
            "강물",
            "Boat",
            "바람",
            "Cloud",
            "소나무",
            "Forest",
            "노을",
            "Sunset",
            "바다",
            "Harbor",
            "등대",
            "Lighthouse",
        ),
        NANUM + "NanumGothic.ttf",
        (280, 3080),
        46,
        mode="L",
    ),
    Print(
        "banner.png",
        ("개막식 Concert 무대 Ballet 관객 Theater 공연 Museum",),
        NANUM + "NanumGothic.ttf",
        (2640, 230),
        60,
        mode="L",
    ),
)


def middle(index: int, count: int, length: int) -> int:
    """The middle of one of `count` cells along a side."""
    return (2 * index + 1) * length // (2 * count)


def render(wanted: Print) -> None:
    """Write one picture, and beside it its words with the edges of their ink."""
    width, height = wanted.size
    image = Image.new(wanted.mode, wanted.size, wanted.paper)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(wanted.font, wanted.height)
    words = []
    for row, line in enumerate(wanted.lines):
        texts = line.split()
        for column, text in enumerate(texts):
            left, top, right, bottom = font.getbbox(text)
            x = middle(column, len(texts), width) - (left + right) / 2
            y = middle(row, len(wanted.lines), height) - (top + bottom) / 2
            draw.text((x, y), text, font=font, fill=wanted.ink)
            edges = (x + left, y + top, x + right, y + bottom)
            words.append({"text": text, "line": row, "box": [round(edge) for edge in edges]})
    file = io.BytesIO()
    if wanted.file.endswith("png"):
        image.save(file, "PNG", optimize=True)
    else:
        image.save(file, "JPEG", quality=90)
    path = HERE / wanted.file
    path.write_bytes(embed_text(file.getvalue(), wanted.lines))
    rows = ",\n".join(f"  {json.dumps(word, ensure_ascii=False)}" for word in words)
    path.with_suffix(".json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    for each in PRINTS:
        render(each)
