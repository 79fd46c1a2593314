"""The drifts in v1.1: what it takes for a token, and how tokens are given out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from contract.drift.tampering import Act, Call, Drift, Reply, Value, accept, on_success


def _v11(call: Call) -> bool:
    return call.request.url.path.startswith("/v1.1/")


def _token_call(call: Call, what: str) -> bool:
    return call.request.url.path.endswith(f"/oauth2/token/{what}")


def _given(call: Call) -> str:
    given: str = call.request.headers.get("x-nhn-authorization", "")
    return given


def _taken(allows: Callable[[str], object]) -> Act:
    """A refused header of v1.1 is let in all the same."""
    return accept(
        lambda call, reply: _v11(call) and reply.code in (4010006, 4000005) and allows(_given(call))
    )


class _Revoked:
    """A revoked token is as good as before."""

    def __init__(self) -> None:
        self.tokens: set[str] = set()

    def __call__(self, call: Call) -> Reply:
        if _token_call(call, "revoke"):
            self.tokens |= set(parse_qs(call.body.decode()).get("token", []))
        reply = call.passed()
        return call.good() if _given(call).removeprefix("Bearer ") in self.tokens else reply


def _endpoint(what: str, change: Callable[[Any], Any], status: int | None = None) -> Act:
    """Change the JSON of the token endpoint's replies to a call."""

    def act(call: Call) -> Reply:
        reply = call.passed()
        if not _token_call(call, what):
            return reply
        value = json.loads(reply.body) if reply.body else {}
        refused = "error" in value
        if refused == (change.__name__ == "of_refusal"):
            return Reply(status or reply.status, reply.headers, b"").write(change(value))
        return reply

    return act


def _answer(**changes: Any) -> Callable[[Any], Any]:
    def of_token(value: Any) -> Any:
        kept = {key: item for key, item in value.items() if changes.get(key, "") is not None}
        return kept | {key: item for key, item in changes.items() if item is not None}

    return of_token


def _refusal(answer: Any) -> Callable[[Any], Any]:
    def of_refusal(value: Any) -> Any:
        return answer

    return of_refusal


def _let_in(call: Call) -> Reply:
    """A wrong access key gets a token."""
    reply = call.passed()
    if _token_call(call, "create") and reply.status in (400, 401):
        token = {"access_token": "a" * 43, "token_type": "Bearer", "expires_in": 86400}
        return Reply(200, reply.headers, b"").write(token)
    return reply


def _called_text(call: Call) -> Reply:
    reply = call.passed()
    if not _token_call(call, "create"):
        return reply
    return Reply(reply.status, {**reply.headers, "content-type": "text/plain"}, reply.body)


def _gone(call: Call) -> Reply:
    reply = call.passed()
    if not _v11(call):
        return reply
    header = {"isSuccessful": False, "resultCode": 404, "resultMessage": "Not Found"}
    return Reply(200, reply.headers, b"").write({"header": header})


def _only_v11(edit: Callable[[Value], object]) -> Act:
    act = on_success(edit)
    return lambda call: act(call) if _v11(call) else call.passed()


def _recoded(call: Call) -> Reply:
    reply = call.passed()
    value = reply.value
    if value is None or reply.code != 4010006:
        return reply
    value["header"]["resultCode"] = 4010001
    return reply.write(value)


def _v10_takes_tokens(call: Call) -> Reply:
    reply = call.passed()
    given = call.request.headers.get("authorization", "")
    v10 = call.request.url.path.startswith("/v1.0/")
    return call.good() if v10 and len(given) == len("Bearer ") + 43 else reply


def _v10_takes_the_header(call: Call) -> Reply:
    reply = call.passed()
    v10 = call.request.url.path.startswith("/v1.0/")
    return call.good() if v10 and _given(call) else reply


TOKENS = (
    Drift("v1.1 is not there", _gone, ("v1.1",)),
    Drift(
        "v1.1 takes unknown paths",
        accept(lambda call, reply: _v11(call) and reply.code in (404, 4041007)),
        ("v1.1", "code-list"),
    ),
    Drift("any token is taken", _taken(lambda given: given.startswith("Bearer ")), ("v1.1",)),
    Drift("a token is taken bare", _taken(lambda given: given and " " not in given), ("v1.1",)),
    Drift("a token is taken behind Basic", _taken(lambda g: g.startswith("Basic ")), ("v1.1",)),
    Drift("no token is needed", _taken(lambda given: not given), ("v1.1",)),
    Drift("a revoked token is taken", _Revoked(), ("v1.1-token",)),
    Drift(
        "v1.1 takes the secret key",
        accept(
            lambda call, reply: (
                _v11(call) and reply.code == 4010006 and call.target.secret_key in _given(call)
            )
        ),
        ("v1.1",),
    ),
    Drift(
        "v1.1 takes v1.0's header",
        accept(
            lambda call, reply: (
                _v11(call) and call.request.headers.get("authorization") == call.target.secret_key
            )
        ),
        ("v1.1",),
    ),
    Drift("v1.0 takes a token for its key", _v10_takes_tokens, ("v1.1", "credentials")),
    Drift("v1.0 takes v1.1's header", _v10_takes_the_header, ("v1.1", "credentials")),
    Drift("a wrong token is a wrong key", _recoded, ("code-list", "v1.1")),
    Drift(
        "v1.1 has no fileType",
        _only_v11(lambda value: value["result"].pop("fileType")),
        ("v1.1",),
    ),
    Drift(
        "v1.1 has other boxes",
        _only_v11(
            lambda value: [
                box.update({key: number // 2 for key, number in box.items()})
                for line in value["result"]["listOfBoundingBoxes"]
                for box in line["boundingBoxes"]
            ]
        ),
        ("v1.1",),
    ),
    Drift("expires_in is gone", _endpoint("create", _answer(expires_in=None)), ("v1.1-token",)),
    Drift("expires_in is a word", _endpoint("create", _answer(expires_in="day")), ("v1.1-token",)),
    Drift("a token lasts an hour", _endpoint("create", _answer(expires_in=3600)), ("v1.1-token",)),
    Drift(
        "a token's life is in milliseconds",
        _endpoint("create", _answer(expires_in=86_400_000)),
        ("v1.1-token",),
    ),
    Drift("a token comes as text", _called_text, ("v1.1-token",)),
    Drift(
        "another grant is a wrong access key",
        _endpoint("create", _refusal({"error": "invalid_client"})),
        ("v1.1-token",),
    ),
    Drift("token_type is gone", _endpoint("create", _answer(token_type=None)), ("v1.1-token",)),
    Drift("token_type is MAC", _endpoint("create", _answer(token_type="mac")), ("v1.1-token",)),
    Drift("access_token is gone", _endpoint("create", _answer(access_token=None)), ("v1.1-token",)),
    Drift("a wrong access key gets a token", _let_in, ("v1.1-token",)),
    Drift(
        "a wrong access key gets 403",
        _endpoint("create", _refusal({"error": "invalid_client"}), 403),
        ("v1.1-token",),
    ),
    Drift(
        "refusals of tokens come with HTTP 200",
        _endpoint("create", _refusal({"error": "invalid_client"}), 200),
        ("v1.1-token",),
    ),
    Drift(
        "refusals of tokens have the service's envelope",
        _endpoint("create", _refusal({"header": {"isSuccessful": False}})),
        ("v1.1-token",),
    ),
    Drift(
        "a revocation is refused",
        _endpoint("revoke", _answer(), 404),
        ("v1.1-token",),
    ),
)

# What the vendor's own pages say in two ways: either is right.
EITHER_LIFE = Drift("expires_in is a string", _endpoint("create", _answer(expires_in="86400")))
