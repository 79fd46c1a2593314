"""The way in from Python: images in, rows out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from typing import Literal

from nhncloud_ocr import AsyncOcrClient, RetryPolicy

from . import rows, sources
from .engine import Engine
from .journal import Journal
from .pace import CEILING, Pace
from .reading import Cropping
from .settings import Settings
from .sources import SourceInput
from .states import Row


async def run(
    client: AsyncOcrClient,
    sources: SourceInput | Iterable[SourceInput],
    journal: Journal,
    *,
    max_calls: int | None = None,
    concurrency: int | Literal["auto"] = "auto",
    max_per_second: float | None = None,
    cropping: Cropping = False,
    retry_failed: bool = False,
    retry_unknown: bool = False,
    patience: float = 600.0,
) -> AsyncIterator[Row]:
    """Recognise each image once; yield a row for each, also for those of earlier runs.

    sources: paths, folders, patterns, URLs (http, s3, gs, az), mappings with `ref` and maybe `id`,
        or what `manifest` yields; an iterable is taken as it goes, never listed first.
    max_calls: in the journal's whole life, over all runs and processes. A call that was turned away
        (too many, 503, no connection) does not count.
    concurrency: calls in flight at most; "auto" is up to 32. Below that the pace is found.
    max_per_second: calls a second at most.
    cropping: whether to slice long images, "auto": those that are taller than 2.5 times as wide.
    retry_failed, retry_unknown: try those of earlier runs again; what is unknown may be paid twice.
    patience: seconds to wait for a service that turns everything away, before the run ends.

    A run that ends early says why in `journal.stopped`. Rows come as they are ready; those of the
    journal are in order. Leaving the loop lets the calls under way end; cancelling the task does
    not, and they are unknown then. Runs on asyncio.

    Raises AuthenticationError, PermissionDeniedError, ConfigurationError or BadRequestError at the
    first call whose keys or address the service refuses, JournalError, ValueError, OSError.
    """
    engine = Engine(
        once(client),
        journal,
        settings(
            max_calls=max_calls,
            concurrency=concurrency,
            max_per_second=max_per_second,
            cropping=cropping,
            retry_failed=retry_failed,
            retry_unknown=retry_unknown,
            patience=patience,
        ),
    )
    events = engine.settled(found(sources))
    try:
        with closing(journal.reader()) as reader:
            async for some in events:
                for settled in some:
                    yield rows.row(reader, settled.item)
    finally:
        await events.aclose()  # type: ignore[attr-defined]


found = sources.found


def once(client: AsyncOcrClient) -> AsyncOcrClient:
    """Return the client without tries of its own, each of which the journal must know.

    Raises TypeError for a client that is not awaited.
    """
    if not isinstance(client, AsyncOcrClient):
        raise TypeError(f"a run needs an AsyncOcrClient, not {type(client).__name__}")
    return client.with_options(retry=RetryPolicy(attempts=1), precheck=True, on_no_text="raise")


def settings(
    *,
    max_calls: int | None,
    concurrency: int | Literal["auto"],
    max_per_second: float | None,
    cropping: Cropping,
    retry_failed: bool,
    retry_unknown: bool,
    patience: float = 600.0,
) -> Settings:
    """Return checked settings. Raises ValueError."""
    if max_calls is not None and max_calls < 0:
        raise ValueError("max_calls must not be negative")
    if concurrency != "auto" and concurrency < 1:
        raise ValueError('concurrency must be "auto" or at least 1')
    if max_per_second is not None and not max_per_second > 0:
        raise ValueError("max_per_second must be positive")
    if cropping not in (True, False, "auto"):
        raise ValueError('cropping must be True, False or "auto"')
    pace = Pace(CEILING if concurrency == "auto" else concurrency, max_per_second)
    return Settings(pace, max_calls, cropping, retry_failed, retry_unknown, patience)
