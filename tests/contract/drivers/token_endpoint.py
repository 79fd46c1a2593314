"""The token endpoint of v1.1 itself: it is no recognition, and has an envelope of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from contract.drivers.keys import Keys, spoilt
from contract.drivers.session import Session
from contract.drivers.tokens import AccessKey, NoTokenError
from contract.judge import Verdict
from contract.judge.description import OAUTH, document
from contract.judge.exchange import JSON, Received, Sent
from contract.judge.judging import finding_of
from contract.judge.rules import Finding

GRANT = {"grant_type": "client_credentials"}
DAY, MOMENT = 86_400, 300  # seconds


def run_tokens(session: Session) -> Iterator[Finding]:
    """A token, each kind of refusal, and a revocation; nothing for a target without access key."""
    access = session.target.access
    if access is None:
        return
    checks: tuple[tuple[str, Callable[[], tuple[str, str, Received]]], ...] = (
        ("token", partial(_token, access)),
        *(
            (f"token-with-{what}", partial(_refused, access, keys))
            for what, keys in (
                ("wrong-secret", Keys.WRONG),
                ("longer-secret", Keys.LONGER),
                ("shorter-secret", Keys.SHORTER),
                ("secret-in-other-case", Keys.OTHER_CASE),
                ("foreign-id", Keys.FOREIGN_APP),
                ("longer-id", Keys.LONGER_APP),
            )
        ),
        ("token-of-other-grant", partial(_other_grant, access, {"grant_type": "password"})),
        ("token-of-no-grant", partial(_other_grant, access, {})),
        ("revocation", partial(_revocation, access, None)),
        ("revocation-of-none", partial(_revocation, access, "none-such")),
    )
    for label, check in checks:
        sent = Sent(label, "", "application/x-www-form-urlencoded")
        try:
            rule, seen, received = check()
        except NoTokenError as error:
            rule, seen, received = "token-form", str(error), Received(failure="no reply")
        verdict = Verdict(sent, received)
        if seen:
            verdict.findings.append(finding_of(rule, sent, "the token endpoint", seen))
        session.observe(verdict)
        yield from verdict.findings


def _received(response: httpx.Response) -> Received:
    # Without the body: it may hold a token.
    return Received(response.status_code, dict(response.headers))


def _token(access: AccessKey) -> tuple[str, str, Received]:
    response = access.ask("create", GRANT)
    seen = _unfit(response, 200, "Token")
    if not seen:
        seen = _odd_token(response.json())
    return "token-form", seen, _received(response)


def _odd_token(token: Any) -> str:
    """What of a token's reply is not as documented: a bearer token, for a day."""
    if token["token_type"].lower() != "bearer":
        return f"token_type {token['token_type']!r}"
    # The vendor's table calls it a string, its sample shows a number.
    life = int(token["expires_in"])
    # One that was given out a moment ago may come again.
    return "" if DAY - MOMENT <= life <= DAY else f"expires_in {life}, a day has {DAY} seconds"


def _refused(access: AccessKey, keys: Keys) -> tuple[str, str, Received]:
    name, password = spoilt(keys, access.user_access_key_id, access.secret_access_key)
    response = access.ask("create", GRANT, (name, password or ""))
    seen = _unfit(response, 401, "OAuthError")
    if not seen and response.json()["error"] != "invalid_client":
        seen = f"error {response.json()['error']!r} for a wrong access key"
    return "token-refusal", seen, _received(response)


def _other_grant(access: AccessKey, form: dict[str, str]) -> tuple[str, str, Received]:
    response = access.ask("create", form)
    seen = _unfit(response, 400, "OAuthError")
    # RFC 6749 leaves it open which of these it is.
    allowed = ("unsupported_grant_type", "unauthorized_client", "invalid_request")
    if not seen and response.json()["error"] not in allowed:
        seen = f"error {response.json()['error']!r} for another grant"
    return "token-refusal", seen, _received(response)


def _revocation(access: AccessKey, token: str | None) -> tuple[str, str, Received]:
    response = access.ask("revoke", {"token": token or access.fresh()})
    seen = "" if response.status_code == 200 else f"HTTP {response.status_code}"
    return "token-revocation", seen, _received(response)


def _unfit(response: httpx.Response, status: int, schema: str) -> str:
    """How a reply is not the described one; empty if it is. Never quotes a value."""
    if response.status_code != status:
        return f"HTTP {response.status_code}, not {status}"
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        return f"content-type {kind!r}"
    try:
        value: Any = response.json()
    except ValueError:
        return "a body that is no JSON"
    described = document(OAUTH)["components"]
    validator = Draft202012Validator({**described["schemas"][schema], "components": described})
    for error in validator.iter_errors(value):
        return f"{error.json_path} does not fit {error.validator}"
    return ""
