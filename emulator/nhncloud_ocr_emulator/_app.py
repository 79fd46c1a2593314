"""The ASGI application: takes calls in, sends replies out, and lets faults happen."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from typing import Final, Protocol

from ._asgi import Connection, Receive, Scope, Send
from ._door import is_of_another_site, is_preflight
from ._effects import AsyncEffects, Effects
from ._fault_queue import Faults
from ._faults import FAULT_HEADER, Fault, header_text
from ._incoming import DisconnectedError, Incoming
from ._outgoing import Outgoing
from ._paths import HEALTH
from ._playground import Playground
from ._replies import Reply, failure, html_page
from ._service import Service
from ._settings import Engine, Mode, Overlap, Settings
from ._shown import Shown, cut
from ._token_endpoint import TokenEndpoint

__all__ = ["App", "create_app"]

_logger = logging.getLogger("nhncloud_ocr_emulator")
# Result codes, or statuses, whose cause is told on the terminal.
_EXPLAINED: Final = (400, 404, 405, 415, 4000504)

_STRAY: Final = html_page(404, "Not Found")
_STRANGER: Final = Reply(
    403,
    b"A browser's page of another site calls this only with the emulator's own app key.",
    None,
    b"text/plain",
)


class _Part(Protocol):
    """A part of the service: what answers calls, and what is to go wrong with them."""

    faults: Faults

    async def answer(
        self, call: Incoming, receive: Receive, effects: Effects, fault: Fault
    ) -> Reply:
        """The reply to a call."""
        ...


class App:
    """The emulator as an ASGI application; `create_app` makes one.

    Attributes of `service` that matter to users: `app_key`, `secret_key`, `faults`, `calls`,
    `settings` with the other keys; of `token_endpoint`: `faults`.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self.token_endpoint = TokenEndpoint(service.settings, service.tokens)
        self._shown = Shown(service.settings)
        self._playground = Playground(service) if service.settings.playground else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self.handle(scope, receive, send, AsyncEffects())
        else:
            await send({"type": "websocket.close"})

    async def handle(self, scope: Scope, receive: Receive, send: Send, effects: Effects) -> None:
        """Serve one HTTP call; what it waits for, it waits for through `effects`."""
        call = Incoming(scope)
        connection: Connection | None = scope.get("state", {}).get("connection")
        out = Outgoing(receive, send, effects, call, connection)
        if call.kind is not None and not self._is_a_strangers(call):
            part = self.service if call.kind == "recognition" else self.token_endpoint
            await self._answer(part, call, receive, effects, out, connection)
            return
        with suppress(DisconnectedError):
            if self._playground is not None and self._playground.has(call):
                await self._playground.handle(scope, call, receive, send, effects)
                return
            await out.hear_out()
            # What is no call of the service takes no fault and stands in no journal.
            if call.kind is not None:
                await out.reply(_STRANGER)
            else:
                await out.reply(self._health() if call.raw_path == HEALTH else _STRAY)

    def _is_a_strangers(self, call: Incoming) -> bool:
        """Whether a browser sends this without anybody of this machine having written it."""
        if is_preflight(call):
            return True
        return is_of_another_site(call) and not self.service.credentials.are_known_to(call)

    async def _answer(
        self,
        part: _Part,
        call: Incoming,
        receive: Receive,
        effects: Effects,
        out: Outgoing,
        connection: Connection | None,
    ) -> None:
        wrong: str | None = None
        try:
            fault = _fault(part, call)
        except ValueError as error:
            # Said aloud: a test that asks for a fault in vain would pass for nothing.
            wrong = f"X-Emulator-Fault: {cut(str(error))}"
            fault = Fault(status=400, result_code=400, message=wrong)
        try:
            reply = await part.answer(call, receive, effects, fault)
            call.reason = wrong or call.reason
            await out.hear_out()
        except DisconnectedError:
            broken = None if connection is None else connection.why_broken
            call.reason = broken or call.reason
            self._record(call, 400 if broken else None, None)
            return
        except Exception:
            _logger.exception("a call failed in the emulator itself")
            reply = failure(-1)
        reply = fault.applied_to(reply)
        lost = fault.reset == "before"
        status, code = (None, None) if lost else (reply.status, reply.code)
        self._record(call, status, code)
        await out.deliver(reply, fault)

    def _record(self, call: Incoming, status: int | None, code: int | None) -> None:
        told = call.told(status, code, self._shown)
        if told.reason and (code in _EXPLAINED or status in _EXPLAINED):
            number = f"HTTP {status}" if code is None else code
            _logger.info("%s %s: %s: %s", *told.request, number, told.reason)
        self.service.calls.record(told)

    def _health(self) -> Reply:
        ready = self.service.reader.ready
        state = {"ready": ready, "engine": self.service.settings.engine}
        return Reply(200 if ready else 503, json.dumps(state).encode(), None)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await AsyncEffects().compute(self.service.load)
                except Exception as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.service.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _fault(part: _Part, call: Incoming) -> Fault:
    header = call.headers.get(FAULT_HEADER)
    asked = None if header is None else Fault.parse(header_text(header))
    return part.faults.take(asked)


def create_app(
    *,
    engine: Engine = "tesseract",
    mode: Mode = "app",
    overlap: Overlap = "repeat",
    allow_private_urls: bool = False,
    app_key: str | None = None,
    secret_key: str | None = None,
    rate_limit: float | None = None,
    burst: int | None = None,
    user_access_key_id: str | None = None,
    secret_access_key: str | None = None,
    expires_in: float = 86400,
    playground: bool = True,
    workers: int | None = None,
) -> App:
    """The emulator as an ASGI application, for an ASGI server or a test client of your own.

    The arguments are those of `Emulator`. The keys are attributes of `app.service.settings`.
    Faults that cut a connection need the emulator's own server.
    """
    settings = Settings(
        engine=engine,
        mode=mode,
        overlap=overlap,
        allow_private_urls=allow_private_urls,
        app_key=app_key or "",
        secret_key=secret_key or "",
        rate_limit=rate_limit,
        burst=burst,
        user_access_key_id=user_access_key_id or "",
        secret_access_key=secret_access_key or "",
        expires_in=expires_in,
        playground=playground,
        workers=workers,
    )
    return App(Service(settings))
