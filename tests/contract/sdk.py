"""The rows that the SDK can express, through both clients.

A row that the SDK refuses locally must raise with nothing sent. With `precheck=False` it is sent,
and what the client returns or raises must be what the judge read in the same reply.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from msgspec.structs import astuple
from nhncloud_ocr import (
    ApiError,
    AspectRatioWarning,
    AsyncOcrClient,
    ConfigurationError,
    InvalidImageError,
    OcrClient,
    OcrError,
    OcrResult,
    RetryPolicy,
    TransportError,
    UnexpectedResponseError,
)

from contract import expectations as x
from contract.bodies import At, Raw, Upload
from contract.caller import TIMEOUT, Caller, Target, credentials
from contract.exchange import GENERAL, Received, Sent
from contract.judge import Judge
from contract.pictures import MB20, facts
from contract.reading import Line, read_result
from contract.rules import RULES, Finding
from contract.strict_json import members, plain, read
from contract.suite import Observer
from contract.table import ROWS, Keys, Row

_DEFAULT = (Upload.content_type, At.content_type)


def expressible(row: Row) -> bool:
    """Whether the SDK has words for the row: an image or a URL, keys, and nothing else.

    Of the large images only those at the edge: each takes as long as twenty other rows.
    """
    body = row.body
    if isinstance(body, Upload) and body.size not in (0, MB20, MB20 + 1):
        return False
    if isinstance(body, At) and body.path.startswith("padded"):
        return False
    if isinstance(body, Raw):
        plain_url = isinstance(body.value, dict) and body.value.keys() == {"imageUrl"}
        return plain_url and isinstance(body.value["imageUrl"], str)
    named = isinstance(body, Upload) and (body.field != "image" or bool(body.name))
    keys = row.keys not in (Keys.NO_HEADER, Keys.EMPTY)
    return keys and bool(row.operation) and body.content_type in _DEFAULT and not named


def refused_locally(row: Row) -> bool:
    """Whether `precheck` must refuse the row, by what the SDK documents of itself."""
    body = row.body
    if isinstance(body, Upload):
        image = body.data
        known = image.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
        return not known or len(image) > MB20
    return isinstance(body, Raw) or row.expect is x.PORT


def run_sdk(
    caller: Caller,
    judge: Judge,
    *,
    observe: Observer = lambda *_: None,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Finding]:
    """Each expressible row through the sync and the async client.

    `tell` gets the reason if the SDK refuses to talk to this server at all.
    """
    try:
        OcrClient("app", "secret", base_url=caller.target.base_url).close()
    except ConfigurationError as error:
        tell(f"the SDK's rows are left out: {error}")
        return
    with asyncio.Runner() as runner, warnings.catch_warnings():
        warnings.simplefilter("ignore", AspectRatioWarning)
        clients = (_Sync(caller.target), _Async(caller.target, runner))
        for row in filter(expressible, ROWS):
            for client in clients:
                findings = list(_row(row, client, caller, judge, observe))
                yield from findings
        for client in clients:
            client.close()


def _row(
    row: Row, client: _Sync | _Async, caller: Caller, judge: Judge, observe: Observer
) -> Iterator[Finding]:
    label = f"{client.name} {row.name}"
    given = _argument(row, caller)
    if refused_locally(row):
        outcome, exchanges = client.call(row, given, precheck=True)
        if exchanges or not isinstance(outcome, InvalidImageError):
            seen = f"{type(outcome).__name__} after {len(exchanges)} requests"
            yield Finding(RULES["sdk-local"], row.operation, "", seen, label)
    outcome, exchanges = client.call(row, given, precheck=False)
    if len(exchanges) != 1:
        seen = f"{type(outcome).__name__} after {len(exchanges)} requests"
        yield Finding(RULES["sdk-reads"], row.operation, "", seen, label)
        return
    fetched = isinstance(row.body, At)
    picture = facts(row.body.image) if isinstance(row.body, Upload) else None
    sent = Sent(
        label,
        row.operation,
        row.body.media_type,
        picture=picture,
        value=row.body.value,
        authorized=row.keys is Keys.OWN,
        page_allowed=row.page_allowed,
        # A URL's outcome depends on what the server reaches; the table has judged it.
        expect=None if fetched else row.expect,
    )
    received = client.target.cleaned(exchanges[0])
    findings = judge(sent, received)
    difference = _difference(outcome, exchanges[0], judge, sent)
    if difference and not findings:
        findings = [Finding(RULES["sdk-reads"], row.operation, "", difference, label)]
    observe(sent, received, findings)
    yield from findings


def _argument(row: Row, caller: Caller) -> dict[str, Any]:
    if isinstance(row.body, Upload):
        return {"image": row.body.data}
    if isinstance(row.body, At):
        return {"image_url": row.body.url(caller.hosting)}
    return {"image_url": row.body.value["imageUrl"]}


def _difference(outcome: OcrResult | OcrError, received: Received, judge: Judge, sent: Sent) -> str:
    """How the client's word differs from the reply; empty if it does not."""
    said = judge.outcome(sent, received)
    if isinstance(outcome, TransportError):
        return "" if received.failure else f"{type(outcome).__name__}, but a reply came"
    if said is None:
        expected = isinstance(outcome, UnexpectedResponseError | ApiError)
        return "" if expected else f"{type(outcome).__name__} for a reply without an outcome"
    if isinstance(outcome, ApiError):
        mine = (outcome.http_status, outcome.result_code, outcome.result_message)
        return (
            _unequal(mine, (said.status, said.code, said.message))
            if not said.accepted
            else (f"{type(outcome).__name__} for a success")
        )
    if isinstance(outcome, OcrError):
        return f"{type(outcome).__name__} for resultCode {said.code}"
    if not said.accepted:
        return f"a result for resultCode {said.code}"
    root = read(received.body).root
    assert root is not None
    reading = read_result(root)
    lines = [line for each in reading.lines for line in _lines(each, reading.outer)]
    result = (outcome.file_type, outcome.slices, [_said(line.words) for line in outcome.lines])
    return _unequal(result, (reading.file_type, reading.slices, lines))


def _lines(line: Line, outer: tuple[int, int]) -> list[list[tuple[Any, ...]]]:
    """What the client must make of one outer index: a line for each non-empty group."""
    paired = outer[0] == outer[1] and not line.mismatch
    boxes = iter([box.numbers for group in line.boxes for box in group])
    return [
        [
            (
                plain(members(word, "value")[-1]),
                plain(members(word, "conf")[-1]),
                next(boxes) if paired else None,
            )
            for word in group
        ]
        for group in line.words
        if group
    ]


def _said(words: Any) -> list[tuple[Any, ...]]:
    return [(word.text, word.confidence, word.box and astuple(word.box)) for word in words]


def _unequal(mine: object, theirs: object) -> str:
    return "" if mine == theirs else f"the client says {mine!r}, the reply {theirs!r}"


@dataclass
class _Recorder(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Passes requests on and keeps the replies."""

    inner: Any
    exchanges: list[Received]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self.inner.handle_request(request)
            response.read()
        except httpx.HTTPError as error:
            self.exchanges.append(Received(failure=type(error).__name__))
            raise
        return self._keep(response)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self.inner.handle_async_request(request)
            await response.aread()
        except httpx.HTTPError as error:
            self.exchanges.append(Received(failure=type(error).__name__))
            raise
        return self._keep(response)

    def _keep(self, response: httpx.Response) -> httpx.Response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.exchanges.append(Received(response.status_code, headers, response.content))
        coding = ("content-encoding", "transfer-encoding", "content-length")
        kept = {name: value for name, value in headers.items() if name not in coding}
        return httpx.Response(response.status_code, headers=kept, content=response.content)

    def close(self) -> None:
        """The pool is shared by the calls: `_Sync.close` and `_Async.close` end it."""

    async def aclose(self) -> None:
        """As `close`."""


def _arguments(row: Row, target: Target, precheck: bool) -> dict[str, Any]:
    secret, app_key = credentials(row.keys, target)
    return {
        "app_key": app_key,
        "secret_key": secret,
        "base_url": target.base_url,
        "timeout": TIMEOUT,
        "retry": RetryPolicy(attempts=1),
        "precheck": precheck,
    }


class _Sync:
    name = "OcrClient"

    def __init__(self, target: Target) -> None:
        self.target = target
        self.inner = target.transport or httpx.HTTPTransport()

    def call(
        self, row: Row, given: dict[str, Any], *, precheck: bool
    ) -> tuple[OcrResult | OcrError, list[Received]]:
        recorder = _Recorder(self.inner, [])
        with OcrClient(**_arguments(row, self.target, precheck), transport=recorder) as ocr:
            call = ocr.recognize if row.operation == GENERAL else ocr.recognize_cropping
            try:
                return call(**given), recorder.exchanges
            except OcrError as error:
                return error, recorder.exchanges

    def close(self) -> None:
        if self.target.transport is None:
            self.inner.close()


class _Async:
    name = "AsyncOcrClient"

    def __init__(self, target: Target, runner: asyncio.Runner) -> None:
        self.target = target
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
        async with AsyncOcrClient(
            **_arguments(row, self.target, precheck), transport=recorder
        ) as ocr:
            call = ocr.recognize if row.operation == GENERAL else ocr.recognize_cropping
            try:
                return await call(**given), recorder.exchanges
            except OcrError as error:
                return error, recorder.exchanges

    def close(self) -> None:
        if self.target.transport is None:
            self.runner.run(self.inner.aclose())
