"""uvicorn in a thread, on a loopback address, stopped at once and without a trace."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ._app import App
from ._asgi import Application, Receive, Scope, Send
from ._effects import AsyncioEffects
from ._no_http import BEGINNING, explained, quiet_logger
from ._silence import ACCEPTED_AT_ONCE, Silence, room_for_connections

__all__ = ["Server"]

_logger = logging.getLogger("nhncloud_ocr_emulator")
_quiet = quiet_logger()

_RESET_AFTER_SECONDS: Final = 0.05
_QUEUE: Final = 2048  # connections that may wait to be accepted; uvicorn's own choice
# struct linger: on, zero seconds; its fields are shorts on Windows.
_NO_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class _Corked(asyncio.Transport):
    """A transport that sends together what is written in one turn of the loop.

    uvicorn writes the head of a reply and its body separately: two system calls, the dearest
    part of a small reply, and two packets.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._written: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._written:
            asyncio.get_running_loop().call_soon(self._flush)
        self._written.append(bytes(data))

    def _flush(self) -> None:
        if self._written:
            self._transport.write(b"".join(self._written))
            self._written.clear()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        self._flush()
        self._transport.abort()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()


class _CuttableProtocol(H11Protocol):
    """uvicorn's protocol, which the application finds in its scope as a `Connection`.

    Not the faster one that uvicorn takes where httptools is installed: that loses the body of a
    call that offers HTTP/2, as Java's client does, and lets a head be of any size.
    """

    def __init__(self, silence: Silence, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._silence = silence
        self.app_state = {**self.app_state, "connection": self}
        self.access_log = False  # it would write the app key, which is part of the path
        self.logger = _quiet
        self.why_broken: str | None = None
        self._beginning = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio sees to this for listeners of its own making only.
        peer: socket.socket = transport.get_extra_info("socket")
        with suppress(OSError):  # macOS: the peer is gone already
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(_Corked(cast(asyncio.Transport, transport)))
        self._silence.begins(self)

    def data_received(self, data: bytes) -> None:
        if len(self._beginning) < BEGINNING:
            self._beginning += data[:BEGINNING]
        super().data_received(data)
        if self.is_sending():
            self._silence.goes_on(self)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, a request or what goes on where its body was awaited."""
        self.why_broken = explained(self._beginning, sys.exc_info()[1])
        if self.is_waiting():
            _logger.info("400: %s", self.why_broken)  # else the call tells it, which has a path
        if self.cycle is not None and self.cycle.response_started and not self.is_waiting():
            self.transport.close()  # the reply has begun: there cannot be another
        else:
            super().send_400_response(msg)

    def connection_lost(self, exc: Exception | None) -> None:
        self._silence.ends(self)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self in self.connections:  # not one that was let go meanwhile
            self._silence.begins(self)

    def is_waiting(self) -> bool:
        """Whether no whole request is there to be answered."""
        return self.cycle is None or self.cycle.response_complete

    def is_sending(self) -> bool:
        """Whether it is the peer's turn to send more of a request's body."""
        return not self.is_waiting() and self.cycle.more_body and not self.flow.read_paused

    def resume_writing(self) -> None:
        super().resume_writing()
        self._silence.goes_on(self)

    def is_unread(self) -> bool:
        """Whether the peer reads too little of a reply for it to go on."""
        return self.flow.write_paused

    def let_go(self) -> None:
        """Close the socket at once."""
        self.transport.abort()

    def _should_upgrade(self) -> bool:
        # Declined without a word: Java's client offers HTTP/2 with each first call, and uvicorn
        # would advise to install a library.
        return False

    def reset(self) -> None:
        """Close the socket at once, with a TCP reset; nothing happens if the peer is gone."""
        peer: socket.socket = self.transport.get_extra_info("socket")
        with suppress(OSError):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    def close(self) -> None:
        """Send what is written, then close."""
        self.transport.close()

    def reset_when_idle(self) -> None:
        """Reset soon, unless the next call comes first.

        Not at once: a reset takes from the peer what it has not read yet (not on Linux).
        """
        served = self.cycle

        def reset() -> None:
            if self.cycle is served:
                self.reset()

        asyncio.get_running_loop().call_later(_RESET_AFTER_SECONDS, reset)


class _Uvicorn(uvicorn.Server):
    """uvicorn's server, told when to stop instead of looking ten times a second."""

    def __init__(self, config: uvicorn.Config, each_second: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._each_second = each_second
        self.running = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.running.set()
        while not await self.on_tick(0):  # 0: it renews the Date header each time
            for chore in self._each_second:
                chore()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 1.0)

    def stop(self) -> None:
        """End `serve`; from any thread, once `running` is set."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # In place of uvicorn's, which waits: for a tenth of a second, for calls under way (a slow
        # engine, a fault), and for peers that do not read.
        for server in self.servers:
            server.close()
        calls = list(self.server_state.tasks)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # the turn in which those that have nothing to send are closed
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


class Server:
    """Serves an ASGI application from a thread of its own.

    The port is open, and calls queue up, as soon as this object exists.

    Args:
        app: The application, its models loaded.
        host: A loopback address.
        port: 0 for a free one.

    Raises OSError if the port cannot be had.
    """

    def __init__(self, app: App, host: str, port: int) -> None:
        self._socket = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
        self.port: int = self._socket.getsockname()[1]
        silence = Silence(room_for_connections())
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                _ended_with_its_connection(app),
                http=cast(type[asyncio.Protocol], partial(_CuttableProtocol, silence)),
                backlog=ACCEPTED_AT_ONCE,
                ws="none",
                lifespan="off",
                log_config=None,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=60,
            ),
            each_second=(silence.sweep, app.service.tidy),
        )
        self._thread = Thread(target=self._run, name="nhncloud-ocr-emulator", daemon=True)
        self._thread.start()
        self._uvicorn.running.wait()
        with suppress(OSError):  # it is closed by now if the start failed
            self._socket.listen(_QUEUE)

    def stop(self) -> None:
        """Close the port and all connections, and wait until the thread has ended."""
        self._uvicorn.stop()
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._uvicorn.serve(sockets=[self._socket]))
        finally:
            self._socket.close()
            self._uvicorn.running.set()  # whoever waits for it must not wait for ever


def _ended_with_its_connection(app: App) -> Application:
    """A call that is cancelled because the server stops is no error: its connection ends."""
    effects = AsyncioEffects()

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app.handle(scope, receive, send, effects)
        except asyncio.CancelledError:
            scope["state"]["connection"].reset()
            while (await receive())["type"] != "http.disconnect":
                pass

    return call
