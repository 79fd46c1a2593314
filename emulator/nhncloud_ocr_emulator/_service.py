"""The service's decisions: what becomes of a call, and in which order it is looked at."""

from __future__ import annotations

import re
from functools import partial
from time import monotonic
from typing import Final, TypeVar

from httpx import URL

from ._asgi import Receive
from ._budget import SILENT_SECONDS, Budget, Share
from ._credentials import Credentials
from ._effects import AsyncEffects, Effects, GivenUpError
from ._fault_queue import Faults
from ._faults import Fault
from ._fetch import Fetcher, check_url
from ._incoming import Incoming
from ._journal import Journal
from ._memory import give_back_memory
from ._pace import Bills, Pace
from ._paths import Target
from ._reader import Reader
from ._replies import Reply, failure, gateway_failure, html_page, success
from ._settings import Settings
from ._shown import seen
from ._size import MAX_IMAGE
from ._tokens import Tokens
from ._uploads import Body, ImageForm, ImageUrlJson
from .recognition import Recognition, Refused

__all__ = ["UNKNOWN_FAULTS", "Service"]

UNKNOWN_FAULTS: Final = ("error", "expires_in")  # those of the token endpoint

T = TypeVar("T")

_NO_PATH: Final = (
    "the path is not /VERSION/appkeys/{appKey}/general or .../general/cropping, "
    "the version v1.0 or v1.1"
)
_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_PROXY_LIMIT: Final = 2 * MAX_IMAGE  # inferred: "far above the limit"
# What is held in memory at one time; with copies and the engine, several times as much.
_UPLOADS: Final = 128 * 1024 * 1024  # bytes
_DOWNLOADS: Final = 8 * MAX_IMAGE
_SMALL_UPLOAD: Final = 1024 * 1024  # bytes
_SILENT: Final = f"stopped for {SILENT_SECONDS:g} s, and others waited for the memory it held"
_LATER: Final = 1.0
"""Seconds past a call's time until its process is ended: engines get to say themselves that it is
up."""


class Service:
    """The recognising part of the service: its keys, its engine, its faults and its journal.

    Args:
        settings: What it was told; the defaults unless given.
        fetcher: How image URLs are fetched, in place of the default.

    Raises what `Reader` raises.
    """

    def __init__(self, settings: Settings | None = None, *, fetcher: Fetcher | None = None) -> None:
        self.settings = settings = settings or Settings()
        self.faults = Faults(unknown=UNKNOWN_FAULTS)
        self.calls = Journal()
        self.tokens = Tokens(settings.expires_in)
        self.credentials = Credentials(settings, self.tokens)
        self.bills = Bills()
        self._uploads = Budget(_UPLOADS)
        self._downloads = Budget(_DOWNLOADS)
        self._pace = Pace(settings.rate_limit, settings.burst)
        self._fetcher = fetcher or Fetcher(allow_private=settings.allow_private_urls)
        self.reader = Reader(settings)

    @property
    def app_key(self) -> str:
        """The app key that is accepted."""
        return self.settings.app_key

    @property
    def secret_key(self) -> str:
        """The secret key that is accepted."""
        return self.settings.secret_key

    def load(self) -> None:
        """Be ready for calls over HTTP; blocks while the engine loads.

        Raises EngineUnavailableError.
        """
        self.reader.load()

    def close(self) -> None:
        """Let the engine go, at once, whatever it is at; may be called again."""
        self.reader.close()

    def tidy(self) -> None:
        """Give the memory of large images back that are done with; to be called now and then."""
        if any([self._uploads.was_released(), self._downloads.was_released()]):
            give_back_memory()

    async def answer(
        self, call: Incoming, receive: Receive, effects: Effects, fault: Fault
    ) -> Reply:
        """The reply to a call. The order of the checks stands here and nowhere else.

        In mode `gateway` first what the gateway and the proxy before it refuse; then the path,
        the method, the credentials, the rate, the media type, the body, the image URL, the image.
        Known is that there are these checks; their order is inferred: what costs least first,
        and nothing of a body is read for a caller without credentials.

        A `fault` that is a reply by itself takes the place of all of this.

        Raises DisconnectedError when the caller goes away.
        """
        gateway = self.settings.mode == "gateway"
        if fault.replaces():
            call.reason = f"asked for: {fault!a:.400}"
            return fault.reply(gateway=gateway)
        if gateway and (refusal := _refused_by_gateway(call)):
            return refusal
        try:
            cropping = self._admit(call)
            recognition = await self._recognition(call, cropping, receive, effects)
        except Refused as refused:
            call.reason = refused.reason
            refused.forget()
            if gateway and refused.code == 4131000:
                return gateway_failure(refused.code)
            return failure(refused.code)
        return success(
            recognition,
            cropping=cropping,
            repeated_keys=fault.repeated_keys,
            trailing_commas=fault.trailing_commas,
        )

    def _admit(self, call: Incoming) -> bool:
        """Whether the call is for cropping. Raises Refused for what the headers show."""
        target = Target.of(call.raw_path)
        if target is None:
            raise Refused(404, _NO_PATH)
        if call.method != "POST":
            raise Refused(405, f"the method is {seen(call.method)}, not POST")
        self.credentials.check(target, call)
        if not call.own and not self._pace.admits():
            raise Refused(4000006, f"more than {self.settings.rate_limit} calls a second")
        if call.media_type not in (b"multipart/form-data", b"application/json"):
            raise Refused(
                415,
                f"the Content-Type is {seen(call.content_type)}, "
                "neither multipart/form-data nor application/json",
            )
        return target.cropping

    async def _recognition(
        self, call: Incoming, cropping: bool, receive: Receive, effects: Effects
    ) -> Recognition:
        with self._uploads.share(_held_by(call)) as memory:
            if call.media_type == b"application/json":
                body = ImageUrlJson()
                await self._read(body, call, receive, effects, memory)
                url = check_url(body.finish())
                return await effects.attended(receive, self._fetched(url, call, cropping, effects))
            form = ImageForm(call.content_type)
            await self._read(form, call, receive, effects, memory)
            image = form.finish()
            call.file_name = form.file_name
            end = self._end()
            work = self._recognized(image, call, cropping, end, effects)
            if self.reader.is_instant(image):
                return await work
            return await effects.attended(receive, work)

    async def _fetched(
        self, url: URL, call: Incoming, cropping: bool, effects: Effects
    ) -> Recognition:
        end = self._end()
        with self._downloads.share(MAX_IMAGE) as memory:
            image = await effects.network(partial(self._fetch, url, memory))
            if not image:
                raise Refused(4000504, "the download is empty")  # 4000004 speaks of an upload
            return await self._recognized(image, call, cropping, end, effects)

    async def _fetch(self, url: URL, memory: Share) -> bytes:
        effects = AsyncEffects()  # in the loop that the download has
        hold = partial(memory.grow, effects=effects)
        try:
            return await effects.unless(memory.is_in_the_way, self._fetcher.fetch(url, hold))
        except GivenUpError:
            raise Refused(4000503, f"the download {_SILENT}") from None

    def _end(self) -> float:
        """When the time of a call is up whose request has come, as `monotonic` tells it."""
        return monotonic() + self.settings.read_seconds + _LATER

    async def _read(
        self,
        body: Body[T],
        call: Incoming,
        receive: Receive,
        effects: Effects,
        memory: Share,
    ) -> None:
        """Read a body to its end; waiting for memory takes none of its time.

        Raises DisconnectedError, and Refused: 400, inferred, for what takes too long.
        """
        whole = left = self.settings.upload_seconds

        async def read() -> None:
            while not call.complete and memory.grows_to(call.size):
                body.write(await call.read(receive))

        try:
            while not call.complete:
                await memory.grow(call.size, effects)
                begun = monotonic()
                reading = read()
                if memory.counts:
                    reading = effects.unless(memory.is_in_the_way, reading)
                await effects.within(left, reading)
                left -= monotonic() - begun
        except GivenUpError:
            raise Refused(400, f"the upload {_SILENT}") from None
        except TimeoutError:
            raise Refused(400, f"the upload was not complete within {whole:g} s") from None

    async def _recognized(
        self, image: bytes, call: Incoming, cropping: bool, end: float, effects: Effects
    ) -> Recognition:
        digest = call.take_image(image)
        recognition = await self.reader.read(image, effects, cropping=cropping, end=end)
        call.recognition = recognition
        if not call.own:
            self.bills.add(digest)
        return recognition


def _held_by(call: Incoming) -> int:
    """The bytes that an upload may come to, by what its headers say; small ones do not count."""
    declared = call.declared_size()
    if declared is None:
        return MAX_IMAGE
    return 0 if declared <= _SMALL_UPLOAD else min(declared, MAX_IMAGE)


def _refused_by_gateway(call: Incoming) -> Reply | None:
    """What does not reach the service on the old host (which case is which is inferred)."""
    if _BAD_ESCAPE.search(call.raw_path):
        call.reason = "the path has a % without two hexadecimal digits"
        return gateway_failure(4000003)
    if (call.declared_size() or 0) > _PROXY_LIMIT:
        call.reason = f"the Content-Length is past the proxy's limit, {_PROXY_LIMIT} bytes"
        return html_page(413, "Request Entity Too Large")
    if Target.of(call.raw_path):
        return None
    call.reason = _NO_PATH
    if call.raw_path.startswith((b"/v1.0/", b"/v1.1/")):
        return gateway_failure(4041007)
    return html_page(404, "Not Found")
