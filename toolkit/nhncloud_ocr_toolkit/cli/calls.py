"""Many images through one client: some at a time, answered in the order given."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from nhncloud_ocr import (
    AuthenticationError,
    ConfigurationError,
    OcrClient,
    OcrError,
    OcrResult,
    PermissionDeniedError,
)

import nhncloud_ocr_toolkit as toolkit

from .._tall import is_tall
from .images import Source

_KEYS_REFUSED = (AuthenticationError, PermissionDeniedError, ConfigurationError)


@dataclass(frozen=True)
class Job:
    """How images are recognised. cropping: always, never, or "auto": those that are tall."""

    client: OcrClient
    cropping: bool | str
    merge: bool
    jobs: int


@dataclass
class Outcome:
    """What came of one image: a page, or an error. data: the image, b"" of a URL."""

    source: Source
    page: OcrResult | None = None
    error: OcrError | OSError | None = None
    data: bytes = b""
    hint: str = ""

    @property
    def keys_refused(self) -> bool:
        """Whether no other image would fare better."""
        return isinstance(self.error, _KEYS_REFUSED)


def outcomes(job: Job, sources: Sequence[Source]) -> Iterator[Outcome]:
    """Yield the outcome of each image in order, and none after keys that were refused.

    The first image goes alone: keys that are wrong are tried once.
    """
    waiting = iter(sources)
    for source in waiting:
        first = _recognize(job, source)
        yield first
        if first.keys_refused:
            return
        break
    yield from _side_by_side(lambda source: _recognize(job, source), waiting, job.jobs)


def _side_by_side(
    work: Callable[[Source], Outcome], waiting: Iterator[Source], jobs: int
) -> Iterator[Outcome]:
    """Yield the outcomes in order; at most twice as many as `jobs` are begun ahead."""
    begun: deque[Future[Outcome]] = deque()
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="nhncloud-ocr") as pool:
        try:
            for source in waiting:
                begun.append(pool.submit(work, source))
                if len(begun) < 2 * jobs:
                    continue
                outcome = begun.popleft().result()
                yield outcome
                if outcome.keys_refused:
                    return
            while begun:
                outcome = begun.popleft().result()
                yield outcome
                if outcome.keys_refused:
                    return
        finally:
            for each in begun:
                each.cancel()


def _recognize(job: Job, source: Source) -> Outcome:
    outcome = Outcome(source)
    try:
        outcome.data = b"" if source.is_url else source.read()
        tall = is_tall(outcome.data)
        cropping = tall if job.cropping == "auto" else bool(job.cropping)
        if tall and not cropping:
            outcome.hint = "this image is long: --cropping reads it better"
        outcome.page = _call(job.client, source, outcome.data, cropping=cropping)
        if job.merge and outcome.data and (outcome.page.slices or 1) > 1:
            outcome.page = toolkit.merge_slices(outcome.page, outcome.data).page
    except (OcrError, OSError) as exc:
        outcome.error = exc
    return outcome


def _call(client: OcrClient, source: Source, data: bytes, *, cropping: bool) -> OcrResult:
    recognize = client.recognize_cropping if cropping else client.recognize
    if source.is_url:
        return recognize(image_url=source.name)
    return recognize(data)
