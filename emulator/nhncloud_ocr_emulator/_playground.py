"""The playground: a page where an image is dropped, and what the service says of it is seen.

It calls the service with the emulator's own keys, which so never reach the page, and beside the
journal, the queued faults, the rate limit and the bill.
"""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs

from ._asgi import Receive, Scope, Send
from ._door import HEADERS, refusal
from ._effects import Effects
from ._fault_queue import Faults
from ._faults import FAULT_HEADER, Fault, header_text, known_faults
from ._incoming import DisconnectedError, Incoming
from ._journal import Call
from ._outgoing import Outgoing
from ._paths import Version
from ._readings import OwnCall, Readings
from ._replies import Reply, failure
from ._service import UNKNOWN_FAULTS, Service
from ._snippets import Example, snippet

__all__ = ["Playground"]

_logger = logging.getLogger("nhncloud_ocr_emulator")

_ROOT: Final = b"/playground"
# Served with fixed types: a system's settings may call JavaScript plain text, and browsers then
# do not run it.
_FILES: Final = {
    b"/": ("index.html", b"text/html; charset=utf-8"),
    b"/style.css": ("style.css", b"text/css; charset=utf-8"),
    b"/icon.svg": ("icon.svg", b"image/svg+xml"),
    **{
        f"/{name}.js".encode(): (f"{name}.js", b"text/javascript; charset=utf-8")
        for name in ("elements", "json_pairs", "page", "texts", "turn", "viewer")
    },
}
_READING: Final = re.compile(rb"/readings/(\d{1,9})(/image)?")
_LOOK_AGAIN_SECONDS: Final = 0.25
_SIGN_OF_LIFE_SECONDS: Final = 15.0


class Playground:
    """The paths below `/playground/`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._readings = Readings()
        self._faults = Faults(unknown=UNKNOWN_FAULTS)

    @staticmethod
    def has(call: Incoming) -> bool:
        """Whether a request is for the playground."""
        return call.raw_path == _ROOT or call.raw_path.startswith(_ROOT + b"/")

    async def handle(
        self, scope: Scope, call: Incoming, receive: Receive, send: Send, effects: Effects
    ) -> None:
        """Serve one request. Raises DisconnectedError when the caller goes away."""
        out = Outgoing(receive, send, effects, call, scope.get("state", {}).get("connection"))
        path = call.raw_path.removeprefix(_ROOT)
        turned_away = refusal(call)
        if turned_away is None and path == b"/recognize" and call.method == "POST":
            await self._recognize(scope, receive, send, effects)
            return
        if turned_away is None and path == b"/events" and call.method == "GET":
            await self._events(scope, call, receive, send, effects)
            return
        await out.hear_out()
        if turned_away is not None:
            reply = Reply(turned_away, turned_away.phrase.encode(), None, b"text/plain")
        elif call.method not in ("GET", "HEAD"):
            reply = Reply(405, b"", None, headers=((b"allow", b"GET, HEAD"),))
        else:
            reply = self._get(path, scope, call)
        await out.reply(_with_headers(reply))

    def _get(self, path: bytes, scope: Scope, call: Incoming) -> Reply:
        if path == b"":
            return Reply(308, b"", None, headers=((b"location", _ROOT + b"/"),))
        if path in _FILES:
            name, media_type = _FILES[path]
            return Reply(200, _file("playground", name), None, media_type)
        if path == b"/sample.png":
            return Reply(200, _file("sample.png"), None, b"image/png")
        if path == b"/info":
            return _json(
                {"engine": self._service.settings.engine, "faults": known_faults(UNKNOWN_FAULTS)}
            )
        if path == b"/calls":
            return _json(self._calls_after(_query(scope).get("after", "0")))
        if path == b"/snippet":
            return _snippet(_query(scope), call)
        if found := _READING.fullmatch(path):
            reading = self._readings.get(int(found[1]))
            if reading is not None and not found[2]:
                return _json({"text": reading.merged})
            if reading is not None and reading.image is not None:
                png = reading.image.startswith(b"\x89PNG")
                return Reply(200, reading.image, None, b"image/png" if png else b"image/jpeg")
        return Reply(404, b"Not Found", None, b"text/plain")

    async def _recognize(
        self, scope: Scope, receive: Receive, send: Send, effects: Effects
    ) -> None:
        """Answer byte for byte what a client would get for the same body, with the same fault."""
        query = _query(scope)
        call = self._own_call(scope, _version(query), cropping=query.get("cropping") == "1")
        out = Outgoing(receive, send, effects, call, scope.get("state", {}).get("connection"))
        # By the query, since a browser puts no Hangul into a header.
        asked = header_text(call.headers.get(FAULT_HEADER, b"")) or query.get("fault", "")
        try:
            fault = Fault.parse(asked)
            fault = self._faults.take(fault if fault != Fault() else None)
        except ValueError as error:
            fault = Fault(status=400, result_code=400, message=f"X-Emulator-Fault: {error}")
        try:
            reply = await self._service.answer(call, receive, effects, fault)
            await out.hear_out()
        except DisconnectedError:
            raise
        except Exception:
            _logger.exception("a call of the playground failed in the emulator itself")
            reply = failure(-1)
        finally:
            self._service.tokens.revoke(call.token)
        number = self._readings.keep(call)
        reply = fault.applied_to(reply)
        if number is not None:
            kept = (b"x-playground-reading", b"%d" % number)
            reply = reply._replace(headers=(*reply.headers, kept))
        await out.deliver(_with_headers(reply), fault)

    def _own_call(self, scope: Scope, version: Version, *, cropping: bool) -> OwnCall:
        settings, token = self._service.settings, self._service.tokens.create()
        operation = "general/cropping" if cropping else "general"
        headers = {
            **dict(scope["headers"]),
            b"authorization": settings.secret_key.encode(),
            b"x-nhn-authorization": b"Bearer " + token.encode(),
        }
        path = f"/{version}/appkeys/{settings.app_key}/{operation}".encode()
        call = OwnCall({**scope, "raw_path": path, "headers": list(headers.items())})
        call.token = token
        return call

    def _calls_after(self, number: str) -> dict[str, object]:
        after = int(number) if number.isdecimal() and len(number) < 16 else 0
        last, calls = self._service.calls.since(after)
        first = last - len(calls)
        return {
            "last": last,
            "calls": [_told(first + i, call) for i, call in enumerate(calls, 1)],
        }

    async def _events(
        self, scope: Scope, call: Incoming, receive: Receive, send: Send, effects: Effects
    ) -> None:
        """Tell the calls as they come, until the page or the server goes."""
        headers = [(b"content-type", b"text/event-stream"), *HEADERS]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        seen = call.headers.get(b"last-event-id", b"").decode("latin-1")
        after = seen or _query(scope).get("after", "0")
        quiet = 0.0
        while True:
            told = self._calls_after(after)
            after = str(told["last"])
            if told["calls"] or quiet >= _SIGN_OF_LIFE_SECONDS:
                event = f"id: {after}\ndata: {json.dumps(told)}\n\n" if told["calls"] else ":\n\n"
                await send(
                    {"type": "http.response.body", "body": event.encode(), "more_body": True}
                )
                quiet = 0.0
            if "server" not in scope:  # in process: nobody listens while this goes on
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            try:
                while (await effects.within(_LOOK_AGAIN_SECONDS, receive()))["type"] != (
                    "http.disconnect"
                ):
                    pass
                raise DisconnectedError
            except TimeoutError:
                quiet += _LOOK_AGAIN_SECONDS


def _told(number: int, call: Call) -> dict[str, object]:
    return {
        "number": number,
        "kind": call.kind,
        "method": call.request[0],
        "path": call.request[1],
        "status": call.status,
        "code": call.result_code,
        "reason": call.reason,
        "billed": call.billed,
    }


def _snippet(query: dict[str, str], call: Incoming) -> Reply:
    example = Example(
        base_url=f"http://{call.headers[b'host'].decode('latin-1')}",
        version=_version(query),
        cropping=query.get("cropping") == "1",
        image=query.get("image", "receipt.png"),
        by_url=query.get("url") == "1",
        fault=query.get("fault", ""),
    )
    code = snippet(query.get("language", ""), example)
    return Reply(200, code.encode(), None, b"text/plain; charset=utf-8")


def _version(query: dict[str, str]) -> Version:
    return "v1.1" if query.get("version") == "v1.1" else "v1.0"


def _query(scope: Scope) -> dict[str, str]:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return {name: values[0] for name, values in query.items()}


def _with_headers(reply: Reply) -> Reply:
    return reply._replace(headers=(*reply.headers, *HEADERS))


def _json(document: object) -> Reply:
    return Reply(200, json.dumps(document, ensure_ascii=False).encode(), None)


@lru_cache
def _file(*path: str) -> bytes:
    return files("nhncloud_ocr_emulator").joinpath(*path).read_bytes()
