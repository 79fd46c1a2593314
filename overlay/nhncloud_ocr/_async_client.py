"""The same client for event loops."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import httpx
from anyio import to_thread

from ._auth.credentials import Sender
from ._client import Client
from ._errors import OcrError
from ._http import by_host
from ._http.errand import Errand
from ._http.exchange_async import exchange_async
from ._images import (
    IN_MEMORY,
    AsyncImageInput,
    read_async,
    reads_async,
    source,
    warn_of_long_sides,
)
from ._loops import LoopPool
from ._options import Options, TimeoutInput

if TYPE_CHECKING:
    from ._auth.access import Access
    from ._call import Call
    from ._results import OcrResult


class AsyncOcrClient(
    Client[httpx.AsyncBaseTransport], AbstractAsyncContextManager["AsyncOcrClient", None]
):
    """Recognises the text of images. Safe across tasks, and in one event loop after another."""

    _transport_method = "handle_async_request"

    def _open(
        self,
        transport: httpx.AsyncBaseTransport | None,
        way: by_host.Detour | None = None,
        **network: Any,
    ) -> None:
        self._pool = LoopPool(lambda: transport or by_host.async_transport(way, **network))

    async def recognize(
        self,
        image: AsyncImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
        total_timeout: float | None = None,
    ) -> OcrResult:
        """As `OcrClient.recognize`; files are read in a worker thread.

        image: also a file whose `read` is awaited, such as an upload of Starlette or FastAPI.
        """
        options = self._for_call(timeout, total_timeout)
        sent = await _source(image, image_url, options.precheck)
        warn_of_long_sides(sent, stacklevel=2)
        return await self._recognize(sent, options, cropping=False)

    async def recognize_cropping(
        self,
        image: AsyncImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
        total_timeout: float | None = None,
    ) -> OcrResult:
        """As `OcrClient.recognize_cropping`; files are read in a worker thread."""
        options = self._for_call(timeout, total_timeout)
        sent = await _source(image, image_url, options.precheck)
        return await self._recognize(sent, options, cropping=True)

    async def _recognize(self, sent: bytes | str, options: Options, *, cropping: bool) -> OcrResult:
        with self._call(sent, options, cropping=cropping) as call:
            while True:
                await self._sleep(call.pause())
                transport = await self._pool.transport()
                try:
                    access = await self._access(call, options)
                    outgoing = call.attempt(access)
                    reply = await exchange_async(outgoing, transport, self._pool.turn)
                    if call.takes_long_to_read(reply):
                        return call.result(await to_thread.run_sync(call.read, reply))
                    return call.result(call.read(reply))
                except OcrError as error:
                    wait = call.wait_after(error)
                    if wait is None:
                        raise
                await self.clock.async_sleep(wait)

    async def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            await self.clock.async_sleep(seconds)

    async def _access(self, call: Call, options: Options) -> Access:
        """Ask the credentials, as long as the call has time. Raises OcrTimeoutError, and theirs."""
        send = Sender(partial(self._send, options, call.left), call.left)
        asked = options.credentials.access_async(send)
        left = call.left()
        if left is None:
            return await asked
        with anyio.move_on_after(left):
            return await asked
        raise call.late_for_credentials()

    async def _send(
        self,
        options: Options,
        left: Callable[[], float | None],
        request: httpx.Request,
    ) -> httpx.Response:
        """Send what credentials ask for, over the same connections."""
        errand = Errand(request, options, self.clock, left)
        while True:
            transport = await self._pool.transport()
            try:
                return errand.read(await exchange_async(errand, transport, self._pool.turn))
            except OcrError as error:
                wait = errand.wait_after(error)
                if wait is None:
                    if errand.refusal is not None:
                        return errand.refusal
                    raise
            await self.clock.async_sleep(wait)

    async def aclose(self) -> None:
        """Close the connections of this event loop; those of one that has ended went with it.

        Twice is fine.
        """
        if self._owns_pool:
            await self._pool.aclose()

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def _source(image: Any, url: str | None, precheck: bool) -> bytes | str:
    """As `_images.source`; files are read in a worker thread, or awaited."""
    if isinstance(image, IN_MEMORY):
        return source(image, url, precheck)
    if reads_async(image) and url is None:
        return await read_async(image, precheck)
    return await to_thread.run_sync(source, image, url, precheck)


AsyncOcrClient.__module__ = "nhncloud_ocr"  # where people import it from
