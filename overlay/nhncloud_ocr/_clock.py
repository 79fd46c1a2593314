"""Where time and chance come from."""

import random
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple


async def _async_sleep(seconds: float) -> None:
    import anyio  # brings asyncio, which a client without an event loop does not need

    await anyio.sleep(seconds)


class Clock(NamedTuple):
    """Time in seconds and chance in 0..1: `client.clock`, which tests replace."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = _async_sleep
