"""schemathesis over the description: its examples, coverage and fuzzing phases, our judge.

The only module that imports schemathesis, whose internals it needs (the engine and its events):
hence the pin, and `check_version`. Of schemathesis' own checks none runs. Four of them misjudge an
API that answers its failures with 200 (ignored_auth, negative_data_rejection,
missing_required_header, positive_data_acceptance); `_expectation` and `_without_keys` say the same
by the envelope. The others are the judge's rules, held against the raw bytes.

schemathesis never sees a key: it calls a gateway in this process, which puts them in, points image
URLs to our image host, and keeps the reply for the judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case

from contract import expectations as x
from contract.bodies import Hosting
from contract.caller import Target, credentials, receive
from contract.description import Description
from contract.exchange import JSON, MULTIPART, Expectation, Picture, Received, Sent
from contract.judge import Judge
from contract.pictures import facts, load
from contract.rules import Finding
from contract.suite import Observer
from contract.table import Keys

VERSION = "4.32."
IMAGES = ("s05_en_screen_13", "s16_mixed_1bit", "s22_mixed_q12", "s36_1x1")
_CASE_ID = "HTTP_X_SCHEMATHESIS_TESTCASEID"
_BOUNDARY = re.compile(rb'boundary="?([^";]+)"?')
_REPLY = b'{"header":{"isSuccessful":false,"resultCode":-1,"resultMessage":"Unknown error."}}'
_HOST = re.compile(r"^(https?://)([^/?#]*@)?(\[[^\]]*\]|[^\[\]/?#@:]+)", re.IGNORECASE)


def check_version(version: str = schemathesis.__version__) -> None:
    """Refuse any version but the one whose internals this module was written for."""
    if not version.startswith(VERSION):
        raise RuntimeError(
            f"schemathesis {version} is installed, but fuzz.py uses internals of {VERSION}x: read "
            "through its engine's events and coverage phase, run the drift suite, then move VERSION"
        )


def run_fuzz(
    target: Target,
    description: Description,
    judge: Judge,
    hosting: Hosting,
    *,
    seed: int = 1,
    max_examples: int = 40,
    observe: Observer = lambda *_: None,
) -> Iterator[Finding]:
    """Generate calls, make them, and yield the findings, scenario by scenario.

    Equal seeds make equal requests. `max_examples` is per operation, in the fuzzing phase.
    """
    check_version()
    with target.client() as client:
        gateway = _Gateway(client, target, hosting)
        known = {operation.path: operation.id for operation in description.operations.values()}
        for event in from_schema(_schema(description, gateway, seed, max_examples)).execute():
            if isinstance(event, events.NonFatalError):
                raise RuntimeError(f"schemathesis failed: {target.redacted(event.info.message)}")
            if not isinstance(event, events.ScenarioFinished):
                continue
            for number, case_id in enumerate(event.recorder.interactions):
                case = event.recorder.cases[case_id].value
                received = gateway.received.pop(case_id)
                operation = known.get(case.operation.path, "")
                sent = _sent(f"{event.phase.value}-{number}", operation, case)
                findings = judge(sent, received)
                observe(sent, received, findings)
                yield from findings
            yield from _without_keys(gateway, judge, operation, observe)


def _schema(
    description: Description, gateway: _Gateway, seed: int, max_examples: int
) -> schemathesis.BaseSchema:
    images = st.sampled_from([load(name) for name in IMAGES])
    for kind in ("image/png", "image/jpeg"):
        schemathesis.openapi.media_type(kind, images)
    config = schemathesis.Config.from_dict(
        {
            "seed": seed,
            "parameters": {"path.appKey": "appKey"},
            "checks": {"enabled": False},
            "phases": {
                "stateful": {"enabled": False},
            },
            "generation": {
                "max-examples": max_examples,
                "database": "none",
                "no-shrink": True,
                "with-security-parameters": False,
            },
        }
    )
    schema = schemathesis.openapi.from_dict(dict(description.document), config=config)
    schema.app = gateway
    return schema


class _Gateway:
    """A WSGI application that passes each call on to the server under test."""

    def __init__(self, client: httpx.Client, target: Target, hosting: Hosting) -> None:
        self.client = client
        self.target = target
        self.hosting = hosting
        self.received: dict[str, Received] = {}
        self.latest: httpx.Request | None = None

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        case_id = environ.get(_CASE_ID)
        if case_id is None:  # schemathesis' own probe of what the server can do
            start_response("404 Not Found", [])
            return [b""]
        request = self.request(environ)
        received = receive(self.client, request)
        self.received[case_id] = received
        if request.method == "POST" and request.headers.get("content-type"):
            self.latest = request
        # schemathesis learns from replies: it gets the same one each time, so that equal seeds
        # make equal requests whatever the server says.
        start_response("200 OK", [("Content-Type", JSON)])
        return [_REPLY]

    def request(self, environ: dict[str, Any]) -> httpx.Request:
        """The request to pass on: with the keys, a fixed boundary and a host of ours in URLs."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        kind = environ.get("CONTENT_TYPE", "")
        boundary = _BOUNDARY.search(kind.encode("latin-1"))
        if boundary:
            body = body.replace(boundary[1], b"schemathesis")
            kind = f"{MULTIPART}; boundary=schemathesis"
        elif kind == JSON:
            body = self._hosted(body)
        secret, app_key = credentials(Keys.OWN, self.target)
        path = environ["PATH_INFO"].replace("/appKey/", f"/{quote(app_key, safe='')}/")
        headers = {"Authorization": secret or "", **({"Content-Type": kind} if kind else {})}
        return self.client.build_request(
            environ["REQUEST_METHOD"], path, content=body, headers=headers
        )

    def _hosted(self, body: bytes) -> bytes:
        try:
            value = json.loads(body)
            url = value["imageUrl"]
            value["imageUrl"] = _HOST.sub(rf"\g<1>\g<2>{self.hosting.name}", url)
        except (ValueError, TypeError, KeyError):
            return body
        return json.dumps(value).encode()


def _sent(label: str, operation: str, case: Case) -> Sent:
    picture = _picture(case)
    return Sent(
        label,
        operation,
        case.media_type or "",
        method=case.method,
        picture=picture,
        expect=_expectation(case, picture),
    )


def _expectation(case: Case, picture: Picture | None) -> Expectation:
    """positive_data_acceptance and negative_data_rejection, by the envelope."""
    if case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE:
        return x.NEGATIVE
    if picture is not None:
        return x.ACCEPTED if picture.has_text else x.EITHER
    return x.WELL_FORMED_URL if case.media_type == JSON else x.EITHER


def _picture(case: Case) -> Picture | None:
    image = case.body.get("image") if isinstance(case.body, dict) else None
    for name in IMAGES:
        known = facts(name)
        if image == load(name) and known is not None:
            # schemathesis calls every upload image.png.
            return Picture(known.kind, known.width, known.height, has_text=known.has_text, misnamed=True)
    return None


def _without_keys(
    gateway: _Gateway, judge: Judge, operation: str, observe: Observer
) -> Iterator[Finding]:
    """ignored_auth and missing_required_header, by the envelope: a call once more, without keys."""
    if gateway.latest is None:
        return
    for keys, expect in ((Keys.NO_HEADER, x.NO_KEY), (Keys.WRONG, x.WRONG_KEY)):
        request = gateway.latest
        secret, _ = credentials(keys, gateway.target)
        headers = httpx.Headers(request.headers)
        del headers["Authorization"]
        if secret is not None:
            headers["Authorization"] = secret
        again = gateway.client.build_request(
            request.method, request.url, content=request.content, headers=headers
        )
        kind = request.headers["Content-Type"].partition(";")[0]
        sent = Sent(f"again-with-{keys.name.lower()}", operation, kind, expect=expect)
        received = receive(gateway.client, again)
        findings = judge(sent, received)
        observe(sent, received, findings)
        yield from findings
