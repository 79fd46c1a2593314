"""A service of API v1.1 and its token endpoint, as one transport of canned answers."""

import json
import threading
from collections.abc import Callable
from typing import Any

import anyio
import httpx
from nhncloud_ocr import AccessToken
from unit.support import PNG, Answer, Driver, answer, refusal, success

APP_KEY = "an-app-key-of-16"
ACCESS_KEY = {
    "user_access_key_id": "an-id-of-20-letters.",
    "secret_access_key": "a-secret-access-key",
}
TOKEN_URL = "https://oauth.example/oauth2/token/create"
INVALID = refusal(4010006, message="Invalid token.")


def credentials(**more: Any) -> AccessToken:
    return AccessToken(APP_KEY, **{**ACCESS_KEY, "token_url": TOKEN_URL, **more})


class Realm(httpx.MockTransport):
    """Issues tokens and takes those that it has not ended; counts what it is asked.

    `tokens`: what the token endpoint answers, in turn, the last one for ever; None issues a token.
    """

    def __init__(self, *tokens: Answer | Exception | None, expires_in: Any = 86400) -> None:
        super().__init__(self._answer)
        self.script = tokens or (None,)
        self.expires_in = expires_in
        self.valid: set[str] = set()
        self.token_requests: list[httpx.Request] = []
        self.calls: list[httpx.Request] = []
        self.before_token: Callable[[], Any] = lambda: None
        self._lock = threading.Lock()

    @property
    def counts(self) -> tuple[int, int]:
        """How many token requests and how many calls there were."""
        return len(self.token_requests), len(self.calls)

    def end_all(self) -> None:
        self.valid.clear()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            if str(request.url) == TOKEN_URL:
                return self._token(request)
            self.calls.append(request)
            bearer = request.headers["X-NHN-Authorization"]
            known = bearer.removeprefix("Bearer ") in self.valid
            return (success() if known else INVALID).response()

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.token_requests.append(request)
        number = len(self.token_requests)
        given = self.script[min(number, len(self.script)) - 1]
        if isinstance(given, Exception):
            raise given
        if given is not None:
            return given.response()
        self.valid.add(token := f"access-token-number-{number}")
        body = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        return answer(body).response()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if str(request.url) == TOKEN_URL:
            self.before_token()
        return super().handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if str(request.url) == TOKEN_URL:
            waited_for = self.before_token()
            if waited_for is not None:
                await waited_for
        else:
            await anyio.lowlevel.checkpoint()
        return await super().handle_async_request(request)


def client(driver: Driver, realm: Realm, **options: Any) -> Any:
    given = {"credentials": credentials(), **options}
    return driver.kind(transport=realm, **given)


def recognize(driver: Driver, client: Any) -> Any:
    return driver.recognize(client, PNG)


def oauth_error(status: int, word: str = "invalid_client", **headers: str) -> Answer:
    body = {"error": word, "error_description": "No."}
    kept = {
        "Content-Type": "application/json",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return Answer(json.dumps(body).encode(), status, kept)
