"""What is sent, as the generated client builds it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeAlias

from nhncloud_ocr_api.api.general import (
    recognize_general,
    recognize_general_cropping,
    recognize_general_cropping_v11,
    recognize_general_v11,
)
from nhncloud_ocr_api.models import ImageFileRequest, ImageUrlRequest
from nhncloud_ocr_api.types import File

from .. import _sniff
from .._auth.access import HIDDEN_APP_KEY
from .._errors import ConfigurationError

Builder: TypeAlias = Callable[..., dict[str, Any]]

_RECOGNIZE: tuple[Builder, ...] = (
    recognize_general._get_kwargs,
    recognize_general_v11._get_kwargs,
)
_RECOGNIZE_CROPPING: tuple[Builder, ...] = (
    recognize_general_cropping._get_kwargs,
    recognize_general_cropping_v11._get_kwargs,
)


def request(source: bytes | str, cropping: bool, version: str) -> dict[str, Any]:
    """Return the arguments of `httpx.Request` for an image or an image's URL.

    The URL is a path with HIDDEN_APP_KEY in it. version: of the API, as the path begins with it.
    """
    body: ImageFileRequest | ImageUrlRequest
    if isinstance(source, str):
        body = ImageUrlRequest(image_url=source)
    else:
        body = ImageFileRequest(image=File(BytesIO(source), *_sniff.kind(source)))
    build = (_cropping if cropping else _plain).get(version)
    if build is None:
        known = ", ".join(_plain)
        raise ConfigurationError(f"credentials of an unknown version of the API: it has {known}")
    return build(HIDDEN_APP_KEY, body=body)


def _by_version(builders: tuple[Builder, ...]) -> dict[str, Builder]:
    """Return the builders under the version that the path of each begins with."""
    body = ImageUrlRequest(image_url="")
    return {build(HIDDEN_APP_KEY, body=body)["url"].split("/")[1]: build for build in builders}


_plain = _by_version(_RECOGNIZE)
_cropping = _by_version(_RECOGNIZE_CROPPING)
