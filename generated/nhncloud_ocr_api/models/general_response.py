from __future__ import annotations

from msgspec import Struct

from ..models.general_result import GeneralResult
from ..models.response_header import ResponseHeader
from ..types import UNSET, Unset


class GeneralResponse(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "header": "header",
        "result": "result",
    },
):
    """The reply to `recognizeGeneral`.

    Attributes:
        header (ResponseHeader): Says whether the call succeeded.
        result (GeneralResult | Unset): What was recognised.
            More fields than these may come, such as `resolution` of an earlier edition. [documented]
    """

    header: ResponseHeader
    result: GeneralResult | Unset = UNSET
