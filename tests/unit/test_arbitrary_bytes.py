"""Whatever bytes come in: a result, or an error of the tree. `nox -s fuzz` runs this at length."""

import json
import pickle

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import InvalidImageError, OcrError, OcrResult
from unit.replies import Writer, pages, write
from unit.support import JPEG, ONCE, PNG, Answer, Service, envelope, page, word
from unit.uploads import image_part

SUCCESS = json.dumps(
    page(texts=[{"inferTexts": [word(), word("한글")]}]), ensure_ascii=False
).encode()

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
names = st.sampled_from(
    [
        "header",
        "isSuccessful",
        "resultCode",
        "resultMessage",
        "result",
        "fileType",
        "listOfInferTexts",
        "inferTexts",
    ]
) | st.sampled_from(
    ["listOfBoundingBoxes", "boundingBoxes", "value", "conf", "x1", "y4", "slicesImages", "other"]
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=20,
)
PIECES = [
    b'"',
    b",",
    b"]",
    b"}",
    b"{",
    b"[",
    b"\\",
    b"\\ud800",
    b"1e999",
    b"NaN",
    b"-",
    b"9" * 400,
    b"\xff",
    b"\x00",
]


@st.composite
def damaged(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> bytes:
    """A good body after a few cuts, copies and insertions."""
    body = draw(bodies)
    for _ in range(draw(st.integers(1, 3))):
        at, to = sorted(draw(st.tuples(st.integers(0, len(body)), st.integers(0, len(body)))))
        body = draw(
            st.sampled_from([body[:at] + body[to:], body[:to] + body[at:]])
            | st.sampled_from(PIECES).map(lambda piece, b=body, i=at: b[:i] + piece + b[i:])
        )
    return body


written = st.builds(
    lambda sent, seed: write(sent, Writer(seed, trailing_commas=seed % 2 == 1)),
    pages(cropping=True),
    st.integers(0, 2**32),
)
bodies = (
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | json_values.map(lambda value: json.dumps(value).encode())
    | json_values.map(lambda value: json.dumps(envelope(result=value)).encode())
    | st.dictionaries(names, json_values, max_size=2).map(
        lambda more: json.dumps({**envelope(), **more}).encode()
    )
    | damaged(st.just(SUCCESS) | written)
)
statuses = st.sampled_from(
    [200, 200, 200, 201, 204, 301, 302, 304, 400, 401, 413, 429, 500, 502, 503, 520, 599]
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(
            ["application/json", "text/html", "image/png", "; =", "multipart/x"]
        ),
        "Retry-After": st.sampled_from(
            ["1", "-1", "soon", "9" * 400, "Wed, 21 Oct 2099 07:28:00 GMT", "0x10"]
        ),
        "Content-Encoding": st.sampled_from(["gzip", "deflate", "identity", "br", "unheard-of"]),
    },
)


@given(bodies, statuses, headers, st.booleans(), st.sampled_from(["raise", "empty"]))
def test_any_body_gives_a_result_or_an_error_of_the_tree(
    driver, body, status, headers, cropping, on_no_text
) -> None:
    def handler(request):
        response = Answer(b"", status, {}).response()
        response.stream, response.headers = (
            type(response.stream)(body),
            type(response.headers)(headers),
        )
        return response

    client = driver.client(handler, retry=ONCE, on_no_text=on_no_text)
    try:
        got = driver.recognize(client, PNG, cropping=cropping)
    except OcrError as error:
        got = error
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
        assert error.attempts == 1
    else:
        assert type(got) is OcrResult
        assert status < 300
        assert pickle.loads(pickle.dumps(got)) == got
        json.dumps(got.to_dict())
        assert got.text.count("\n") >= len(got.lines) - 1
    repr(got)


images = st.binary(max_size=300) | st.builds(
    lambda head, body: head + body,
    st.sampled_from(
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0", PNG[:40], JPEG[:40], b""]
    ),
    st.binary(max_size=200)
    | st.lists(st.sampled_from([b"--+++--", b"\r\n", b"--", b"\n", b"+"])).map(b"".join),
)


@pytest.mark.filterwarnings("ignore::nhncloud_ocr.AspectRatioWarning")
@given(images, st.booleans(), st.booleans())
def test_any_image_arrives_byte_for_byte_or_is_refused_here(
    driver, image, precheck, cropping
) -> None:
    service = Service()
    client = driver.client(service, precheck=precheck)
    try:
        driver.recognize(client, image, cropping=cropping)
    except InvalidImageError:
        assert precheck
        assert service.requests == []
    else:
        [request] = service.requests
        assert image_part(request).get_payload(decode=True) == image
