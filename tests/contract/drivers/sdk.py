"""The rows that the SDK can express, through both clients.

A row that the SDK refuses locally must raise with nothing sent. With `precheck=False` it is sent,
and what the client returns or raises must be what the judge read in the same reply.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
from msgspec.structs import astuple
from nhncloud_ocr import (
    AccessToken,
    ApiError,
    AspectRatioWarning,
    AsyncOcrClient,
    ConfigurationError,
    InvalidImageError,
    OcrClient,
    OcrError,
    OcrResult,
    RetryPolicy,
    SecretKey,
    TransportError,
    UnexpectedResponseError,
)

from contract.drivers.caller import TIMEOUT, Target
from contract.drivers.keys import spoilt
from contract.drivers.rows import Row
from contract.drivers.rows.bodies import At, Upload
from contract.drivers.rows.versions import V11
from contract.drivers.sdk_rows import of_each_kind, refused_locally
from contract.drivers.session import Session
from contract.judge import Verdict
from contract.judge.description import GENERAL
from contract.judge.exchange import Received, Sent
from contract.judge.judging import finding_of
from contract.judge.rules import Finding


def run_sdk(session: Session) -> Iterator[Finding]:
    """The expressible rows of each kind through the sync and the async client."""
    try:
        OcrClient("app", "secret", base_url=session.target.base_url).close()
    except ConfigurationError as error:
        session.tell(f"the SDK's rows are left out: {error}")
        return
    with asyncio.Runner() as runner, warnings.catch_warnings():
        warnings.simplefilter("ignore", AspectRatioWarning)
        clients = (_Sync(session.target), _Async(session.target, runner))
        for row in of_each_kind(session.rows):
            for client in clients:
                yield from _row(row, client, session)
        for client in clients:
            yield from _tokens(client, session)
            client.close()


def _tokens(client: _Sync | _Async, session: Session) -> Iterator[Finding]:
    """However many calls there were, one token is enough for them: it lasts a day."""
    if client.tokens > 1:
        sent = Sent(f"{client.name} of v1.1", "", "")
        yield finding_of("sdk-tokens", sent, "", f"{client.tokens} tokens were asked for")


def _row(row: Row, client: _Sync | _Async, session: Session) -> Iterator[Finding]:
    given = _argument(row, session)
    # A URL's outcome depends on what the server reaches; the table has judged it.
    expect = None if isinstance(row.body, At) else row.expect
    picture = row.body.picture if isinstance(row.body, Upload) else None
    sent = session.caller.sent(row, expect, label=f"{client.name} {row.name}", picture=picture)
    sent = replace(sent, picture=sent.picture and replace(sent.picture, misnamed=False))
    if refused_locally(row):
        outcome, exchanges = client.call(row, given, precheck=True)
        if exchanges or not isinstance(outcome, InvalidImageError):
            seen = f"{type(outcome).__name__} after {len(exchanges)} requests"
            yield finding_of("sdk-local", sent, "", seen)
    outcome, exchanges = client.call(row, given, precheck=False)
    # Requests for recognition alone: those for tokens are counted apart.
    if len(exchanges) != 1:
        seen = f"{type(outcome).__name__} after {len(exchanges)} requests"
        yield finding_of("sdk-reads", sent, "", seen)
        return
    verdict = session.judged(sent, client.target.cleaned(exchanges[0]))
    difference = _difference(outcome, exchanges[0], verdict)
    if difference and not verdict.findings:
        verdict.findings = [finding_of("sdk-reads", sent, "", difference)]
    session.observe(verdict)
    yield from verdict.findings


def _argument(row: Row, session: Session) -> dict[str, Any]:
    if isinstance(row.body, Upload):
        return {"image": row.body.data}
    if isinstance(row.body, At):
        return {"image_url": row.body.url(session.hosting)}
    return {"image_url": row.body.value["imageUrl"]}


def _difference(outcome: OcrResult | OcrError, received: Received, verdict: Verdict) -> str:
    """How the client's word differs from the reply; empty if it does not."""
    said, reading = verdict.outcome, verdict.reading
    if isinstance(outcome, TransportError):
        return "" if received.failure else f"{type(outcome).__name__}, but a reply came"
    if said is None:
        expected = isinstance(outcome, UnexpectedResponseError | ApiError)
        return "" if expected else f"{type(outcome).__name__} for a reply without an outcome"
    if isinstance(outcome, ApiError):
        if said.accepted:
            return f"{type(outcome).__name__} for a success"
        # The client hides keys in its own way, if the reply repeats one.
        repeats_a_key = received.body != verdict.received.body
        message = said.message if repeats_a_key else outcome.result_message
        mine = (outcome.http_status, outcome.result_code, message)
        return _unequal(mine, (said.status, said.code, said.message))
    if isinstance(outcome, OcrError):
        return f"{type(outcome).__name__} for resultCode {said.code}"
    if not said.accepted or reading is None:
        return f"a result for resultCode {said.code}"
    result = (outcome.file_type, outcome.slices, [_said(line.words) for line in outcome.lines])
    lines = [
        [(word.value, word.conf, word.box and word.box.numbers) for word in line]
        for line in reading.visual_lines
    ]
    return _unequal(result, (reading.file_type, reading.slices, lines))


def _said(words: Any) -> list[tuple[Any, ...]]:
    return [(word.text, word.confidence, word.box and astuple(word.box)) for word in words]


def _unequal(mine: object, theirs: object) -> str:
    return "" if mine == theirs else f"the client says {mine!r}, the reply {theirs!r}"


@dataclass
class _Recorder(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Passes requests on and keeps the replies; those of the token endpoint it only counts."""

    inner: Any
    exchanges: list[Received]
    tokens: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self.inner.handle_request(request)
            response.read()
        except httpx.HTTPError as error:
            self.exchanges.append(Received(failure=type(error).__name__))
            raise
        return self._keep(request, response)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self.inner.handle_async_request(request)
            await response.aread()
        except httpx.HTTPError as error:
            self.exchanges.append(Received(failure=type(error).__name__))
            raise
        return self._keep(request, response)

    def _keep(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        if "/appkeys/" in request.url.path:
            self.exchanges.append(Received(response.status_code, headers, response.content))
        else:
            self.tokens += 1
        coding = ("content-encoding", "transfer-encoding", "content-length")
        kept = {name: value for name, value in headers.items() if name not in coding}
        return httpx.Response(response.status_code, headers=kept, content=response.content)

    def close(self) -> None:
        """The pool is shared by the calls: `_Sync.close` and `_Async.close` end it."""

    async def aclose(self) -> None:
        """As `close`."""


class _Client:
    """What both clients are made of. The credentials of v1.1 are shared, and so is their token."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.tokens = 0
        access = target.access
        self.access_token = access and AccessToken(
            target.app_key,
            access.user_access_key_id,
            access.secret_access_key,
            token_url=access.token_url,
        )

    def options(self, row: Row, precheck: bool) -> dict[str, Any]:
        """The arguments of a client for a row."""
        app_key, secret = spoilt(row.keys, self.target.app_key, self.target.secret_key)
        v11 = row.version == V11
        return {
            "credentials": self.access_token if v11 else SecretKey(app_key, secret),
            "base_url": self.target.base_url,
            "timeout": TIMEOUT,
            "retry": RetryPolicy(attempts=1),
            "precheck": precheck,
        }


class _Sync(_Client):
    name = "OcrClient"

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.inner = target.transport or httpx.HTTPTransport()

    def call(
        self, row: Row, given: dict[str, Any], *, precheck: bool
    ) -> tuple[OcrResult | OcrError, list[Received]]:
        recorder = _Recorder(self.inner, [])
        with OcrClient(**self.options(row, precheck), transport=recorder) as ocr:
            call = ocr.recognize if row.role == GENERAL else ocr.recognize_cropping
            try:
                return call(**given), recorder.exchanges
            except OcrError as error:
                return error, recorder.exchanges
            finally:
                self.tokens += recorder.tokens

    def close(self) -> None:
        if self.target.transport is None:
            self.inner.close()


class _Async(_Client):
    name = "AsyncOcrClient"

    def __init__(self, target: Target, runner: asyncio.Runner) -> None:
        super().__init__(target)
        self.runner = runner
        self.inner: Any = target.transport or httpx.AsyncHTTPTransport()

    def call(
        self, row: Row, given: dict[str, Any], *, precheck: bool
    ) -> tuple[OcrResult | OcrError, list[Received]]:
        return self.runner.run(self._call(row, given, precheck))

    async def _call(
        self, row: Row, given: dict[str, Any], precheck: bool
    ) -> tuple[OcrResult | OcrError, list[Received]]:
        recorder = _Recorder(self.inner, [])
        async with AsyncOcrClient(**self.options(row, precheck), transport=recorder) as ocr:
            call = ocr.recognize if row.role == GENERAL else ocr.recognize_cropping
            try:
                return await call(**given), recorder.exchanges
            except OcrError as error:
                return error, recorder.exchanges
            finally:
                self.tokens += recorder.tokens

    def close(self) -> None:
        if self.target.transport is None:
            self.runner.run(self.inner.aclose())
