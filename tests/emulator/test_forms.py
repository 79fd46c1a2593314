"""Forms as servlet containers take them."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._disposition import read_disposition
from nhncloud_ocr_emulator._uploads import ImageForm
from nhncloud_ocr_emulator.recognition import Refused

FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize(
    ("file_name", "read"),
    [
        (b'filename="a.png"', "a.png"),
        (b"filename=a.png", "a.png"),
        ('filename="한.png"'.encode(), "한.png"),
        (b"filename*=UTF-8''%ED%95%9C.png", "한.png"),
        (b"filename*=utf-8'ko'%ed%95%9c.png", "한.png"),
        (b"filename*=\"UTF-8''%ED%95%9C.png\"", "한.png"),
        (b"filename*=ISO-8859-1''caf%E9.png", "café.png"),
        (b"filename*=EUC-KR''%C7%D1.png", "한.png"),
        (b"FileName*=UTF-8''a.png", "a.png"),
        (b"filename=\"_.png\"; filename*=UTF-8''%ED%95%9C.png", "한.png"),
        (b"filename*=UTF-8''%ED%95%9C.png; filename=\"_.png\"", "한.png"),
        (b'filename*0="a"; filename*1="b.png"', "ab.png"),
        (b'filename="=?UTF-8?B?7ZWcLnBuZw==?="', "한.png"),
        (b'filename="=?utf-8?q?=ED=95=9C?=.png"', "한.png"),
        (b'filename="=?bogus?q?x?="', "=?bogus?q?x?="),
        (b'filename="=?UTF-8?B?\xff"', "=?UTF-8?B?\ufffd"),
        (b'filename=" a.png "', "a.png"),
        (b'filename=""', ""),
        (b"filename*0*=UTF-8''%ED%95%9C; filename*1=.png", "한.png"),
    ],
)
def test_a_file_name_in_any_spelling_makes_a_file(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes, file_name: bytes, read: str
) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="image"; ' + file_name
    body += b"\r\n\r\n" + image + b"\r\n--b--\r\n"
    response = client.post("/general", content=body, headers=FORM)
    assert response.json()["header"]["resultCode"] == 0
    assert ocr_emulator.calls[-1].file_name == read


def part(disposition: str, content: bytes) -> bytes:
    """One part of a form, with the boundary before it."""
    return f"--b\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"


FILE = 'form-data; name="image"; filename="a.png"'
TEXT = 'form-data; name="image"'


@pytest.mark.parametrize("first", [TEXT, 'form-data; name="lang"', "form-data", "attachment"])
@pytest.mark.parametrize(
    "disposition",
    [FILE, FILE.upper().replace("IMAGE", "image"), FILE.replace('"image"', '" image "')],
)
def test_the_first_file_named_image_counts(
    client: httpx.Client, image: bytes, first: str, disposition: str
) -> None:
    """As a controller in Java finds it, which looks for a text and a file in two places."""
    body = part(first, b"x") + part(disposition, image) + part(FILE, b"other") + b"--b--\r\n"
    response = client.post("/general", content=body, headers=FORM)
    assert response.json()["header"]["resultCode"] == 0


@pytest.mark.parametrize(
    ("disposition", "why"),
    [
        (FILE.replace("form-data", "attachment"), "is 'attachment; name="),
        (FILE.replace("form-data", "file"), "is 'file; name="),
        (FILE.replace("form-data; ", ""), "is 'name="),
        ("form-data", "is 'form-data')"),
        (TEXT.replace("image", "IMAGE"), "the names are: 'IMAGE'"),
        (TEXT, "the part image has no file name"),
        (f'form-data; name="x"\r\nContent-Disposition: {FILE}', "the names are: 'x'"),
    ],
)
def test_what_a_servlet_container_takes_for_no_file_named_image(
    api: httpx.Client, ocr_emulator: Emulator, image: bytes, disposition: str, why: str
) -> None:
    body = part(disposition, image) + b"--b--\r\n"
    response = api.post("/general", content=body, headers=FORM)
    assert response.json()["header"]["resultCode"] == 400
    assert why in (ocr_emulator.calls[-1].reason or "")


@pytest.mark.parametrize(
    "preamble",
    [
        b"\r\n",
        b"\n",
        b"This is a multi-part message in MIME format.\r\n",
        b"two\r\nlines\r\n",
        b"--\r\n-- b\r\n--bother\r\nx --b\r\n",
        b"x" * 60_000 + b"\r\n",
        b"\r\n--",
    ],
)
def test_what_stands_before_the_first_boundary_is_skipped(
    client: httpx.Client, image: bytes, preamble: bytes
) -> None:
    if not preamble.endswith(b"\n"):
        preamble += b"\r\n"
    body = preamble + b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    body += image + b"\r\n--b--\r\nand an epilogue\r\n"
    response = client.post("/general", content=body, headers=FORM)
    assert response.json()["header"]["resultCode"] == 0


@given(
    preamble=st.lists(st.sampled_from([b"-", b"--", b"b", b"\r\n", b"\n", b"--b", b"x"])),
    sizes=st.lists(st.integers(1, 9), min_size=1),
)
def test_how_a_form_is_cut_into_pieces_does_not_matter(
    preamble: list[bytes], sizes: list[int]
) -> None:
    body = b"".join(preamble) + b'--b\r\nContent-Disposition: form-data; name="image"; filename=x'
    body += b"\r\n\r\nJ\r\n--b--\r\n"

    def read(pieces: list[bytes]) -> bytes | int:
        form = ImageForm(FORM["Content-Type"].encode())
        try:
            for piece in pieces:
                form.write(piece)
            return form.finish()
        except Refused as refused:
            return refused.code

    pieces, rest, turn = [], body, 0
    while rest:
        size = sizes[turn % len(sizes)]
        pieces.append(rest[:size])
        rest, turn = rest[size:], turn + 1
    assert read(pieces) == read([body])


@given(st.binary(max_size=200) | st.text().map(lambda text: f"form-data; name*={text}".encode()))
def test_any_disposition_can_be_read(header: bytes) -> None:
    name, file_name = read_disposition(header)
    assert name is None or isinstance(name, str)
    assert file_name is None or isinstance(file_name, str)
