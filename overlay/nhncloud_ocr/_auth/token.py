"""The wire of the token endpoint, both ways: RFC 6749, as `openapi/oauth.yaml` describes it.

What is read of a reply is returned and not raised: no frame holds a token while anything raises.
"""

import json
import re
from math import inf, isfinite
from typing import NoReturn

import httpx

from .._errors import ApiError, AuthenticationError, OcrError, UnexpectedResponseError
from .frames import leaves_no_frame
from .sources import Keys

_FORM = {"grant_type": "client_credentials"}
_MARGIN = 60.0  # seconds before its end, from which on a token is renewed; of a short life, a tenth
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_WRONG_KEYS = (
    "Check the user access key ID and the secret access key (console: API security settings), and "
    "that they have not been deleted."
)
_WRONG_URL = "Check token_url: it answers as if it were no token endpoint."
_TOO_MANY = "It takes no more requests for now. Share one AccessToken, and try again later."


class Token:
    """An access token and its life, in seconds of one clock. Never shown or pickled."""

    __slots__ = ("bearer", "ends_at", "keys", "renew_at")

    def __init__(self, bearer: str, life: float, since: float, keys: Keys) -> None:
        """
        bearer: the token.
        life: seconds, `inf` if the reply did not say.
        since: when it was asked for.
        keys: those it was got with.
        """
        self.bearer = bearer
        self.keys = keys
        self.ends_at = since + life
        self.renew_at = since + life - min(_MARGIN, life / 10) if isfinite(life) else inf

    def postpone(self, now: float) -> None:
        """Keep it longer after it could not be renewed: half of what is left."""
        self.renew_at = now + (self.ends_at - now) / 2

    def __repr__(self) -> str:
        return "Token(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token is not pickled; build the client where it is used")


@leaves_no_frame
def request(url: str, keys: Keys) -> httpx.Request:
    """Build what asks for a token: HTTP Basic, and a form of one field (documented)."""
    bare = httpx.Request("POST", url, data=_FORM, headers={"Accept": "application/json"})
    basic = httpx.BasicAuth(keys["user_access_key_id"], keys["secret_access_key"])
    return next(basic.sync_auth_flow(bare))


@leaves_no_frame
def read(reply: httpx.Response, since: float, keys: Keys) -> Token | OcrError:
    """Return the token of a reply, or the error to raise. Neither shows what the body holds."""
    body = _object(reply.content)
    if 400 <= reply.status_code < 500:
        return _refused(reply, body)
    problem = _problem(body) if reply.status_code == 200 else "no token"
    if problem:
        kind = reply.headers.get("Content-Type", "")
        return UnexpectedResponseError(
            f"not the documented reply of a token endpoint: {problem} (HTTP {reply.status_code}, "
            f"{kind or 'no content type'}, {len(reply.content)} bytes). Check token_url and any "
            "proxy on the way. Nothing was billed.",
            http_status=reply.status_code,
            content_type=kind,
        )
    return Token(str(body["access_token"]), _life(body.get("expires_in")) or 0.0, since, keys)


def _object(content: bytes) -> dict[str, object]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _problem(body: dict[str, object]) -> str | None:
    """Return what is wrong with a success, or None."""
    bearer, kind = body.get("access_token"), body.get("token_type")
    if not isinstance(bearer, str) or not bearer.isprintable() or not bearer.isascii():
        return "access_token is no string that fits into a header"
    if not bearer or " " in bearer:
        return "access_token is empty or has blanks"
    if not isinstance(kind, str) or kind.lower() != "bearer":
        return "token_type is not Bearer"
    if _life(body.get("expires_in")) is None:
        return "expires_in is no number of seconds"
    return None


def _life(value: object) -> float | None:
    """Read `expires_in`: a number or its string (documented: table and sample differ).

    Absent, which RFC 6749 allows: until it is refused.
    """
    if value is None:
        return inf
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value < 1e15 else None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    return None


def _refused(reply: httpx.Response, body: dict[str, object]) -> ApiError:
    """Say what to do: RFC 6749, section 5.2, names the reason in a word."""
    word = body.get("error")
    word = word if isinstance(word, str) and _WORD.fullmatch(word) else ""
    advice = {404: _WRONG_URL, 405: _WRONG_URL, 429: _TOO_MANY}.get(reply.status_code, _WRONG_KEYS)
    reason = f" ({word})" if word else ""
    return AuthenticationError(
        f"no access token: HTTP {reply.status_code}{reason}. {advice} Nothing was billed.",
        http_status=reply.status_code,
        result_message=word,
        retry_after=reply.headers.get("Retry-After"),
    )
