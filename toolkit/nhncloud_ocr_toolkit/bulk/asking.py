"""One call with one attempt, and what it comes to."""

from __future__ import annotations

from dataclasses import replace

from nhncloud_ocr import AspectRatioWarning, AsyncOcrClient, OcrError

from . import rows
from .calls import Ending
from .reading import Image
from .states import FAILED, Store
from .verdicts import Verdict, verdict


async def ask(client: AsyncOcrClient, image: Image, store: Store) -> Verdict:
    """Make the call; return its end. store: what is kept of a reply."""
    recognize = client.recognize_cropping if image.cropping else client.recognize
    try:
        if image.data is None:
            page = await recognize(image_url=image.found.where)
        else:
            page = await recognize(image.data)
    except OcrError as exc:
        found = verdict(exc)
        ending = replace(found.ending, error=rows.safe(found.ending.error or ""))
        return replace(found, ending=ending)
    except AspectRatioWarning as exc:  # raised where warnings are errors: nothing was sent
        return Verdict(Ending(FAILED, str(exc), refund=True), None)
    return Verdict(rows.kept(page, store), "answered")
