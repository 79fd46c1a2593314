"""The ASGI application: takes calls in, sends replies out, and lets faults happen."""

from __future__ import annotations

import json
import logging
from typing import Final

from nhncloud_ocr_emulator._asgi import Connection, Receive, Scope, Send
from nhncloud_ocr_emulator._effects import AsyncEffects, Effects
from nhncloud_ocr_emulator._faults import FAULT_HEADER, Fault
from nhncloud_ocr_emulator._incoming import DisconnectedError, Incoming
from nhncloud_ocr_emulator._replies import Reply, failure
from nhncloud_ocr_emulator._service import Service
from nhncloud_ocr_emulator._settings import Engine, Mode, Overlap, Settings

__all__ = ["HEALTH_PATH", "App", "create_app"]

HEALTH_PATH: Final = "/health"

_logger = logging.getLogger("nhncloud_ocr_emulator")
_EXPLAINED: Final = (400, 415)  # result codes, or statuses, whose cause is told on the terminal
# A caller that is refused in mid-upload is read on and forgotten, up to here: one that is cut
# off while it writes may never see the reply.
_DISCARDED_BEFORE_REPLY: Final = (1024 * 1024, 0.25)  # bytes, seconds
_DISCARDED_AFTER_REPLY: Final = (256 * 1024 * 1024, 2.0)
_SLOW_PIECES: Final = 10


class App:
    """The emulator as an ASGI application; `create_app` makes one.

    Attributes of `service` that matter to users: `app_key`, `secret_key`, `faults`, `calls`.
    """

    def __init__(self, service: Service) -> None:
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self.handle(scope, receive, send, AsyncEffects())
        else:
            await send({"type": "websocket.close"})

    async def handle(self, scope: Scope, receive: Receive, send: Send, effects: Effects) -> None:
        """Serve one HTTP call; what it waits for, it waits for through `effects`."""
        if scope["path"] == HEALTH_PATH:
            await _Outgoing(receive, send, effects).reply(self._health())
            return
        call = Incoming(scope)
        try:
            fault = self._fault(call)
        except ValueError as error:
            # Said aloud: a test that asks for a fault in vain would pass for nothing.
            fault = Fault(status=400, result_code=400, message=f"X-Emulator-Fault: {error}")
        try:
            reply = await self.service.answer(call, receive, effects, fault)
            await _discard(call, receive, effects, *_DISCARDED_BEFORE_REPLY)
        except DisconnectedError:
            self.service.calls.record(call.told(None, None))
            return
        except Exception:
            _logger.exception("a call failed in the emulator itself")
            reply = failure(-1)
        reply = fault.applied_to(reply)
        lost = fault.reset == "before"
        told = call.told(None if lost else reply.status, None if lost else reply.code)
        self.service.calls.record(told)
        if told.reason and (told.result_code in _EXPLAINED or told.status in _EXPLAINED):
            _logger.info("%s %s: %s: %s", *told.request, told.result_code, told.reason)
        connection = scope.get("state", {}).get("connection")
        await _Outgoing(receive, send, effects, call, connection).deliver(reply, fault)

    def _fault(self, call: Incoming) -> Fault:
        header = call.headers.get(FAULT_HEADER)
        asked = None if header is None else Fault.parse(header.decode("latin-1"))
        return self.service.faults.take(asked)

    def _health(self) -> Reply:
        state = {"ready": self.service.loaded, "engine": self.service.settings.engine}
        return Reply(200 if self.service.loaded else 503, json.dumps(state).encode(), None)

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


class _Outgoing:
    """The way out of one reply, over a connection that may fail on demand."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        effects: Effects,
        call: Incoming | None = None,
        connection: Connection | None = None,
    ) -> None:
        self._receive = receive
        self._send = send
        self._effects = effects
        self._call = call
        self._connection = connection

    async def deliver(self, reply: Reply, fault: Fault) -> None:
        """Send a reply with what the fault does to it on the way."""
        if fault.latency:
            await self._effects.sleep(fault.latency)
        if fault.reset == "before":
            await self._cut(reset=True)
        elif fault.reset == "during" or fault.truncated:
            await self._start(reply)
            await self._piece(reply.body[: len(reply.body) // 2], more=True)
            await self._cut(reset=fault.reset == "during")
        elif fault.slow_body:
            await self._start(reply)
            await self._trickle(reply.body, fault.slow_body)
        else:
            await self.reply(reply)
        if fault.reset == "after":
            self._cuttable().reset_when_idle()

    async def reply(self, reply: Reply) -> None:
        """Send a reply as it is."""
        await self._start(reply)
        if self._call is None or self._call.complete:
            await self._piece(reply.body, more=False)
            return
        await self._piece(reply.body, more=True)
        try:
            await _discard(self._call, self._receive, self._effects, *_DISCARDED_AFTER_REPLY)
        except DisconnectedError:
            return
        await self._piece(b"", more=False)

    async def _start(self, reply: Reply) -> None:
        headers = [(b"content-type", reply.media_type), *reply.headers]
        if reply.body:
            headers.append((b"content-length", b"%d" % len(reply.body)))
        if self._call is not None and not self._call.complete:
            headers.append((b"connection", b"close"))
        await self._send(
            {"type": "http.response.start", "status": reply.status, "headers": headers}
        )

    async def _piece(self, body: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def _trickle(self, body: bytes, seconds: float) -> None:
        size = max(1, len(body) // _SLOW_PIECES)
        pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
        for number, piece in enumerate(pieces, 1):
            await self._effects.sleep(seconds / len(pieces))
            await self._piece(piece, more=number < len(pieces))

    async def _cut(self, *, reset: bool) -> None:
        if reset:
            self._cuttable().reset()
        else:
            self._cuttable().close()
        # The server takes an application that returns early for a broken one.
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def _cuttable(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("only the emulator's own server can cut a connection")
        return self._connection


async def _discard(
    call: Incoming, receive: Receive, effects: Effects, limit: int, seconds: float
) -> None:
    """Read a body on without keeping it, to its end, up to a limit, or while it takes too long."""

    async def read() -> None:
        end = call.size + limit
        while not call.complete and call.size < end:
            await call.read(receive)

    if call.complete:
        return
    try:
        await effects.within(seconds, read())
    except TimeoutError:
        return


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
) -> App:
    """The emulator as an ASGI application, for an ASGI server or a test client of your own.

    The arguments are those of `Emulator`. The keys are `app.service.app_key` and
    `app.service.secret_key`. Faults that cut a connection need the emulator's own server.
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
    )
    return App(Service(settings))
