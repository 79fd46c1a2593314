"""v1.1: access tokens, given out and ended on the emulator's own port."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._tokens import Tokens
from patience import PATIENCE

CREATE = "/oauth2/token/create"
REVOKE = "/oauth2/token/revoke"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def root(client: httpx.Client, ocr_emulator: Emulator) -> httpx.Client:
    """A client of the whole emulator, without credentials, on both ways into it."""
    del client.headers["Authorization"]
    client.base_url = client.base_url.copy_with(path="/")
    return client


@pytest.fixture
def key(ocr_emulator: Emulator) -> tuple[str, str]:
    """The access key, as httpx wants it for Basic."""
    return ocr_emulator.user_access_key_id, ocr_emulator.secret_access_key


def token(root: httpx.Client, key: tuple[str, str]) -> str:
    return root.post(CREATE, data=GRANT, auth=key).json()["access_token"]


def recognize(
    root: httpx.Client,
    emulator: Emulator,
    image: bytes,
    version: str = "v1.1",
    app_key: str | None = None,
    **headers: str,
) -> int:
    response = root.post(
        f"/{version}/appkeys/{app_key or emulator.app_key}/general",
        files={"image": ("image.png", image)},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    assert response.status_code == 200
    return response.json()["header"]["resultCode"]


def test_a_token_opens_v11_in_both_operations(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str], image: bytes
) -> None:
    reply = root.post(CREATE, data=GRANT, auth=key)
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    assert list(reply.json()) == ["access_token", "token_type", "expires_in"]
    assert reply.json()["token_type"] == "Bearer"
    assert reply.json()["expires_in"] == 86400
    bearer = {"X-NHN-Authorization": f"Bearer {reply.json()['access_token']}"}
    for operation, sliced in (("general", False), ("general/cropping", True)):
        path = f"/appkeys/{ocr_emulator.app_key}/{operation}"
        files = {"image": ("image.png", image)}
        new = root.post(f"/v1.1{path}", files=files, headers=bearer)
        old = root.post(
            f"/v1.0{path}", files=files, headers={"Authorization": ocr_emulator.secret_key}
        )
        assert new.json()["header"]["isSuccessful"]
        assert new.content == old.content
        assert ("slicesImages" in new.json()["result"]) is sliced


def test_the_journal_tells_token_requests_apart_and_shows_no_secret(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str], image: bytes
) -> None:
    bearer = token(root, key)
    recognize(root, ocr_emulator, image, X_NHN_Authorization=f"Bearer {bearer}")
    root.post(REVOKE, data={"token": bearer}, auth=key)
    calls = list(ocr_emulator.calls)
    assert [call.kind for call in calls] == ["token", "recognition", "token"]
    assert [call.path for call in calls] == [
        *(CREATE, "/v1.1/appkeys/{appKey}/general", REVOKE),
    ]
    assert [call.result_code for call in calls] == [None, 0, None]
    for secret in (bearer, *key, ocr_emulator.app_key, ocr_emulator.secret_key):
        assert secret not in repr(calls)
        assert secret not in repr(ocr_emulator.app.service.settings)
    assert sum(ocr_emulator.billed.values()) == 1


def test_what_v11_refuses(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str], image: bytes
) -> None:
    good = token(root, key)
    rows = [
        ({}, 4000005),
        ({"Authorization": f"Bearer {good}"}, 4000005),  # in v1.0's header
        ({"Authorization": ocr_emulator.secret_key}, 4000005),  # v1.0's key
        ({"X_NHN_Authorization": ocr_emulator.secret_key}, 4010006),
        ({"X_NHN_Authorization": good}, 4010006),
        ({"X_NHN_Authorization": f"Basic {good}"}, 4010006),
        ({"X_NHN_Authorization": f"Bearer {good}x"}, 4010006),
        ({"X_NHN_Authorization": "Bearer"}, 4010006),
        ({"X_NHN_Authorization": f"bearer {good}"}, 0),
    ]
    for headers, code in rows:
        assert recognize(root, ocr_emulator, image, **headers) == code, headers
    bearer = {"X_NHN_Authorization": f"Bearer {good}"}
    assert recognize(root, ocr_emulator, image, app_key="0" * 16, **bearer) == 4010007


def test_what_v10_refuses_of_v11(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str], image: bytes
) -> None:
    good = token(root, key)
    for headers, code in (
        ({"X_NHN_Authorization": f"Bearer {good}"}, 4000005),
        ({"Authorization": f"Bearer {good}"}, 4010001),
        ({"Authorization": good}, 4010001),
    ):
        assert recognize(root, ocr_emulator, image, "v1.0", **headers) == code


def test_a_token_ends_by_revocation_alone_of_all(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str], image: bytes
) -> None:
    first, second = token(root, key), token(root, key)
    assert first != second
    for _ in range(2):  # revoking what has ended is no error
        assert root.post(REVOKE, data={"token": first}, auth=key).status_code == 200
    codes = [
        recognize(root, ocr_emulator, image, X_NHN_Authorization=f"Bearer {each}")
        for each in (first, second)
    ]
    assert codes == [4010006, 0]
    ocr_emulator.tokens.revoke_all()
    assert recognize(root, ocr_emulator, image, X_NHN_Authorization=f"Bearer {second}") == 4010006


def test_a_token_ends_by_time() -> None:
    now = 0.0
    tokens = Tokens(10, lambda: now)
    early = tokens.create()
    now = 6.0
    tokens.expires_in = 3
    late = tokens.create()
    now = 8.9
    assert tokens.is_valid(early)
    assert tokens.is_valid(late)
    now = 9.0
    assert tokens.is_valid(early)
    assert not tokens.is_valid(late)
    now = 10.0
    assert not tokens.is_valid(early)


def test_tokens_do_not_grow_without_a_bound() -> None:
    tokens = Tokens(10)
    first = tokens.create()
    second = tokens.create()
    *_, last = (tokens.create() for _ in range(9_999))
    assert not tokens.is_valid(first)
    assert tokens.is_valid(second)
    assert tokens.is_valid(last)


def test_the_life_of_tokens_can_be_set(image: bytes) -> None:
    emulator = Emulator(
        engine="fixture", expires_in=0, user_access_key_id="me", secret_access_key="mine"
    )
    with httpx.Client(transport=emulator.transport, base_url="http://emulator") as root:
        reply = root.post(CREATE, data=GRANT, auth=("me", "mine")).json()
        assert reply["expires_in"] == 0
        bearer = f"Bearer {reply['access_token']}"
        assert recognize(root, emulator, image, X_NHN_Authorization=bearer) == 4010006
    for wrong in (-1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="expires_in"):
            Emulator(engine="fixture", expires_in=wrong)


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "path", "media_type", "body", "status", "error"),
    [
        ("GET", CREATE, FORM, b"", 405, "invalid_request"),
        ("POST", CREATE, "application/json", b'{"grant_type":"x"}', 400, "invalid_request"),
        ("POST", CREATE, "", b"grant_type=client_credentials", 400, "invalid_request"),
        ("POST", CREATE, FORM, b"", 400, "invalid_request"),
        ("POST", CREATE, FORM, b"grant_type=", 400, "invalid_request"),
        ("POST", CREATE, FORM, b"grant_type=password", 400, "unsupported_grant_type"),
        ("POST", CREATE, FORM, b"grant_type=a&grant_type=a", 400, "invalid_request"),
        ("POST", CREATE, FORM, b"grant_type=%ff", 400, "invalid_request"),
        ("POST", CREATE, FORM, b"\xff", 400, "invalid_request"),
        ("POST", CREATE, FORM, b"a=b&" * 100, 400, "invalid_request"),
        ("POST", CREATE, FORM, b"a" * 100_000, 400, "invalid_request"),
        ("POST", REVOKE, FORM, b"", 400, "invalid_request"),
        ("POST", REVOKE, FORM, b"token=", 400, "invalid_request"),
        ("POST", "/oauth2/token/other", FORM, b"", 404, "invalid_request"),
        ("POST", "/oauth2/token", FORM, b"", 404, "invalid_request"),
    ],
)
def test_wrong_requests_are_told_as_in_rfc_6749(
    root: httpx.Client,
    ocr_emulator: Emulator,
    key: tuple[str, str],
    method: str,
    path: str,
    media_type: str,
    body: bytes,
    status: int,
    error: str,
) -> None:
    headers = {"Content-Type": media_type}
    reply = root.request(method, path, content=body, headers=headers, auth=key)
    assert (reply.status_code, reply.json()["error"]) == (status, error)
    assert reply.headers["content-type"] == "application/json"
    assert ("allow" in reply.headers) is (status == 405)
    (call,) = ocr_emulator.calls
    assert call.reason == reply.json()["error_description"]


def basic(text: bytes) -> str:
    return f"Basic {base64.b64encode(text).decode()}"


@pytest.mark.parametrize(
    "authorization",
    [
        *("", "Basic", "Basic !!!", "Bearer x", basic(b"nothing"), basic(b"a:b")),
        *(basic(b"\xff:b"), basic(b":"), "Basic \xff"),
    ],
)
def test_a_wrong_access_key_is_an_invalid_client(root: httpx.Client, authorization: str) -> None:
    headers = {b"Authorization": authorization.encode("latin-1")}
    for path in (CREATE, REVOKE):
        reply = root.post(path, data=GRANT, headers=headers)
        assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")
        assert reply.headers["www-authenticate"].startswith("Basic ")
    in_the_form = {**GRANT, "client_id": "a", "client_secret": "b"}
    assert root.post(CREATE, data=in_the_form).status_code == 401


def test_an_access_key_may_be_encoded_as_rfc_6749_says() -> None:
    emulator = Emulator(
        engine="fixture", user_access_key_id="i d+%41", secret_access_key="sec:ret/é"
    )
    with httpx.Client(transport=emulator.transport, base_url="http://emulator") as root:
        for user in ("i d+%41:sec:ret/é", "i+d%2B%2541:sec%3Aret%2F%C3%A9"):
            headers = {"Authorization": basic(user.encode())}
            assert root.post(CREATE, data=GRANT, headers=headers).status_code == 200


def test_its_faults_are_apart_from_those_of_recognition(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str], image: bytes
) -> None:
    ocr_emulator.faults.add(result_code=5000503)
    ocr_emulator.token_faults.add(status=503, retry_after=7)
    ocr_emulator.token_faults.add(error="unauthorized_client", message="not you")
    ocr_emulator.token_faults.add(expires_in="3600")
    ocr_emulator.token_faults.add(expires_in=12)
    ocr_emulator.token_faults.add(html=True, status=502)
    ocr_emulator.token_faults.add(status=401)

    def create() -> httpx.Response:
        return root.post(CREATE, data=GRANT, auth=key)

    reply = create()
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "7")
    reply = create()
    assert reply.status_code == 400
    assert reply.json() == {"error": "unauthorized_client", "error_description": "not you"}
    reply = create()
    assert reply.json()["expires_in"] == "3600"
    assert create().json()["expires_in"] == 12
    assert "502 Bad Gateway" in create().text
    assert create().json()["error"] == "invalid_client"
    bearer = f"Bearer {reply.json()['access_token']}"
    codes = [recognize(root, ocr_emulator, image, X_NHN_Authorization=bearer) for _ in range(2)]
    assert codes == [5000503, 0]


def test_a_token_request_can_be_lost_on_the_way(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str]
) -> None:
    ocr_emulator.token_faults.add(reset="before")
    with pytest.raises(httpx.ReadError):
        root.post(CREATE, data=GRANT, auth=key)
    headers = {"X-Emulator-Fault": "truncated"}
    with pytest.raises(httpx.RemoteProtocolError):
        root.post(CREATE, data=GRANT, auth=key, headers=headers)
    assert token(root, key)


def test_faults_of_the_other_part_are_refused_aloud(
    root: httpx.Client, ocr_emulator: Emulator, key: tuple[str, str]
) -> None:
    of_recognition: list[dict[str, Any]] = [
        *({"result_code": 400}, {"trailing_commas": True}, {"repeated_keys": "both"}),
    ]
    of_tokens: list[dict[str, Any]] = [{"error": "invalid_client"}, {"expires_in": 1}]
    for values in of_recognition:
        with pytest.raises(ValueError, match="no fault of this part"):
            ocr_emulator.token_faults.add(**values)
    for values in of_tokens:
        with pytest.raises(ValueError, match="no fault of this part"):
            ocr_emulator.faults.add(**values)
    headers = {"X-Emulator-Fault": "result_code=400"}
    reply = root.post(CREATE, data=GRANT, auth=key, headers=headers)
    assert reply.status_code == 400
    assert "no fault of this part" in reply.json()["error_description"]


def test_the_gateway_lets_v11_through(image: bytes) -> None:
    emulator = Emulator(engine="fixture", mode="gateway")
    key = emulator.user_access_key_id, emulator.secret_access_key
    with httpx.Client(transport=emulator.transport, base_url="http://emulator") as root:
        bearer = {"X_NHN_Authorization": f"Bearer {token(root, key)}"}
        assert recognize(root, emulator, image, **bearer) == 0
        assert recognize(root, emulator, image, X_NHN_Authorization="Bearer x") == 4010006
        lost = root.post(f"/v1.1/appkeys/{emulator.app_key}/other")
        assert (lost.status_code, lost.json()["header"]["resultCode"]) == (404, 4041007)


def test_the_rate_limit_is_for_recognition_alone() -> None:
    emulator = Emulator(engine="fixture", rate_limit=0.001, burst=1)
    key = emulator.user_access_key_id, emulator.secret_access_key
    with httpx.Client(transport=emulator.transport, base_url="http://emulator") as root:
        assert len({token(root, key) for _ in range(20)}) == 20


def test_the_token_url_is_on_the_same_port(ocr_emulator: Emulator, key: tuple[str, str]) -> None:
    assert ocr_emulator.token_url == ocr_emulator.base_url + CREATE
    assert (
        httpx.post(ocr_emulator.token_url, data=GRANT, auth=key, timeout=PATIENCE).status_code
        == 200
    )


@pytest.mark.anyio
async def test_in_process_async(ocr_emulator: Emulator, key: tuple[str, str]) -> None:
    async with httpx.AsyncClient(transport=ocr_emulator.transport) as client:
        reply = await client.post(f"http://anything{CREATE}", data=GRANT, auth=key)
        assert reply.json()["token_type"] == "Bearer"


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    body=st.binary(max_size=200)
    | st.dictionaries(st.text(max_size=5), st.text(max_size=5)).map(
        lambda fields: str(httpx.QueryParams(fields)).encode()
    ),
    authorization=st.binary(max_size=60).filter(lambda value: not set(value) & set(b"\0\r\n"))
    | st.binary(max_size=30).map(lambda value: basic(value).encode()),
    right=st.booleans(),
)
def test_arbitrary_requests_get_no_token_and_a_documented_error(
    ocr_emulator: Emulator, body: bytes, authorization: bytes, right: bool
) -> None:
    if right:
        user = f"{ocr_emulator.user_access_key_id}:{ocr_emulator.secret_access_key}"
        authorization = basic(user.encode()).encode()
    headers = {b"Content-Type": FORM.encode(), b"Authorization": authorization.strip()}
    with httpx.Client(transport=ocr_emulator.transport) as client:
        reply = client.post(f"http://emulator{CREATE}", content=body, headers=headers)
    assert reply.status_code == (400 if right else 401)
    assert json.loads(reply.content)["error"] in (
        *("invalid_request", "invalid_client", "unsupported_grant_type"),
    )
