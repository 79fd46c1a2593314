"""Where time and chance come from."""

import random
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import anyio


class Clock(NamedTuple):
    """Time in seconds and chance in 0..1: `client.clock`, which tests replace."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = anyio.sleep
