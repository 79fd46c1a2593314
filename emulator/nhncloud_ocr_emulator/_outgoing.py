"""The way out of a reply, over a connection that may fail on demand."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from ._asgi import Connection, Receive, Send
from ._effects import Effects
from ._faults import Fault
from ._incoming import DisconnectedError, Incoming
from ._replies import Reply

__all__ = ["Outgoing"]

# A caller that is refused in mid-upload is read on and forgotten, up to here: one that is cut
# off while it writes may never see the reply.
_DISCARDED_BEFORE_REPLY: Final = (1024 * 1024, 0.25)  # bytes, seconds
_DISCARDED_AFTER_REPLY: Final = (256 * 1024 * 1024, 2.0)
_SLOW_PIECES: Final = 10


class Outgoing:
    """The way out of one reply, over a connection that may fail on demand."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        effects: Effects,
        call: Incoming,
        connection: Connection | None,
    ) -> None:
        self._receive = receive
        self._send = send
        self._effects = effects
        self._call = call
        self._connection = connection

    async def hear_out(self) -> None:
        """Read on what is left of the request, unless it is much. Raises DisconnectedError."""
        await _discard(self._call, self._receive, self._effects, *_DISCARDED_BEFORE_REPLY)

    async def deliver(self, reply: Reply, fault: Fault) -> None:
        """Send a reply with what the fault does to it on the way, as long as the caller stays."""
        with suppress(DisconnectedError):
            await self._deliver(reply, fault)

    async def _deliver(self, reply: Reply, fault: Fault) -> None:
        if fault.latency:
            await self._pause(fault.latency)
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
        if self._call.complete:
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
        if not self._call.complete:
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
            await self._pause(seconds / len(pieces))
            await self._piece(piece, more=number < len(pieces))

    async def _pause(self, seconds: float) -> None:
        if self._call.complete:
            await self._effects.attended(self._receive, self._effects.sleep(seconds))
        else:  # what is received is the request's body
            await self._effects.sleep(seconds)

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
