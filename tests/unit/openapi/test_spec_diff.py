"""`spec_diff` names each change of the description and says, by direction, whether it breaks."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import spec_diff
from check_spec import DESCRIPTION, load

Document = dict[str, Any]
OLD = load(DESCRIPTION)
GENERAL = "/v1.0/appkeys/{appKey}/general"


def schema(document: Document, name: str) -> Any:
    return document["components"]["schemas"][name]


def post(document: Document) -> Any:
    return document["paths"][GENERAL]["post"]


BREAKING: dict[str, tuple[Callable[[Document], object], str]] = {
    "operation removed": (
        lambda d: d["paths"].pop(GENERAL + "/cropping"),
        f"POST {GENERAL}/cropping: removed",
    ),
    "path renamed": (
        lambda d: d["paths"].update({"/v2.0/general": d["paths"].pop(GENERAL)}),
        f"POST {GENERAL}: removed",
    ),
    "operationId renamed": (
        lambda d: post(d).update(operationId="read"),
        f"POST {GENERAL}: operationId recognizeGeneral is now read",
    ),
    "server removed": (
        lambda d: d["servers"].pop(),
        "server https://ocr.api.nhncloudservice.com: removed",
    ),
    "scheme word now needed": (
        lambda d: d["components"]["securitySchemes"].update(
            SecretKey={"type": "http", "scheme": "bearer"}
        ),
        f"POST {GENERAL} security in=header name=Authorization type=apiKey: removed",
    ),
    "scheme changed": (
        lambda d: d["components"]["securitySchemes"]["SecretKey"].update(name="X-Key"),
        "security scheme SecretKey: in=header name=Authorization type=apiKey is now in=header"
        " name=X-Key type=apiKey",
    ),
    "path moved to a server of its own": (
        lambda d: d["paths"][GENERAL].update(servers=[{"url": "https://other.example"}]),
        f"POST {GENERAL}: servers those of the document are now https://other.example",
    ),
    "operation moved to a server of its own": (
        lambda d: post(d).update(servers=[{"url": "https://other.example"}]),
        f"POST {GENERAL}: servers those of the document are now https://other.example",
    ),
    "role changed": (
        lambda d: post(d).update({"x-role": "cropping"}),
        f"POST {GENERAL}: x-role general is now cropping",
    ),
    "parameter that must be sent": (
        lambda d: post(d).update(
            parameters=[
                {"in": "header", "name": "X-Id", "required": True, "schema": {"type": "string"}}
            ]
        ),
        f"POST {GENERAL} parameter header X-Id: added",
    ),
    "app key with a shape": (
        lambda d: d["components"]["parameters"]["AppKey"]["schema"].update(pattern="^[a-z]+$"),
        "parameters/AppKey (request): pattern ^[a-z]+$ added",
    ),
    "request media type removed": (
        lambda d: d["components"]["requestBodies"]["Image"]["content"].pop("application/json"),
        "requestBodies/Image (request) application/json: removed",
    ),
    "request field renamed": (
        lambda d: schema(d, "ImageUrlRequest")["properties"].update(
            url=schema(d, "ImageUrlRequest")["properties"].pop("imageUrl")
        ),
        "schemas/ImageUrlRequest (request): property imageUrl removed",
    ),
    "request field now required": (
        lambda d: schema(d, "ImageUrlRequest")["required"].append("lang"),
        "schemas/ImageUrlRequest (request): lang is now required",
    ),
    "request pattern changed": (
        lambda d: schema(d, "ImageUrlRequest")["properties"]["imageUrl"].update(pattern="^http"),
        "schemas/ImageUrlRequest (request)/imageUrl: pattern changed, and may allow more or less",
    ),
    "request length limited": (
        lambda d: schema(d, "ImageUrlRequest")["properties"]["imageUrl"].update(maxLength=200),
        "schemas/ImageUrlRequest (request)/imageUrl: maxLength 200 added",
    ),
    "image types limited": (
        lambda d: d["components"]["requestBodies"]["Image"]["content"]["multipart/form-data"][
            "encoding"
        ]["image"].update(contentType="image/png"),
        "requestBodies/Image (request) multipart/form-data: encoding changed",
    ),
    "status added": (
        lambda d: post(d)["responses"].update({"500": post(d)["responses"]["503"]}),
        f"POST {GENERAL} 500: added",
    ),
    "response media type added": (
        lambda d: post(d)["responses"]["200"]["content"].update({"text/html": {}}),
        f"POST {GENERAL} 200 text/html: added",
    ),
    "response field removed": (
        lambda d: schema(d, "InferText")["properties"].pop("conf"),
        "schemas/InferText (response): property conf removed",
    ),
    "response field no longer certain": (
        lambda d: schema(d, "InferText")["required"].remove("conf"),
        "schemas/InferText (response): conf is no longer required",
    ),
    "response type wider": (
        lambda d: schema(d, "InferText")["properties"]["value"].update(type=["string", "null"]),
        "schemas/InferText (response)/value: type now also null",
    ),
    "integer becomes a number": (
        lambda d: schema(d, "CroppingResult")["allOf"][1]["properties"]["slicesImages"].update(
            type="number"
        ),
        "schemas/CroppingResult (response)/slicesImages: type now also number",
    ),
    "response maximum raised": (
        lambda d: schema(d, "InferText")["properties"]["conf"].update(maximum=100),
        "schemas/InferText (response)/conf: maximum 1 is now 100",
    ),
    "response minimum removed": (
        lambda d: schema(d, "InferText")["properties"]["conf"].pop("minimum"),
        "schemas/InferText (response)/conf: minimum 0 removed",
    ),
    "key may repeat": (
        lambda d: schema(d, "GeneralResult").update({"x-duplicate-keys": ["fileType"]}),
        "schemas/GeneralResult (response): x-duplicate-keys now has fileType",
    ),
    "field lost on one side": (
        lambda d: schema(d, "CroppingResult")["allOf"].pop(),
        "schemas/CroppingResult (response): property slicesImages removed",
    ),
    "success no longer has a result": (
        lambda d: schema(d, "Envelope")["then"].pop("required"),
        "schemas/GeneralResponse (response)/then: result is no longer required",
    ),
    "failure may have a result": (
        lambda d: schema(d, "Envelope")["else"]["properties"].update(result=True),
        "schemas/GeneralResponse (response)/else/result: not {} removed",
    ),
    "another coupling": (
        lambda d: schema(d, "Envelope")["if"]["properties"]["header"]["properties"].update(
            isSuccessful={"const": False}
        ),
        "schemas/GeneralResponse (response): if changed, and may allow more or less",
    ),
}

HARMLESS: dict[str, tuple[Callable[[Document], object], str]] = {
    "description reworded": (
        lambda d: schema(d, "InferText").update(description="Other words."),
        "schemas/InferText (response): description changed",
    ),
    "example changed": (
        lambda d: d["components"]["parameters"]["AppKey"].update(example="another"),
        "parameters/AppKey (request): example changed",
    ),
    "operation added": (
        lambda d: d["paths"].update({"/v1.0/other": copy.deepcopy(d["paths"][GENERAL])}),
        "POST /v1.0/other: added",
    ),
    "operation added on another host": (
        lambda d: d["paths"].update(
            {"/token": {**d["paths"][GENERAL], "servers": [{"url": "https://oauth.example"}]}}
        ),
        "POST /token: added at https://oauth.example",
    ),
    "scheme added": (
        lambda d: d["components"]["securitySchemes"].update(
            T={"type": "http", "scheme": "bearer", "description": "A token."}
        ),
        "security scheme T: added: scheme=bearer type=http",
    ),
    "server added": (
        lambda d: d["servers"].append({"url": "https://ocr.example"}),
        "server https://ocr.example: added",
    ),
    "a second way to authenticate": (
        lambda d: (
            d["components"]["securitySchemes"].update(T={"type": "http", "scheme": "bearer"}),
            post(d)["security"].append({"T": []}),
        ),
        f"POST {GENERAL} security scheme=bearer type=http: added",
    ),
    "request media type added": (
        lambda d: d["components"]["requestBodies"]["Image"]["content"].update({"image/png": {}}),
        "requestBodies/Image (request) image/png: added",
    ),
    "optional request field added": (
        lambda d: schema(d, "ImageUrlRequest")["properties"].update(lang={"type": "string"}),
        "schemas/ImageUrlRequest (request): property lang added",
    ),
    "request pattern removed": (
        lambda d: schema(d, "ImageUrlRequest")["properties"]["imageUrl"].pop("pattern"),
        "schemas/ImageUrlRequest (request)/imageUrl: pattern ",
    ),
    "request field no longer required": (
        lambda d: schema(d, "ImageUrlRequest")["required"].clear(),
        "schemas/ImageUrlRequest (request): imageUrl is no longer required",
    ),
    "response field added": (
        lambda d: schema(d, "GeneralResult")["properties"].update(resolution={"type": "string"}),
        "schemas/GeneralResult (response): property resolution added",
    ),
    "response field now certain": (
        lambda d: schema(d, "GeneralResult")["required"].append("resolution"),
        "schemas/GeneralResult (response): resolution is now required",
    ),
    "response maximum lowered": (
        lambda d: schema(d, "InferText")["properties"]["conf"].update(maximum=0.5),
        "schemas/InferText (response)/conf: maximum 1 is now 0.5",
    ),
    "response values listed": (
        lambda d: schema(d, "GeneralResult")["properties"]["fileType"].update(enum=["jpg"]),
        "schemas/GeneralResult (response)/fileType: enum ['jpg'] added",
    ),
    "status removed": (lambda d: post(d)["responses"].pop("504"), f"POST {GENERAL} 504: removed"),
    "result code added": (
        lambda d: schema(d, "ResponseHeader")["properties"]["resultCode"]["x-result-codes"].append(
            {"httpStatus": 200, "code": 1, "source": "reported"}
        ),
        "schemas/ResponseHeader (response)/resultCode: result code 1 of HTTP 200 is now listed",
    ),
    "key repeats no longer": (
        lambda d: schema(d, "BoxLine").pop("x-duplicate-keys"),
        "schemas/BoxLine (response): x-duplicate-keys no longer has boundingBoxes",
    ),
}


def changes(change: Callable[[Document], object]) -> list[str]:
    new = copy.deepcopy(OLD)
    change(new)
    return [str(each) for each in spec_diff.diff(OLD, new)]


@pytest.mark.parametrize("name", BREAKING)
def test_a_breaking_change_is_named(name: str) -> None:
    change, line = BREAKING[name]
    assert f"BREAKS: {line}" in changes(change)


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_change_is_named_and_nothing_breaks(name: str) -> None:
    change, line = HARMLESS[name]
    found = changes(change)
    assert [each for each in found if each.startswith(f"harmless: {line}")], found
    assert not [each for each in found if each.startswith("BREAKS")]


def test_a_scheme_that_no_operation_needs_can_go() -> None:
    old = copy.deepcopy(OLD)
    old["components"]["securitySchemes"]["T"] = {"type": "http", "scheme": "bearer"}
    assert list(map(str, spec_diff.diff(old, OLD))) == ["harmless: security scheme T: removed"]


def test_a_shared_schema_is_one_place() -> None:
    def drop_message(document: Document) -> None:
        schema(document, "ResponseHeader")["properties"]["resultMessage"]["type"] = "integer"

    assert changes(drop_message) == [
        "BREAKS: schemas/ResponseHeader (response)/resultMessage: type now also integer",
        "harmless: schemas/ResponseHeader (response)/resultMessage: type no longer string",
    ]


def test_moving_a_schema_into_a_reference_changes_only_its_name() -> None:
    def move(document: Document) -> None:
        properties = schema(document, "InferText")["properties"]
        document["components"]["schemas"]["Confidence"] = properties["conf"]
        properties["conf"] = {"$ref": "#/components/schemas/Confidence"}

    assert changes(move) == [
        "harmless: schema Confidence: name added, and its generated class with it"
    ]


def test_no_change_says_so_and_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert spec_diff.main([str(DESCRIPTION)]) == 0
    assert capsys.readouterr().out == "0 changes, 0 of them breaking\n"


def test_a_breaking_change_exits_with_1(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "old.yaml"
    text = DESCRIPTION.read_text("utf-8")
    old.write_text(text.replace("maximum: 1\n", "maximum: 0.5\n"), "utf-8")
    assert spec_diff.main([str(old)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "BREAKS: schemas/InferText (response)/conf: maximum 0.5 is now 1",
        "1 changes, 1 of them breaking",
    ]
    assert spec_diff.main([str(DESCRIPTION), str(old)]) == 0


def test_an_unreadable_file_is_bad_usage(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        spec_diff.main([str(tmp_path / "none.yaml")])
    assert caught.value.code == 2
    assert "none.yaml" in capsys.readouterr().err
