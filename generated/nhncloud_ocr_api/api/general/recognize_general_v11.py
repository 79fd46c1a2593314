from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.gateway_error import GatewayError
from ...models.general_response import GeneralResponse
from ...models.image_file_request import ImageFileRequest
from ...models.image_url_request import ImageUrlRequest
from ...types import Response


def _get_kwargs(
    app_key: str,
    *,
    body: ImageFileRequest | ImageUrlRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1.1/appkeys/{app_key}/general".format(
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


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> GatewayError | GeneralResponse | None:
    if response.status_code == 200:
        response_200 = GeneralResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = GatewayError.from_dict(response.json())

        return response_400

    if response.status_code == 403:
        response_403 = GatewayError.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = GatewayError.from_dict(response.json())

        return response_404

    if response.status_code == 413:
        response_413 = GatewayError.from_dict(response.json())

        return response_413

    if response.status_code == 429:
        response_429 = GatewayError.from_dict(response.json())

        return response_429

    if response.status_code == 502:
        response_502 = GatewayError.from_dict(response.json())

        return response_502

    if response.status_code == 503:
        response_503 = GatewayError.from_dict(response.json())

        return response_503

    if response.status_code == 504:
        response_504 = GatewayError.from_dict(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[GatewayError | GeneralResponse]:
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    app_key: str,
    *,
    client: AuthenticatedClient,
    body: ImageFileRequest | ImageUrlRequest,
) -> Response[GatewayError | GeneralResponse]:
    """Recognise the text of an image

     General OCR: one image, as a file or as a URL.
    Korean and English are recognised. [documented]
    Past a side ratio of 1:2.5, either way, the quality falls: segmentation serves such an image better.
    [documented]
    The server gives a call 60 s, so a reader must wait longer; a dense page takes about 19 s, a plain
    one about 1 s. [reported]
    A call is billed when recognition succeeds, even if its reply is never received. [reported]

    Args:
        app_key (str):
        body (ImageFileRequest): An image sent along.
        body (ImageUrlRequest): An image that the service downloads.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayError | GeneralResponse]
    """

    kwargs = _get_kwargs(
        app_key=app_key,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    app_key: str,
    *,
    client: AuthenticatedClient,
    body: ImageFileRequest | ImageUrlRequest,
) -> GatewayError | GeneralResponse | None:
    """Recognise the text of an image

     General OCR: one image, as a file or as a URL.
    Korean and English are recognised. [documented]
    Past a side ratio of 1:2.5, either way, the quality falls: segmentation serves such an image better.
    [documented]
    The server gives a call 60 s, so a reader must wait longer; a dense page takes about 19 s, a plain
    one about 1 s. [reported]
    A call is billed when recognition succeeds, even if its reply is never received. [reported]

    Args:
        app_key (str):
        body (ImageFileRequest): An image sent along.
        body (ImageUrlRequest): An image that the service downloads.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayError | GeneralResponse
    """

    return sync_detailed(
        app_key=app_key,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    app_key: str,
    *,
    client: AuthenticatedClient,
    body: ImageFileRequest | ImageUrlRequest,
) -> Response[GatewayError | GeneralResponse]:
    """Recognise the text of an image

     General OCR: one image, as a file or as a URL.
    Korean and English are recognised. [documented]
    Past a side ratio of 1:2.5, either way, the quality falls: segmentation serves such an image better.
    [documented]
    The server gives a call 60 s, so a reader must wait longer; a dense page takes about 19 s, a plain
    one about 1 s. [reported]
    A call is billed when recognition succeeds, even if its reply is never received. [reported]

    Args:
        app_key (str):
        body (ImageFileRequest): An image sent along.
        body (ImageUrlRequest): An image that the service downloads.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[GatewayError | GeneralResponse]
    """

    kwargs = _get_kwargs(
        app_key=app_key,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    app_key: str,
    *,
    client: AuthenticatedClient,
    body: ImageFileRequest | ImageUrlRequest,
) -> GatewayError | GeneralResponse | None:
    """Recognise the text of an image

     General OCR: one image, as a file or as a URL.
    Korean and English are recognised. [documented]
    Past a side ratio of 1:2.5, either way, the quality falls: segmentation serves such an image better.
    [documented]
    The server gives a call 60 s, so a reader must wait longer; a dense page takes about 19 s, a plain
    one about 1 s. [reported]
    A call is billed when recognition succeeds, even if its reply is never received. [reported]

    Args:
        app_key (str):
        body (ImageFileRequest): An image sent along.
        body (ImageUrlRequest): An image that the service downloads.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        GatewayError | GeneralResponse
    """

    return (
        await asyncio_detailed(
            app_key=app_key,
            client=client,
            body=body,
        )
    ).parsed
