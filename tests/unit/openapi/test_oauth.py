"""The token endpoint as the overlay speaks it, held to `openapi/oauth.yaml`."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import check_spec
import httpx
import pytest
from jsonschema import Draft202012Validator
from nhncloud_ocr import AccessToken, AuthenticationError, OcrClient
from unit.support import ONCE, PNG, success

PATH = check_spec.OPENAPI / "oauth.yaml"
DOCUMENT = check_spec.load(PATH)
ACCESS_KEY = ("an-id-of-20-letters.", "a-secret-access-key")
CREATE = DOCUMENT["paths"]["/oauth2/token/create"]["post"]


def resolve(node: Any) -> Any:
    return check_spec.resolve(DOCUMENT, node)


def errors(schema: Any, value: Any) -> list[str]:
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    return [error.message for error in validator.iter_errors(value)]


def examples(status: str) -> list[Any]:
    content = resolve(CREATE["responses"][status])["content"]["application/json"]
    return [resolve(each)["value"] for each in content["examples"].values()]


def call(reply: httpx.Response) -> tuple[Any, list[httpx.Request]]:
    """The outcome of a call whose token endpoint gives this reply, and the two requests."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return reply if len(seen) == 1 else success().response()

    transport = httpx.MockTransport(handler)
    credentials = AccessToken("an-app-key-of-16", *ACCESS_KEY)
    with OcrClient(credentials=credentials, transport=transport, retry=ONCE) as ocr:
        try:
            return ocr.recognize(PNG), seen
        except AuthenticationError as error:
            return error, seen


def test_the_default_token_url_is_the_described_host_and_path() -> None:
    _, (request, _) = call(httpx.Response(200, json=examples("200")[0]))
    assert str(request.url) == DOCUMENT["servers"][0]["url"] + "/oauth2/token/create"
    assert request.method == "POST"


def test_the_request_is_the_described_form_with_the_described_credentials() -> None:
    _, (request, _) = call(httpx.Response(200, json=examples("200")[0]))
    ((media_type, body),) = CREATE["requestBody"]["content"].items()
    assert request.headers["Content-Type"] == media_type
    assert errors(body["schema"], dict(parse_qsl(request.read().decode()))) == []
    assert DOCUMENT["security"] == [{"AccessKey": []}]
    scheme = DOCUMENT["components"]["securitySchemes"]["AccessKey"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "basic")
    sent = httpx.BasicAuth(*ACCESS_KEY)._auth_header
    assert request.headers["Authorization"] == sent


@pytest.mark.parametrize(
    "token", examples("200"), ids=lambda token: type(token["expires_in"]).__name__
)
def test_the_described_replies_are_read(token: Any) -> None:
    page, (_, request) = call(httpx.Response(200, json=token))
    assert page.words
    assert request.headers["X-NHN-Authorization"] == f"Bearer {token['access_token']}"


@pytest.mark.parametrize("field", DOCUMENT["components"]["schemas"]["Token"]["required"])
def test_each_required_field_of_a_token_is_one_that_the_overlay_reads(field: str) -> None:
    """Renamed in the description, it no longer is one."""
    assert field in ("access_token", "token_type", "expires_in")


@pytest.mark.parametrize("status", ["400", "401"])
def test_the_described_refusals_give_their_word(status: str) -> None:
    for example in examples(status):
        error, _ = call(httpx.Response(int(status), json=example))
        assert isinstance(error, AuthenticationError)
        assert error.result_message == example["error"]
        assert example["error"] in str(error)


def test_the_header_of_a_token_is_that_of_the_other_description() -> None:
    scheme = check_spec.load(check_spec.DESCRIPTION)["components"]["securitySchemes"]["AccessToken"]
    _, (_, request) = call(httpx.Response(200, json=examples("200")[0]))
    assert scheme["name"] in request.headers
    assert urlsplit(str(request.url)).path.startswith("/v1.1/")
