"""`--live` against the emulator: what it sends, how fast, how often, and what it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator

from contract import command
from contract.drivers.caller import Target
from contract.drivers.image_host import Elsewhere
from contract.drivers.live import Budget, BudgetError
from contract.drivers.rows import LIVE_ROWS, ROWS, Row
from contract.drivers.session import Session
from contract.judge import Judge
from contract.judge.exchange import Expectation, Received
from contract.judge.rules import Severity
from contract.report import cassettes


class Time:
    """A clock that only sleeping and calls move."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleeps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


class Counted(httpx.BaseTransport):
    """Notes when each request leaves."""

    def __init__(self, inner: httpx.BaseTransport, time: Time, takes: float = 0.25) -> None:
        self.inner, self.time, self.takes = inner, time, takes
        self.starts: list[float] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.starts.append(self.time.now)
        self.time.now += self.takes
        return self.inner.handle_request(request)


def live(
    emulator: Emulator, folder: Path, inner: httpx.BaseTransport | None = None
) -> tuple[int, list[str], Counted]:
    time = Time()
    counted = Counted(inner or emulator.transport, time)
    said: list[str] = []
    code = command.main(
        ["--live", "--base-url", "http://emulator", *_folders(folder)],
        dict(zip(command.KEYS, (emulator.app_key, emulator.secret_key), strict=True)),
        say=said.append,
        budget=lambda _: Budget(counted, clock=time, sleep=time.sleep),
    )
    return code, said, counted


def _folders(folder: Path) -> list[str]:
    return ["--reports", str(folder / "reports"), "--cassettes", str(folder / "cassettes")]


def test_only_the_live_rows_are_sent_one_second_apart(tmp_path: Path) -> None:
    with Emulator(engine="fixture") as emulator:
        code, said, counted = live(emulator, tmp_path)
        assert code == 0, said
        assert len(counted.starts) == len(LIVE_ROWS) == len(emulator.calls) <= 12
    gaps = [b - a for a, b in zip(counted.starts, counted.starts[1:], strict=False)]
    assert gaps == pytest.approx([1.0] * len(gaps))


def test_a_thirteenth_call_raises_before_it_is_sent() -> None:
    time = Time()
    counted = Counted(httpx.MockTransport(lambda _: httpx.Response(200)), time)
    with httpx.Client(transport=Budget(counted, clock=time, sleep=time.sleep)) as client:
        for _ in range(12):
            client.get("http://127.0.0.1/")
        with pytest.raises(BudgetError):
            client.get("http://127.0.0.1/")
    assert len(counted.starts) == 12


def test_a_lost_reply_is_not_asked_for_again(emulator: Emulator, tmp_path: Path) -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    code, said, counted = live(emulator, tmp_path, httpx.MockTransport(lost))
    assert code == 1
    assert len(counted.starts) == len(LIVE_ROWS)
    assert any("ReadTimeout" in line for line in said)


@pytest.mark.parametrize("present", [(), (0,), (1,)])
def test_without_both_keys_it_says_so_and_is_skipped(
    present: tuple[int, ...], tmp_path: Path
) -> None:
    said: list[str] = []
    environ = {command.KEYS[index]: "key" for index in present}
    assert command.main(["--live", *_folders(tmp_path)], environ, say=said.append) == 0
    assert len(said) == 1
    assert "skipped" in said[0]
    assert not (tmp_path / "cassettes").exists()


def test_cassettes_hold_the_replies_and_neither_key(tmp_path: Path, judge: Judge) -> None:
    with Emulator(
        engine="fixture", app_key="APPKEY0123456789", secret_key="SECRET/+key=="
    ) as emulator:
        echo = _Echo(emulator)
        _, said, _ = live(emulator, tmp_path, echo)
        kept = list(cassettes.load(tmp_path / "cassettes"))
        texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
        assert {name for name, _ in kept} == {row.name for row in LIVE_ROWS}
        for text in [*texts, *said]:
            assert emulator.app_key not in text
            assert emulator.secret_key not in text
        assert any("{secretKey}" in text for text in texts)
        _replayed(kept, judge, emulator)


def test_committed_cassettes_are_kept_and_the_emulator_has_their_shapes(
    judge: Judge, emulator: Emulator
) -> None:
    _replayed(list(cassettes.load()), judge, emulator)


def _replayed(kept: list[tuple[str, Received]], judge: Judge, emulator: Emulator) -> None:
    target = Target("http://127.0.0.1", emulator.app_key, emulator.secret_key, emulator.transport)
    session = Session(target, judge, Elsewhere())
    rows = {row.name: row for row in ROWS}
    for name, received in kept:
        sent, emulated = session.caller.call(rows[name], _live_expectation(rows[name]))
        breaks = [
            f.line() for f in judge(sent, received) if f.severity(live=True) is Severity.BREAK
        ]
        assert breaks == []
        assert cassettes.differences(received, emulated) == []
    session.caller.close()


def _live_expectation(row: Row) -> Expectation:
    from contract.drivers.reach import UrlRows

    return UrlRows(Elsewhere(), must_reach=False).expectation(row)


class _Echo(httpx.BaseTransport):
    """A server that repeats the secret key in the message of its failures."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.emulator.transport.handle_request(request)
        body: Any = response.read()
        body = body.replace(b"Invalid file", self.emulator.secret_key.encode())
        return httpx.Response(200, headers={"content-type": "application/json"}, content=body)


def test_a_shape_says_in_what_two_replies_differ() -> None:
    def reply(body: bytes) -> Received:
        return Received(200, {}, body)

    one = b'{"header":{"resultCode":0},"result":{"words":[{"a":1},{"a":2}]}}'
    assert cassettes.differences(reply(one), reply(one.replace(b"2", b"3"))) == []
    other = one.replace(b'{"a":2}', b'{"a":2,"b":"x"}')
    assert cassettes.differences(reply(other), reply(one)) == [
        "only live has $.result.words[].b: string"
    ]
    twice = one.replace(b'"words"', b'"words":[],"words"')
    assert cassettes.differences(reply(one), reply(twice)) != []
