"""What has been sent and what came, as objects of a store that all workers reach.

Each claim is an object that can be made only once, and is made before the call. So a worker that
comes later finds the result, or that it may have been billed. Nothing is locked, for no one could
say whose lock is dead: a claim older than the longest call counts as unknown, never as free.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from ..bulk.states import UNKNOWN
from . import leases

LONGEST = 180.0  # seconds: to connect, to send and to be answered, and clocks that differ
_TRIES = 4  # of a write that a store refused for another one at the same moment


class LedgerError(Exception):
    """The store cannot hold a ledger."""


@dataclass(frozen=True, slots=True)
class Claim:
    """mine: send it. busy: somebody is at it. settled: `result` says how it ended."""

    verdict: Literal["mine", "busy", "settled"]
    result: Mapping[str, Any] | None = None


class Ledger:
    """A ledger at "file:///...", "s3://...", "gs://..." or "az://..." (extra `stores`).

    max_calls: in the ledger's whole life, for all workers together, None without a limit. Workers
        take them in lots of `lot`; what a dead worker has taken stays spent.
    longest: seconds after which a claim without a result is unknown; more than any call takes.
    store_options: for `obstore.store.from_url`, such as an endpoint.

    It can be pickled, and opens nothing until it is used. The store is tried first: one that
    overwrites what must be made only once is refused with LedgerError.
    """

    def __init__(
        self,
        url: str,
        *,
        max_calls: int | None = None,
        lot: int | None = None,
        longest: float = LONGEST,
        **store_options: Any,
    ) -> None:
        self.url = url
        self.longest = longest
        self.leases = leases.Plan(max_calls, lot)
        self._options = store_options
        self._store: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_store": None}

    def __repr__(self) -> str:
        return f"Ledger({self.url.partition('?')[0]!r})"

    async def open(self) -> None:
        """Try the store. Raises LedgerError for one that overwrites, or cannot be used."""
        if self._store is not None:
            return
        unusable = (_obstore().exceptions.BaseError, OSError, ValueError)
        try:
            store = _store(self.url, self._options)
            name = f"probe/{secrets.token_hex(16)}"
            first = await _create(store, name, b"1")
            again = await _create(store, name, b"2")
            await _obstore().delete_async(store, name)
        except unusable as exc:  # its text may hold what credentials it has tried
            kind = type(exc).__name__
            raise LedgerError(f"{self!r}: the store cannot be written to ({kind})") from None
        if not first:
            raise LedgerError(f"{self!r}: the store says that a new name is taken")
        if again:
            raise LedgerError(
                f"{self!r}: this store overwrites objects that must be made only once, so an "
                "image could be paid twice. Use one with conditional writes (If-None-Match)"
            )
        self._store = store

    async def claim(self, key: str) -> Claim:
        """Take these bytes, unless somebody else has. Ask for their `result` first."""
        if await _create(self._store, _claim(key), b"{}"):
            return Claim("mine")
        found = await self.result(key)
        if found is not None:
            return Claim("settled", found)
        if not await self._is_dead(key):
            return Claim("busy")
        await self.settle(
            key,
            {
                "state": UNKNOWN,
                "error": "a worker ended before the reply came",
                "maybe_billed": True,
                "attempts": 1,
            },
        )
        return Claim("settled", await self.result(key))

    async def settle(self, key: str, result: Mapping[str, Any]) -> None:
        """Write how a call ended. That it is unknown replaces nothing that is known."""
        data = json.dumps(result).encode()
        if result["state"] == UNKNOWN:
            await _create(self._store, _name(key), data)
        else:
            await _obstore().put_async(self._store, _name(key), data)

    async def release(self, key: str) -> None:
        """Give back a claim whose call was turned away, or never made."""
        await _obstore().delete_async(self._store, _claim(key))

    async def take_lot(self, number: int) -> bool:
        """Take a lot of calls; return whether it was still there."""
        return await _create(self._store, f"calls/{number}", b"{}")

    async def result(self, key: str) -> Mapping[str, Any] | None:
        """Return how these bytes ended, None if they have not."""
        try:
            found = await _obstore().get_async(self._store, _name(key))
            data = bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        result: Mapping[str, Any] = json.loads(data)
        return result

    async def _is_dead(self, key: str) -> bool:
        try:
            made = (await _obstore().head_async(self._store, _claim(key)))["last_modified"]
        except FileNotFoundError:  # it was given back
            return False
        return bool((datetime.now(UTC) - made).total_seconds() > self.longest)


async def _create(store: Any, name: str, data: bytes) -> bool:
    """Make an object; return whether it is new. Raises OSError."""
    obstore = _obstore()
    taken = (obstore.exceptions.AlreadyExistsError, obstore.exceptions.PreconditionError)
    for attempt in range(_TRIES):
        try:
            await obstore.put_async(store, name, data, mode="create")
        except taken:
            return False
        except obstore.exceptions.GenericError as exc:
            if "409" not in str(exc) or attempt == _TRIES - 1:  # a race, on some stores
                raise
            await asyncio.sleep(0.1 * 2**attempt)
        else:
            return True
    return False


def _claim(key: str) -> str:
    return f"claims/{key[:2]}/{key}"


def _name(key: str) -> str:
    return f"results/{key[:2]}/{key}"


def _store(url: str, options: Mapping[str, Any]) -> Any:
    _obstore()
    from obstore.store import from_url

    if url.startswith("file://"):
        options = {"mkdir": True, **options}
    return from_url(url, **options)


def _obstore() -> Any:
    try:
        import obstore
    except ImportError:
        raise LedgerError('a ledger needs an extra: pip install "nhncloud-ocr[stores]"') from None
    return obstore
