"""What openapi/general-ocr.yaml allows, refuses, and says of itself; and oauth.yaml beside it."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import check_spec
import pytest
import yaml
from jsonschema import Draft202012Validator

DESCRIPTION = check_spec.load(check_spec.DESCRIPTION)
SCHEMAS = DESCRIPTION["components"]["schemas"]
PATHS = tuple(
    f"/{version}/appkeys/{{appKey}}/{end}"
    for version in ("v1.0", "v1.1")
    for end in ("general", "general/cropping")
)
RESULT_CODES = SCHEMAS["ResponseHeader"]["properties"]["resultCode"]["x-result-codes"]
GUIDE = Path(__file__).parents[2] / "data"


def fits(name: str, value: Any) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIPTION["components"]}
    return Draft202012Validator(schema).is_valid(value)


# --- the envelope ------------------------------------------------------------------------------

OK = {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}
FAILED = {"isSuccessful": False, "resultCode": -1, "resultMessage": "Unknown error."}
BOX = {f"{axis}{corner}": 7 for corner in range(1, 5) for axis in "xy"}
RESULT = {
    "fileType": "png",
    "listOfInferTexts": [{"inferTexts": [{"value": " a", "conf": 1}]}],
    "listOfBoundingBoxes": [{"boundingBoxes": [BOX]}],
}
SLICED = {**RESULT, "slicesImages": 2}
REPLIES = {
    "general success": ("GeneralResponse", {"header": OK, "result": RESULT}),
    "cropping success": ("CroppingResponse", {"header": OK, "result": SLICED}),
    "general failure": ("GeneralResponse", {"header": FAILED}),
    "cropping failure": ("CroppingResponse", {"header": FAILED}),
    "gateway failure": ("GatewayError", {"header": FAILED}),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_fits_with_unknown_fields_in_every_object(name: str) -> None:
    def with_more(node: Any) -> Any:
        if isinstance(node, list):
            return [with_more(each) for each in node]
        if isinstance(node, dict):
            return {**{key: with_more(each) for key, each in node.items()}, "more": [None]}
        return node

    schema, reply = REPLIES[name]
    assert fits(schema, reply)
    assert fits(schema, with_more(reply))


@pytest.mark.parametrize(
    ("schema", "reply"),
    [
        ("GeneralResponse", {"header": OK}),
        ("GeneralResponse", {"header": OK, "result": None}),
        ("GeneralResponse", {"header": {**OK, "resultCode": -1}, "result": RESULT}),
        ("GeneralResponse", {"header": FAILED, "result": RESULT}),
        ("GeneralResponse", {"header": FAILED, "result": None}),
        ("GeneralResponse", {"header": {**FAILED, "resultCode": 0}}),
        ("GeneralResponse", {"header": {**OK, "isSuccessful": "true"}, "result": RESULT}),
        ("GeneralResponse", {"header": {**FAILED, "resultCode": "-1"}}),
        ("GeneralResponse", {"header": {**FAILED, "resultMessage": None}}),
        ("GeneralResponse", {"result": RESULT}),
        ("CroppingResponse", {"header": OK, "result": RESULT}),
        ("CroppingResponse", {"header": OK, "result": {**RESULT, "slicesImages": "2"}}),
        ("CroppingResponse", {"header": FAILED, "result": SLICED}),
        ("GatewayError", {"header": OK, "result": RESULT}),
        ("GatewayError", {"header": OK}),
        ("GatewayError", {}),
    ],
)
def test_a_reply_that_contradicts_itself_does_not_fit(schema: str, reply: Any) -> None:
    assert not fits(schema, reply)


@pytest.mark.parametrize("conf", [-0.01, 1.01, "0.9", None, True])
def test_a_confidence_is_a_number_from_0_to_1(conf: Any) -> None:
    assert fits("InferText", {"value": "", "conf": 0})
    assert fits("InferText", {"value": "", "conf": 1})
    assert not fits("InferText", {"value": "", "conf": conf})


def test_a_coordinate_is_any_number() -> None:
    for good in (-3, 0, 7, 7.5, 10**9):
        assert fits("BoundingBox", {**BOX, "x1": good})
    for bad in ("7", None, True, [7]):
        assert not fits("BoundingBox", {**BOX, "x1": bad})
    assert not fits("BoundingBox", {key: BOX[key] for key in list(BOX)[1:]})


def test_only_cropping_describes_slices() -> None:
    assert "slicesImages" not in json.dumps(SCHEMAS["GeneralResult"])
    assert "slicesImages" in json.dumps(SCHEMAS["CroppingResult"])


@pytest.mark.parametrize("name", ["general", "cropping"])
@pytest.mark.parametrize("of_repeated", [0, -1])
def test_the_guides_sample_fits_whichever_of_the_repeated_keys_is_read(
    name: str, of_repeated: int
) -> None:
    def one_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        return {key: [v for k, v in pairs if k == key][of_repeated] for key in keys}

    text = (GUIDE / f"guide-{name}.json").read_text("utf-8")
    without_trailing_commas = re.sub(r",(\s*[\]}])", r"\1", text)
    reply = json.loads(without_trailing_commas, object_pairs_hook=one_of)
    assert fits(f"{name.capitalize()}Response", reply)


# --- requests, hosts, statuses and codes -------------------------------------------------------


def test_the_hosts_the_keys_and_the_media_types() -> None:
    assert [server["url"] for server in DESCRIPTION["servers"]] == [
        "https://api-ocr.nhncloudservice.com",
        "https://ocr.api.nhncloudservice.com",
    ]
    schemes = DESCRIPTION["components"]["securitySchemes"]
    assert {name: (each["type"], each["in"], each["name"]) for name, each in schemes.items()} == {
        "SecretKey": ("apiKey", "header", "Authorization"),
        "AccessToken": ("apiKey", "header", "X-NHN-Authorization"),
    }
    assert tuple(DESCRIPTION["paths"]) == PATHS
    for path in PATHS:
        operation = DESCRIPTION["paths"][path]["post"]
        scheme = {"v1.0": "SecretKey", "v1.1": "AccessToken"}[operation["x-version"]]
        assert operation["security"] == [{scheme: []}]
        assert path.startswith(f"/{operation['x-version']}/")
        assert operation["x-role"] == ("cropping" if path.endswith("cropping") else "general")
        body = check_spec.resolve(DESCRIPTION, operation["requestBody"])
        assert body["required"]
        assert body["content"].keys() == {"multipart/form-data", "application/json"}


@pytest.mark.parametrize("key", ["a" * 16, "a" * 20, "A-b_c.d~", "가"])
def test_an_app_key_may_have_any_length_and_letters(key: str) -> None:
    schema = DESCRIPTION["components"]["parameters"]["AppKey"]["schema"]
    assert Draft202012Validator(schema).is_valid(key)


def test_only_two_keys_may_repeat() -> None:
    repeating = {
        name: schema["x-duplicate-keys"]
        for name, schema in SCHEMAS.items()
        if "x-duplicate-keys" in schema
    }
    assert repeating == {"TextLine": ["inferTexts"], "BoxLine": ["boundingBoxes"]}
    assert json.dumps(DESCRIPTION).count('"x-duplicate-keys"') == 2


def test_result_codes_have_a_status_a_source_and_no_twin() -> None:
    pairs = [(each["httpStatus"], each["code"]) for each in RESULT_CODES]
    assert len(set(pairs)) == len(pairs)
    assert {each["source"] for each in RESULT_CODES} <= {
        *("guide", "documented", "reported", "inferred")
    }
    # The same number means different things to the service and to the gateway.
    assert {status for status, code in pairs if code == 4000006} == {200, 400}


def test_the_set_of_result_codes_is_open() -> None:
    assert fits("GeneralResponse", {"header": {**FAILED, "resultCode": 4009999}})
    assert fits("GeneralResponse", {"header": {**FAILED, "resultCode": 2**40}})


@pytest.mark.parametrize("path", PATHS)
def test_each_status_shows_each_of_its_codes(path: str) -> None:
    """At 200, success and some failures; at the gateway's statuses, every known code."""
    shown = set()
    for status, response in DESCRIPTION["paths"][path]["post"]["responses"].items():
        media = check_spec.resolve(DESCRIPTION, response)["content"]["application/json"]
        for example in media["examples"].values():
            header = check_spec.resolve(DESCRIPTION, example)["value"]["header"]
            shown.add((int(status), header["resultCode"]))
    known = {(each["httpStatus"], each["code"]) for each in RESULT_CODES}
    assert shown <= known
    assert {pair for pair in known - shown if pair[0] != 200} == set()
    assert {(200, 0), (200, -1)} <= shown


# --- what it says of itself, and the checks ----------------------------------------------------


def texts(node: Any) -> Iterator[str]:
    """What a document says to people."""
    if isinstance(node, list):
        for each in node:
            yield from texts(each)
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("summary", "description") and isinstance(value, str):
                yield value
            else:
                yield from texts(value)


@pytest.mark.parametrize("path", check_spec.DESCRIPTIONS, ids=lambda path: path.stem)
def test_a_bracket_in_a_text_names_a_source(path: Path) -> None:
    marks = set(re.findall(r"\[([a-z]+)\]", "\n".join(texts(check_spec.load(path)))))
    known = {"documented", "reported", "inferred", "note"}
    assert marks == (known if path == check_spec.DESCRIPTION else (known - {"reported"}) | {"rfc"})


def test_the_versions_differ_in_path_name_and_credentials_alone() -> None:
    """As the vendor documents of v1.1."""
    differing = {"operationId", "x-version", "security"}
    for path in PATHS[:2]:
        old, new = (
            {**DESCRIPTION["paths"][each], "post": None, **DESCRIPTION["paths"][each]["post"]}
            for each in (path, path.replace("v1.0", "v1.1"))
        )
        assert {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} == differing
        assert new["operationId"] == f"{old['operationId']}V11"


def test_what_the_versions_share_stands_once() -> None:
    """A line of prose that is long enough to be one has no twin."""
    lines = [line.strip() for line in check_spec.DESCRIPTION.read_text("utf-8").splitlines()]
    v11 = lines[lines.index("/v1.1/appkeys/{appKey}/general:") : lines.index("components:")]
    assert not [line for line in v11 if len(line) > 60]
    assert len(v11) < 40


def test_the_checks_find_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_spec.main(["--python-only"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "general-ocr.yaml: openapi-spec-validator: nothing found",
        "general-ocr.yaml: 35 examples: nothing found",
        "oauth.yaml: openapi-spec-validator: nothing found",
        "oauth.yaml: 4 examples: nothing found",
    ]


def test_the_checks_find_a_wrong_example_and_a_lost_one() -> None:
    document = copy.deepcopy(DESCRIPTION)
    shared = document["components"]["examples"]
    shared["Failure"]["value"]["header"]["resultCode"] = 0
    shared["Lost"] = {"value": {}}
    findings = check_spec.unfit_examples(document)
    assert sorted({each.split(": ")[0].split("/")[-1] for each in findings}) == [
        *("Lost", "failure.header.resultCode")
    ]


def test_the_checks_find_what_openapi_forbids() -> None:
    document = copy.deepcopy(DESCRIPTION)
    del document["info"]["title"]
    (finding,) = check_spec.linted(document)
    assert re.search(
        """['"]title['"] is a required property""", finding
    )  # its two backends quote differently


def test_a_repeated_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "repeated.yaml"
    path.write_text("openapi: 3.1.0\ninfo: {title: a, title: b}\n", "utf-8")
    with pytest.raises(yaml.YAMLError, match="repeated key title"):
        check_spec.load(path)


def test_without_node_the_absence_of_its_linters_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert check_spec.main([]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "left out, for node's npx is not here: Redocly recommended-strict, Spectral oas all"
    )
