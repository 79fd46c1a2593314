"""What openapi/general-ocr.yaml allows, refuses, and says of itself."""

import copy
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import check_spec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

DESCRIPTION = check_spec.load(check_spec.DESCRIPTION)
SCHEMAS = DESCRIPTION["components"]["schemas"]
PATHS = ("/v1.0/appkeys/{appKey}/general", "/v1.0/appkeys/{appKey}/general/cropping")
IMAGE_URL = SCHEMAS["ImageUrlRequest"]["properties"]["imageUrl"]
RESULT_CODES = SCHEMAS["ResponseHeader"]["properties"]["resultCode"]["x-result-codes"]
GUIDE = Path(__file__).parents[2] / "data"


def fits(name: str, value: Any) -> bool:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIPTION["components"]}
    return Draft202012Validator(schema).is_valid(value)


# --- the image URL -----------------------------------------------------------------------------

GOOD_URLS = [
    "https://example.com/example.jpg",
    "http://example.com",
    "https://example.com:80/a.png",
    "https://example.com:443/a.png",
    "http://example.com:10000/a.png",
    "http://example.com:10999/a.png",
    "http://example.com:11000/a.png",
    "http://example.com:11999/a.png",
    "http://example.com:12000/a.png",
    "https://example.com:/a.png",
    "https://example.com:0443/a.png",
    "https://example.com:443",
    "https://example.com:443?x=1",
    "https://example.com:443#top",
    "https://example.com?at=12:30",
    "https://example.com/a:8080/b@c:9",
    'https://example.com/a b[1]{2}|\\^`".png',
    "https://한글.kr/a.png",
    "https://한글.kr:10080/사진.png",
    "HTTPS://EXAMPLE.COM/A.PNG",
    "hTTp://example.com/a.png",
    "https://[2001:db8::1]/a.png",
    "https://[2001:db8::1]:443/a.png",
    "https://[::ffff:192.0.2.1]:12000/",
    "https://[fe80::1%25eth0]/a.png",
    "https://user@example.com/a.png",
    "https://user:secret@example.com/a.png",
    "https://user:8080@example.com:443/a.png",
    "https://a@b:9@example.com/a.png",
    "https://192.0.2.1/a.png",
    "http://localhost:10500/a.png",
    "https://a_b.example/a.png",
]

BAD_URLS = [
    "https://example.com:0/a.png",
    "https://example.com:8/a.png",
    "https://example.com:79/a.png",
    "https://example.com:81/a.png",
    "https://example.com:442/a.png",
    "https://example.com:444/a.png",
    "https://example.com:8080/a.png",
    "https://example.com:8443/a.png",
    "https://example.com:9999/a.png",
    "https://example.com:12001/a.png",
    "https://example.com:13000/a.png",
    "https://example.com:65535/a.png",
    "https://example.com:100000/a.png",
    "https://example.com:120000/a.png",
    "https://example.com:8080",
    "https://example.com:8080?x=1",
    "https://example.com:8080#top",
    "https://example.com:port/a.png",
    "https://example.com:-80/a.png",
    "https://example.com:+80/a.png",
    "https://example.com:８０/a.png",
    "https://example.com:80:80/a.png",
    "https://한글.kr:8080/a.png",
    "HTTPS://EXAMPLE.COM:22/A.PNG",
    "https://[2001:db8::1]:8080/a.png",
    "https://user:secret@example.com:8080/a.png",
    "https://user:443@example.com:22/a.png",
]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_an_image_url_without_a_forbidden_port_fits(url: str) -> None:
    assert fits("ImageUrlRequest", {"imageUrl": url})


@pytest.mark.parametrize("url", [*BAD_URLS, "", "https://", "example.com/a.png", "a.png"])
def test_an_image_url_with_a_forbidden_port_or_no_host_does_not_fit(url: str) -> None:
    assert not fits("ImageUrlRequest", {"imageUrl": url})


LETTERS = "abzAZ09가힣한-_.~%"
hosts = st.text(LETTERS, min_size=1) | st.sampled_from(["[::1]", "[2001:db8::ff]"])
ports = st.integers(0, 70_000).map(str) | st.text("0123456789", max_size=7)
ports |= st.sampled_from(["80", "443", "9999", "10000", "11999", "12000", "12001"])


@settings(deadline=None)
@given(
    scheme=st.sampled_from(["http", "https", "HTTPS", "Http"]),
    user=st.none() | st.text(LETTERS + ":@!$&'()*+,;="),
    host=hosts,
    port=st.none() | ports,
    rest=st.text(LETTERS + "/?#:@[]", max_size=12),
)
def test_the_pattern_reads_a_port_as_urllib_does(
    scheme: str, user: str | None, host: str, port: str | None, rest: str
) -> None:
    rest = rest and "/" + rest
    url = f"{scheme}://{'' if user is None else user + '@'}{host}"
    url += ("" if port is None else f":{port}") + rest
    try:
        written = urlsplit(url).port
    except ValueError:  # past 65535
        written = 0
    allowed = written is None or written in (80, 443) or 10_000 <= written <= 12_000
    assert bool(re.search(IMAGE_URL["pattern"], url)) == allowed


def test_the_image_url_has_no_limit_but_its_pattern() -> None:
    assert IMAGE_URL.keys() == {"type", "description", "pattern"}


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
    scheme = DESCRIPTION["components"]["securitySchemes"]["SecretKey"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert tuple(DESCRIPTION["paths"]) == PATHS
    for path in PATHS:
        operation = DESCRIPTION["paths"][path]["post"]
        assert operation["security"] == [{"SecretKey": []}]
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


def test_a_bracket_in_a_text_names_a_source() -> None:
    text = check_spec.DESCRIPTION.read_text("utf-8")
    texts = [line for line in text.splitlines() if "pattern:" not in line]
    marks = set(re.findall(r"\[([a-z]+)\]", "\n".join(texts)))
    assert marks == {"documented", "reported", "inferred", "note"}


def test_the_checks_find_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_spec.main(["--python-only"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "openapi-spec-validator: nothing found",
        "23 examples: nothing found",
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
    assert check_spec.linted(document) == ["'title' is a required property"]


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
