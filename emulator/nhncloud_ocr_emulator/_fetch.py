"""Fetching an image URL under the service's rules, safely on somebody's own machine."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from functools import lru_cache, partial
from math import inf
from typing import Any, Final, cast
from urllib.parse import unquote_to_bytes

import anyio
import httpcore
import httpx

from ._addresses import is_allowed, numeric
from ._shown import cut, seen
from ._size import MAX_IMAGE
from ._threads import Threads, outcome
from .recognition import Refused

__all__ = ["Fetcher", "Resolve", "check_url"]

_SECONDS: Final = 20.0  # documented: the service gives a download 20 s
_CONNECT_SECONDS: Final = 5.0  # for an address that is not the last of its name
_MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

# Of their own: a look-up may take half a minute, and cannot be ended.
_NAME_THREADS: Final = Threads("nhncloud-ocr-emulator-names", 32)

Hold = Callable[[int], Awaitable[None]]
"""What to wait for before so many bytes are held, all in all."""

Resolve = Callable[[str, int], Awaitable[Iterable[str]]]
"""Host name and port to the IP addresses it has just now, as text; raises OSError."""


def check_url(url: str) -> httpx.URL:
    """Parse an image URL.

    Raises Refused: 400 for what is no http(s) URL with a host; 4000001 for a port, written in
    the URL, that is not 80, 443 or 10000-12000. The port rule is documented, the codes are
    inferred.
    """
    try:
        parsed = _parse(url)
        host = parsed.host
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise Refused(400, "imageUrl is no URL") from None
    # No more than this is told of a URL: it may carry a signature.
    if parsed.scheme not in ("http", "https"):
        raise Refused(400, f"the scheme of imageUrl is {seen(parsed.scheme)}, not http or https")
    if not host:
        raise Refused(400, "imageUrl has no host")
    port = parsed.port
    if port is not None and port not in (80, 443) and not 10000 <= port <= 12000:
        raise Refused(4000001, f"the port of imageUrl is {port}, not 80, 443 or 10000-12000")
    return parsed


_parse = lru_cache(maxsize=64)(httpx.URL)  # a test asks for the same few again and again


async def _without_asking(size: int) -> None:
    """Hold as much as comes."""


async def resolve(host: str, port: int) -> Iterable[str]:
    """The system's answer. An address asks nobody, and waits behind no slow name."""
    if address := numeric(host):
        return [address]
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await outcome(_NAME_THREADS.submit(look_up))
    return [str(address[0]) for *_, address in found]


class _ForbiddenError(httpcore.ConnectError):
    """An address that images are not fetched from."""

    def __init__(self, *, private: bool) -> None:
        known = "an address of this machine or its network, which needs allow_private_urls"
        super().__init__(known if private else "an address that images are never fetched from")


class _CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to the very address that was checked: a second look-up could tell another.

    `aclose` closes all connections: httpcore forgets one that is cancelled in its TLS handshake.
    """

    def __init__(self, resolve: Resolve, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._tcp = cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())
        self._opened: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # the base class has it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if not addresses:
            raise httpcore.ConnectError("the name has no address")
        if not _are_allowed(addresses, self._allow_private):
            raise _ForbiddenError(private=_are_allowed(addresses, allow_private=True))
        for address in addresses[:-1]:
            try:
                return await self._open(address, port, _CONNECT_SECONDS)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._open(addresses[-1], port, timeout)

    async def _open(
        self, address: str, port: int, timeout: float | None
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._tcp.connect_tcp(address, port, timeout)
        self._opened.append(stream)
        return stream

    async def aclose(self) -> None:
        with anyio.CancelScope(shield=True):
            for stream in self._opened:
                await stream.aclose()


def _are_allowed(addresses: Iterable[str], allow_private: bool) -> bool:
    return all(is_allowed(address, allow_private=allow_private) for address in addresses)


class Fetcher:
    """Downloads image URLs; the environment's proxies are not asked.

    Args:
        allow_private: Whether loopback and private addresses may be fetched from.
        resolve: How host names become addresses.
        ssl_context: How servers are verified; by default against certifi's authorities.
        seconds: The time for a whole download, look-ups and redirects included.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolve: Resolve = resolve,
        ssl_context: ssl.SSLContext | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._ssl_context = ssl_context
        self._seconds = seconds

    async def fetch(self, url: httpx.URL, hold: Hold = _without_asking) -> bytes:
        """The bytes behind a URL that `check_url` let pass.

        Args:
            url: What to fetch.
            hold: Waited for before more is held; that takes none of the time.

        Raises Refused: 4000502 past 20 MiB, 4000503 past the time, 4000504 with a reason for every
        other failure, 400 and 4000001 for what a redirect leads to as `check_url` says.
        """
        try:
            with anyio.fail_after(self._seconds) as limit:

                async def wait(size: int) -> None:
                    left = limit.deadline - anyio.current_time()
                    limit.deadline = inf
                    await hold(size)
                    limit.deadline = anyio.current_time() + left

                return await self._follow(url, wait)
        except TimeoutError:
            raise Refused(4000503) from None

    async def _follow(self, url: httpx.URL, hold: Hold) -> bytes:
        if self._ssl_context is None and url.scheme == "https":
            self._ssl_context = httpx.create_ssl_context(trust_env=False)
        for _ in range(_MAX_REDIRECTS + 1):
            result = await self._get(url, hold)
            if isinstance(result, bytes):
                return result
            try:
                url = check_url(str(result))
            except Refused as refused:
                raise Refused(refused.code, f"after a redirect: {refused.reason}") from None
        raise Refused(4000504, f"there are more than {_MAX_REDIRECTS} redirects")

    async def _get(self, url: httpx.URL, hold: Hold) -> bytes | httpx.URL:
        """The body, or where a redirect leads."""
        request = httpx.Request("GET", url)
        headers = [
            (b"Host", request.headers["host"].encode()),
            (b"User-Agent", b"nhncloud-ocr-emulator"),
            (b"Accept", b"image/png, image/jpeg"),
            # A compressed body would have to be unpacked to be counted.
            (b"Accept-Encoding", b"identity"),
        ]
        if url.userinfo:
            headers.append(
                (b"Authorization", b"Basic " + b64encode(unquote_to_bytes(url.userinfo)))
            )
        try:
            async with (
                aclosing(_CheckedNetwork(self._resolve, self._allow_private)) as network,
                httpcore.AsyncConnectionPool(
                    ssl_context=self._ssl_context, network_backend=network
                ) as pool,
                pool.stream("GET", _core_url(url), headers=headers) as response,
            ):
                fields = httpx.Headers(response.headers)
                if response.status in _REDIRECTS and "location" in fields:
                    return url.join(fields["location"])
                if response.status != 200:
                    raise Refused(4000504, f"the download's HTTP status is {response.status}")
                encoding = fields.get("content-encoding", "identity")
                if encoding != "identity":
                    raise Refused(4000504, f"the download's Content-Encoding is {seen(encoding)}")
                return await _read(response, hold)
        except _ForbiddenError as error:
            raise Refused(4000504, f"imageUrl leads to {error}") from None
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            httpx.InvalidURL,
            OSError,
            ValueError,
        ) as error:
            # After a colon the parsers quote what the other server sent.
            what = f"{type(error).__name__}, {str(error).partition(':')[0]}"
            raise Refused(4000504, f"the download failed: {cut(what)}") from None


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


async def _read(response: httpcore.Response, hold: Hold) -> bytes:
    # Counted here: a Content-Length may be missing or a lie.
    body = bytearray()
    async for chunk in response.aiter_stream():
        if len(body) + len(chunk) > MAX_IMAGE:
            raise Refused(4000502)
        await hold(len(body) + len(chunk))
        body += chunk
    return bytes(body)
