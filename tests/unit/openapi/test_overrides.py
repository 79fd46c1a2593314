"""Each template override is still needed, and does what it is for.

A test of the first kind generates without the override. When it fails, the generator has changed:
look whether the override can go.
"""

import tomllib
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import httpx
import msgspec
import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr_api import models, types
from nhncloud_ocr_api.api.general import (
    recognize_general,
    recognize_general_cropping,
    recognize_general_cropping_v11,
    recognize_general_v11,
)
from nhncloud_ocr_api.models import BoundingBox, ImageFileRequest, ImageUrlRequest, InferText
from nhncloud_ocr_api.types import UNSET

OVERRIDES = Path(__file__).parents[3] / "openapi" / "templates" / "overrides.toml"
OPERATIONS = [
    recognize_general,
    recognize_general_cropping,
    recognize_general_v11,
    recognize_general_cropping_v11,
]
Import = Callable[..., ModuleType]

# An image that holds what the stock templates use as the boundary.
CUTTING = b"\x89PNG\r\n\r\n--+++\r\nContent-Disposition: form-data; name=x\r\n\r\ny\r\n--+++--\r\n"


def parts(request: httpx.Request) -> list[Message]:
    """The parts of a multipart body, read by the standard library."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    return list(BytesParser().parsebytes(head + request.read()).walk())[1:]


def multipart_request(operation: Any, types: Any, models: Any, image: bytes) -> httpx.Request:
    body = models.ImageFileRequest(image=types.File(BytesIO(image), "image.png", "image/png"))
    kwargs = operation._get_kwargs("app-key", body=body)
    return httpx.Request(**{**kwargs, "url": "https://ocr.example" + kwargs["url"]})


def test_each_override_has_its_tests_and_its_upstream_reference() -> None:
    overrides = tomllib.loads(OVERRIDES.read_text("utf-8"))["override"]
    assert {each["name"] for each in overrides} == {
        *("required-body", "multipart-boundary", "wire-shapes", "requests-alone")
    }
    for each in overrides:
        assert each["upstream"]
        for url in each["upstream"]:
            assert url.startswith("https://github.com/openapi-generators/openapi-python-client/")


# --- required-body -----------------------------------------------------------------------------


def test_stock_templates_give_a_required_body_that_does_not_import(imported: Import) -> None:
    with pytest.raises(NameError, match="Unset"):
        imported(["required-body"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_body_is_required(operation: Any) -> None:
    with pytest.raises(TypeError, match="body"):
        operation._get_kwargs("app-key")


# --- multipart-boundary ------------------------------------------------------------------------


def test_stock_templates_cut_an_image_at_a_constant_boundary(imported: Import) -> None:
    package = imported(["multipart-boundary"])
    request = multipart_request(
        package.api.general.recognize_general, package.types, package.models, CUTTING
    )
    assert request.headers["Content-Type"] == "multipart/form-data; boundary=+++"
    first, *injected = parts(request)
    assert first.get_payload(decode=True) != CUTTING
    assert injected


@pytest.mark.parametrize("operation", OPERATIONS)
@given(image=st.binary() | st.just(CUTTING))
def test_an_image_arrives_whole_whatever_it_holds(operation: Any, image: bytes) -> None:
    request = multipart_request(operation, types, models, image)
    media_type, _, boundary = request.headers["Content-Type"].partition("; boundary=")
    assert media_type == "multipart/form-data"
    head, tail = request.read().split(b"\r\n\r\n", 1)
    assert (
        head
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="image.png"'
            "\r\nContent-Type: image/png"
        ).encode()
    )
    assert tail == image + f"\r\n--{boundary}--\r\n".encode()


def test_each_request_draws_a_boundary_of_its_own() -> None:
    def content_type() -> str:
        request = multipart_request(recognize_general, types, models, CUTTING)
        return str(request.headers["Content-Type"])

    assert content_type() != content_type()


# --- wire-shapes -------------------------------------------------------------------------------

CORNERS = {f"{axis}{corner}": corner for corner in range(1, 5) for axis in "xy"}
WORD = b'{"value": "a", "conf": 0.9, "more": 1, "additional_properties": "text"}'


def test_msgspec_cannot_read_into_the_stock_models_of_a_reply(imported: Import) -> None:
    stock = imported(["wire-shapes"])
    assert "additional_properties" in {field.name for field in attrs.fields(stock.models.InferText)}
    with pytest.raises(msgspec.ValidationError, match="additional_properties"):
        msgspec.json.decode(WORD, type=stock.models.InferText)
    with pytest.raises(NameError):  # what a model refers to is there for type checkers alone
        msgspec.json.Decoder(stock.models.TextLine)
    with pytest.raises(TypeError, match="Unset"):
        msgspec.json.Decoder(str | stock.types.Unset)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_msgspec_reads_straight_into_the_shapes_of_all_replies(operation: Any) -> None:
    msgspec.json.Decoder(operation.Reply)
    header = b'{"header": {"isSuccessful": false, "resultCode": -1, "resultMessage": "m", "n": 1}}'
    for shape in (operation.Reply, operation.Refusal):
        refused = msgspec.json.decode(header, type=shape)
        assert refused.header.result_code == -1
    assert msgspec.json.decode(header, type=operation.Reply).result is UNSET


def test_a_shape_passes_over_unknown_fields_and_demands_the_required_ones() -> None:
    assert msgspec.json.decode(WORD, type=InferText) == InferText(value="a", conf=0.9)
    with pytest.raises(msgspec.ValidationError, match="required field `conf`"):
        msgspec.json.decode(b'{"value": "a"}', type=InferText)
    box = msgspec.json.decode(msgspec.json.encode({**CORNERS, "x1": 0.5}), type=BoundingBox)
    assert (box.x1, box.y4) == (0.5, 4)
    assert isinstance(box.y4, int)


def test_a_shape_knows_which_of_its_keys_may_repeat() -> None:
    repeatable = {
        name: set(shape.__repeatable__)
        for name in models.__all__
        if hasattr(shape := getattr(models, name), "__repeatable__")
    }
    assert repeatable == {"TextLine": {"inferTexts"}, "BoxLine": {"boundingBoxes"}}


def test_the_bodies_of_requests_are_the_stock_models() -> None:
    for body in (ImageFileRequest, ImageUrlRequest):
        assert attrs.has(body)
    source = {"imageUrl": "https://example.com/a.png", "more": 1}
    assert ImageUrlRequest.from_dict(source).to_dict() == source


# --- requests-alone ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [520, 599])
def test_the_stock_client_shows_its_token_and_stops_at_an_unlisted_status(
    imported: Import, status: int
) -> None:
    package = imported(["requests-alone"])
    client = package.AuthenticatedClient(
        base_url="https://ocr.example",
        token="secret",
        httpx_args={"transport": httpx.MockTransport(lambda _: httpx.Response(status))},
    )
    assert "secret" in repr(client)
    body = package.models.ImageUrlRequest(image_url="https://example.com/a.png")
    with pytest.raises(ValueError, match="is not a valid HTTPStatus"):
        package.api.general.recognize_general.sync_detailed("app-key", client=client, body=body)


def test_nothing_is_generated_that_sends() -> None:
    package = Path(types.__file__).parent
    assert {path.name for path in package.iterdir() if path.suffix == ".py"} == {
        *("__init__.py", "types.py")
    }
    for operation in OPERATIONS:
        defined = {
            name
            for name, value in vars(operation).items()
            if getattr(value, "__module__", None) == operation.__name__
        }
        assert defined == {"_get_kwargs"}


# --- all together ------------------------------------------------------------------------------


def test_an_image_url_is_sent_as_json() -> None:
    body = ImageUrlRequest(image_url="https://한글.kr/a.png")
    kwargs = recognize_general_cropping._get_kwargs("app/key", body=body)
    assert kwargs == {
        "method": "post",
        "url": "/v1.0/appkeys/app%2Fkey/general/cropping",
        "json": {"imageUrl": "https://한글.kr/a.png"},
        "headers": {"Content-Type": "application/json"},
    }


def test_a_file_without_a_name_would_be_sent_as_text() -> None:
    """Why the overlay always gives a name."""
    body = ImageFileRequest(image=types.File(BytesIO(b"image"), mime_type="image/png"))
    assert body.to_multipart()[0][1][0] is None
