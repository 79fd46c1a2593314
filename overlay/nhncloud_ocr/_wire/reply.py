"""What a reply says, as facts: nothing here makes an error, so no frame of one holds a body."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from nhncloud_ocr_api.models import CroppingResult

from .._auth.redaction import Redactor
from .._http.arrived import Arrived
from .._results import Line, Quad
from . import fast, lossless, pairing, places
from .shapes import Parsed, Result, Undocumented

_LONG = 256 * 1024  # bytes: some 2,000 words, 3 ms, or 50 ms of the worst that JSON can be

Outcome: TypeAlias = Literal["page", "refusal", "undocumented"]


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """What was read in the image. more: fields of the result that are carried by their names."""

    lines: tuple[Line, ...]
    boxes: tuple[tuple[Quad, ...], ...]
    file_type: str
    slices: int | None
    extra: dict[str, Any]
    more: dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """The facts of one reply.

    page: of a success. problem: why it is not the documented envelope. code, message: of its
    header, None and "" where it has no readable one. retry_after, content_type: headers as sent.
    """

    outcome: Outcome
    status: int
    body: bytes
    cropping: bool
    content_type: str = ""
    retry_after: str | None = None
    code: int | None = None
    message: str = ""
    problem: str = ""
    page: Page | None = None

    def masked(self, redactor: Redactor) -> "Reading":
        """Return the same facts without the secrets, which the other side may have echoed."""
        if self.page is not None:
            return self._page_masked(redactor)
        after = self.retry_after
        return replace(
            self,
            body=redactor.body(self.body),
            content_type=redactor.text(self.content_type),
            retry_after=None if after is None else redactor.text(after),
            message=redactor.text(self.message),
            problem=redactor.text(self.problem),
        )

    def _page_masked(self, redactor: Redactor) -> "Reading":
        """Read a success once more without the echo, if there is one; `body` stays as it came."""
        masked = redactor.body(self.body)
        if self.page is None or masked == self.body:
            return self
        again = _read(self.status, masked, {}, cropping=self.cropping)
        page = again.page or replace(self.page, extra={})  # a key spelt like a documented one
        return replace(self, page=page, body=Echo(self.body, masked))


class Echo(bytes):
    """Bytes that show a secret. What is made of them, in a pickle or a copy, does not."""

    def __new__(cls, shown: bytes, masked: bytes) -> "Echo":
        echo = super().__new__(cls, shown)
        echo._masked = masked
        return echo

    _masked: bytes

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        return bytes, (self._masked,)


def read(reply: Arrived, cropping: bool) -> Reading:
    """Return what the reply says. Raises nothing for any body."""
    return _read(reply.status_code, reply.content, reply.headers, cropping=cropping)


def read_stored(body: bytes) -> Reading:
    """Return what a reply says of which the body alone is left, of whatever operation."""
    return _read(200, body, {}, cropping=True)


def takes_long(reply: Arrived) -> bool:
    """Return whether reading may take so long that an event loop should not do it."""
    return len(reply.content) > _LONG


def _read(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    *,
    cropping: bool,
) -> Reading:
    problem = ""
    parsed: Parsed | None = None
    try:
        parsed = fast.read(body, cropping) if status == 200 else None
        if parsed is None:
            parsed = lossless.read(body, cropping)
    except (Undocumented, RecursionError) as exc:
        problem = str(exc) if status < 400 else ""
    if 300 <= status < 400:
        problem = problem or "a redirect, which is never followed"
    elif parsed is not None and parsed.result is not None and status < 400:
        page = _page(parsed, parsed.result)
        return Reading("page", status, body, cropping=cropping, page=page)
    return Reading(
        "undocumented" if problem else "refusal",
        status,
        body,
        cropping=cropping,
        content_type=headers.get("Content-Type", ""),
        retry_after=headers.get("Retry-After"),
        code=None if parsed is None else parsed.header.result_code,
        message="" if parsed is None else parsed.header.result_message,
        problem=problem,
    )


def _page(parsed: Parsed, result: Result) -> Page:
    boxes = pairing.quads(result.list_of_bounding_boxes)
    return Page(
        lines=tuple(pairing.lines(result.list_of_infer_texts, boxes, parsed)),
        boxes=boxes,
        file_type=result.file_type,
        slices=result.slices_images if isinstance(result, CroppingResult) else None,
        extra=parsed.extra,
        more=places.values(places.carried_by_result(type(result)), result),
    )
