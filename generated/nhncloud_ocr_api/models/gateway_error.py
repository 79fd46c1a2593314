from __future__ import annotations

from msgspec import Struct

from ..models.response_header import ResponseHeader


class GatewayError(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "header": "header",
    },
):
    """A failure of the gateway, in the shape of the service's failures. [documented]

    Attributes:
        header (ResponseHeader): Says whether the call succeeded.
    """

    header: ResponseHeader
