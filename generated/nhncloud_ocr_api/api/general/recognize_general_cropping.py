from typing import Any
from urllib.parse import quote

from ...models.cropping_response import CroppingResponse
from ...models.gateway_error import GatewayError
from ...models.image_file_request import ImageFileRequest
from ...models.image_url_request import ImageUrlRequest


def _get_kwargs(
    app_key: str,
    *,
    body: ImageFileRequest | ImageUrlRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1.0/appkeys/{app_key}/general/cropping".format(
            app_key=quote(str(app_key), safe=""),
        ),
    }

    if isinstance(body, ImageFileRequest):
        _kwargs["files"] = body.to_multipart()

    if isinstance(body, ImageUrlRequest):
        _kwargs["json"] = body.to_dict()

        headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


Reply = CroppingResponse
Refusal = GatewayError
