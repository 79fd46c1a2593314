"""What a reply says, as facts: nothing here makes an error, so no frame of one holds a body."""

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import httpx
from nhncloud_ocr_api.models import CroppingResult

from .._auth.redaction import Redactor
from .._results import Line, Quad
from . import fast, lossless, pairing, places
from .shapes import Parsed, Result, Undocumented

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
    content_type: str = ""
    retry_after: str | None = None
    code: int | None = None
    message: str = ""
    problem: str = ""
    page: Page | None = None

    def masked(self, redactor: Redactor) -> "Reading":
        """Return the same facts without the secrets, which the other side may have echoed."""
        after = self.retry_after
        return replace(
            self,
            body=redactor.body(self.body),
            content_type=redactor.text(self.content_type),
            retry_after=None if after is None else redactor.text(after),
            message=redactor.text(self.message),
            problem=redactor.text(self.problem),
        )


def read(reply: httpx.Response, cropping: bool) -> Reading:
    """Return what the reply says. Raises nothing for any body."""
    status = reply.status_code
    body = reply.content
    try:
        parsed = fast.read(body, cropping) if status == 200 else None
        if parsed is None:
            parsed = lossless.read(body, cropping)
    except (Undocumented, RecursionError) as exc:
        if status < 400:
            return _undocumented(reply, str(exc))
        return _refusal(reply, None)
    if 300 <= status < 400:
        return _undocumented(reply, "a redirect, which is never followed")
    result = parsed.result
    if result is None or status >= 400:
        return _refusal(reply, parsed)
    return Reading("page", status, body, page=_page(parsed, result))


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


def _undocumented(reply: httpx.Response, problem: str) -> Reading:
    return Reading(
        "undocumented",
        reply.status_code,
        reply.content,
        content_type=reply.headers.get("Content-Type", ""),
        problem=problem,
    )


def _refusal(reply: httpx.Response, parsed: Parsed | None) -> Reading:
    return Reading(
        "refusal",
        reply.status_code,
        reply.content,
        retry_after=reply.headers.get("Retry-After"),
        code=parsed.header.result_code if parsed else None,
        message=parsed.header.result_message if parsed else "",
    )
