from __future__ import annotations

from msgspec import Struct

from ..models.cropping_result import CroppingResult
from ..models.response_header import ResponseHeader
from ..types import UNSET, Unset


class CroppingResponse(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "header": "header",
        "result": "result",
    },
):
    """The reply to `recognizeGeneralCropping`.

    Attributes:
        header (ResponseHeader): Says whether the call succeeded.
        result (CroppingResult | Unset): What was recognised in all slices of the image.
    """

    header: ResponseHeader
    result: CroppingResult | Unset = UNSET
