from __future__ import annotations

from msgspec import Struct

from ..models.response_header import ResponseHeader


class Envelope(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "header": "header",
    },
):
    """A success has `resultCode` 0 and a `result`.
    A failure has neither. [documented]

        Attributes:
            header (ResponseHeader): Says whether the call succeeded.
    """

    header: ResponseHeader
