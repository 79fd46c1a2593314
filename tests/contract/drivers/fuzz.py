"""schemathesis over the description: its examples, coverage and fuzzing phases, our judge.

The only module that imports schemathesis, whose internals it needs (the engine and its events):
hence the pin, and `check_version`. Of schemathesis' own checks none runs. Four of them misjudge an
API that answers its failures with 200 (ignored_auth, negative_data_rejection,
missing_required_header, positive_data_acceptance); `_expectation` and `_with_repeats` say the same
by the envelope. The others are the judge's rules, held against the raw bytes.

schemathesis only generates: it calls an application in this process, which answers every request
alike and keeps it. So equal seeds make equal requests whatever the server says, and schemathesis
never sees a key. The requests are then sent one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import schemathesis
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case

from contract.drivers.caller import credentials, receive
from contract.drivers.keys import Keys
from contract.drivers.rows import expectations as x
from contract.drivers.rows.pictures import facts, load
from contract.drivers.rows.versions import of_version
from contract.drivers.session import Session
from contract.judge.description import Description
from contract.judge.exchange import JSON, MULTIPART, Expectation, Picture, Sent
from contract.judge.rules import Finding

VERSION = "4.32."
IMAGES = ("tag.png", "tag.png@1-bit", "stamp.jpg")  # quickly read
_NO_KEY, _WRONG_KEY = "again-without-key", "again-with-wrong-key"
_KEYS = {_NO_KEY: Keys.NO_HEADER, _WRONG_KEY: Keys.WRONG}
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


@dataclass(frozen=True)
class Generated:
    """A generated request, without keys, and what the judge needs to know of it."""

    sent: Sent
    version: str
    path: str  # `appKey` stands for the app key
    content_type: str
    body: bytes


def run_fuzz(session: Session) -> Iterator[Finding]:
    """Make the generated calls and yield the findings as they come."""
    target, description = session.target, session.judge.description
    calls = generate(description, session.hosting.name, session.seed, session.max_examples)
    with target.client() as client:
        for call in _with_repeats(calls):
            keys = _KEYS.get(call.sent.label, Keys.OWN)
            operation = description.operations[call.sent.operation]
            app_key, secret = credentials(keys, target, operation)
            headers = {"Content-Type": call.content_type} if call.content_type else {}
            path = call.path.replace("/appKey/", f"/{quote(app_key, safe='')}/")
            request = client.build_request(
                call.sent.method, path, content=call.body, headers=headers | secret
            )
            verdict = session.judged(call.sent, target.cleaned(receive(client, request)))
            session.observe(verdict)
            yield from verdict.findings


@cache
def generate(
    description: Description, host: str, seed: int, max_examples: int
) -> tuple[Generated, ...]:
    """The calls of the three phases; image URLs lead to `host`, with whatever port they have.

    `max_examples` is per operation, in the fuzzing phase.
    """
    check_version()
    application = _Application(host)
    known = {operation.path: operation.id for operation in description.operations.values()}
    calls: list[Generated] = []
    engine = from_schema(_schema(description, application, seed, max_examples))
    with _without_constants_of_modules():
        happened = list(engine.execute())
    for event in happened:
        if isinstance(event, events.NonFatalError):
            raise RuntimeError(f"schemathesis failed: {event.info.title}: {event.info.message}")
        if isinstance(event, events.ScenarioFinished):
            for number, case_id in enumerate(event.recorder.interactions):
                case = event.recorder.cases[case_id].value
                sent = _sent(f"{event.phase.value}-{number}", known[case.operation.path], case)
                path, content_type, body = application.requests[case_id]
                if content_type == JSON:
                    told = f"{sent.label}: {body[:100].decode('utf-8', 'replace')}"
                    sent = replace(sent, label=told)
                version = description.operations[sent.operation].version
                calls.append(Generated(sent, version, path, content_type, body))
    return tuple(calls)


@contextmanager
def _without_constants_of_modules() -> Iterator[None]:
    """Without the constants that hypothesis gathers from whatever modules are loaded by now.

    With them equal seeds would make other requests after another test has run.
    """
    none = type(providers._local_constants)()
    providers.CONSTANTS_CACHE.cache.clear()
    with patch.object(providers, "_get_local_constants", lambda: none):
        yield
    providers.CONSTANTS_CACHE.cache.clear()


def _schema(
    description: Description, application: object, seed: int, max_examples: int
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
                # These are refused with 405; what OPTIONS or TRACE give is a proxy's business.
                "coverage": {"unexpected-methods": ["get", "put", "patch", "delete"]},
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
    schema.app = application
    return schema


class _Application:
    """A WSGI application that keeps each request and answers all alike."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.requests: dict[str, tuple[str, str, bytes]] = {}  # path, content type, body

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        case_id = environ.get(_CASE_ID)
        if case_id is not None:  # without: schemathesis' own probe of what the server can do
            self.requests[case_id] = self.request(environ)
        start_response("200 OK", [("Content-Type", JSON)])
        return [_REPLY]

    def request(self, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        """The request with a fixed boundary, and with a host of ours in its image URL."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        kind = environ.get("CONTENT_TYPE", "")
        boundary = _BOUNDARY.search(kind.encode("latin-1"))
        if boundary:
            body = body.replace(boundary[1], b"schemathesis")
            kind = f"{MULTIPART}; boundary=schemathesis"
        elif kind == JSON:
            body = self._hosted(body)
        return environ["PATH_INFO"], kind, body

    def _hosted(self, body: bytes) -> bytes:
        try:
            value = json.loads(body)
            value["imageUrl"] = _HOST.sub(rf"\g<1>\g<2>{self.host}", value["imageUrl"])
        except (ValueError, TypeError, KeyError):
            return body
        return json.dumps(value).encode()


def _sent(label: str, operation: str, case: Case[Any]) -> Sent:
    picture = _picture(case)
    return Sent(
        label,
        operation,
        case.media_type or "",
        method=case.method,
        picture=picture,
        value=_value(case),
        expect=_expectation(case, picture),
    )


def _expectation(case: Case[Any], picture: Picture | None) -> Expectation:
    """positive_data_acceptance and negative_data_rejection, by the envelope."""
    if case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE:
        url = case.body.get("imageUrl") if isinstance(case.body, dict) else None
        # How odd a URL may be is nowhere documented; the ports are the table's.
        odd = case.media_type == JSON and isinstance(url, str) and _HOST.match(url)
        return x.EITHER if odd else x.NEGATIVE
    if picture is not None and isinstance(case.body, dict):
        # A field more, whose name or text breaks the form that it is put into, spoils the form.
        more = {k: v for k, v in case.body.items() if k != "image"}
        if not all(text.isprintable() for pair in more.items() for text in map(str, pair)):
            return x.EITHER
        return x.ACCEPTED if picture.has_text else x.EITHER
    return x.WELL_FORMED_URL if case.media_type == JSON else x.EITHER


def _picture(case: Case[Any]) -> Picture | None:
    image: object = case.body.get("image") if isinstance(case.body, dict) else None
    for name in IMAGES:
        known = facts(name)
        if image == load(name) and known is not None:
            return replace(known, misnamed=True)  # schemathesis calls every upload image.png
    return None


def _value(case: Case[Any]) -> Any:
    if case.media_type == MULTIPART and isinstance(case.body, dict):
        return dict.fromkeys(case.body, "bytes")
    return case.body if isinstance(case.body, dict | list | str | int | float | None) else None


def _with_repeats(calls: Iterable[Generated]) -> Iterator[Generated]:
    """ignored_auth and missing_required_header: the first valid calls again, without the keys."""
    repeated = set()
    for call in calls:
        yield call
        kind = (call.sent.operation, call.sent.media_type)
        if call.sent.expect is not x.NEGATIVE and kind not in repeated:
            repeated.add(kind)
            for label, expect in ((_NO_KEY, x.NO_KEY), (_WRONG_KEY, x.WRONG_KEY)):
                expected = of_version(expect, call.version)
                sent = replace(call.sent, label=label, expect=expected, authorized=False)
                yield replace(call, sent=sent)
