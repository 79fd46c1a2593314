"""schemathesis as a generator: pinned, deterministic, and without a key in its hands."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import httpx
import pytest
import schemathesis

from contract.drivers import fuzz
from contract.drivers.caller import Target
from contract.drivers.image_host import ImageHost
from contract.drivers.session import Session
from contract.judge import Judge
from contract.judge.rules import Finding


class Recorded(httpx.BaseTransport):
    """Remembers what was sent, and passes it on, if there is anyone to pass it to."""

    def __init__(self, inner: httpx.BaseTransport | None = None) -> None:
        self.inner = inner
        self.requests: list[tuple[str, str, str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = hashlib.sha256(request.read()).hexdigest()
        kind = request.headers.get("content-type", "")
        self.requests.append((request.method, request.url.path, kind, body))
        return self.inner.handle_request(request) if self.inner else httpx.Response(500)


def run(
    transport: httpx.BaseTransport,
    target: Target,
    judge: Judge,
    host: ImageHost,
    seed: int,
) -> list[Finding]:
    keyed = replace(target, transport=transport)
    with Session(keyed, judge, host, seed=seed, max_examples=8) as session:
        return list(fuzz.run_fuzz(session))


def test_the_same_seed_makes_the_same_requests_whatever_the_server_says(
    target: Target, judge: Judge, host: ImageHost
) -> None:
    good, bad, bad_again, other = Recorded(target.transport), Recorded(), Recorded(), Recorded()
    assert run(good, target, judge, host, 7) == []
    assert run(bad, target, judge, host, 7) != []
    fuzz.generate.cache_clear()
    run(bad_again, target, judge, host, 7)
    run(other, target, judge, host, 8)
    assert good.requests == bad.requests == bad_again.requests
    assert good.requests != other.requests
    assert len(good.requests) > 50


def test_another_version_of_schemathesis_is_refused_loudly() -> None:
    fuzz.check_version()
    assert schemathesis.__version__.startswith("4.32.")
    with pytest.raises(RuntimeError, match="uses internals"):
        fuzz.check_version("4.33.0")
