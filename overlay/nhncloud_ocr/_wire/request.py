"""What is sent, as the generated client builds it."""

import os
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple, TypeAlias

import httpx
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
from .._http.content import Content
from .._http.outgoing import Headers, Prepared

Builder: TypeAlias = Callable[..., dict[str, Any]]

_RECOGNIZE: tuple[Builder, ...] = (
    recognize_general._get_kwargs,
    recognize_general_v11._get_kwargs,
)
_RECOGNIZE_CROPPING: tuple[Builder, ...] = (
    recognize_general_cropping._get_kwargs,
    recognize_general_cropping_v11._get_kwargs,
)
_IMAGE = b"\0the image\0"  # stands for it while its form is built


class _Form(NamedTuple):
    """A request with an image, as httpx encodes it, and where in it the image belongs."""

    method: str
    path: str
    headers: Headers
    boundary: bytes
    before: bytes
    after: bytes

    def around(self, image: bytes) -> Prepared:
        """Return the request with this image, and a boundary of its own, as httpx draws one."""
        boundary = os.urandom(len(self.boundary) // 2).hex().encode()
        content = Content(
            image,
            self.before.replace(self.boundary, boundary),
            self.after.replace(self.boundary, boundary),
        )
        headers = {
            name: (spelt, value.replace(self.boundary, boundary))
            for name, (spelt, value) in self.headers.items()
        }
        headers[b"content-length"] = (b"Content-Length", b"%d" % len(content))
        return Prepared(self.method, self.path, headers, content)


def request(source: bytes | str, cropping: bool, version: str) -> Prepared:
    """Return the request for an image or an image's URL, with HIDDEN_APP_KEY in its path.

    version: of the API, as the path begins with it. Raises ConfigurationError for an unknown one.
    """
    build = (_cropping if cropping else _plain).get(version)
    if build is None:
        known = ", ".join(_plain)
        raise ConfigurationError(f"credentials of an unknown version of the API: it has {known}")
    if isinstance(source, str):
        path, encoded = _encoded(build, ImageUrlRequest(image_url=source))
        content = httpx.ByteStream(encoded.content)
        return Prepared(encoded.method, path, _headers(encoded), content)
    return _form(build, *_sniff.kind(source)).around(source)


@lru_cache
def _form(build: Builder, name: str, media_type: str) -> _Form:
    """Build it once: with it httpx takes longer than with all the rest of a short call."""
    path, encoded = _encoded(build, ImageFileRequest(image=File(BytesIO(_IMAGE), name, media_type)))
    before, _, after = encoded.read().partition(_IMAGE)
    boundary = encoded.headers["Content-Type"].partition("boundary=")[2].encode()
    return _Form(encoded.method, path, _headers(encoded), boundary, before, after)


def _encoded(build: Builder, body: ImageFileRequest | ImageUrlRequest) -> tuple[str, httpx.Request]:
    """Return the path, and a request to no host that has all the rest."""
    arguments = build(HIDDEN_APP_KEY, body=body)
    return arguments["url"], httpx.Request(**arguments)


def _headers(encoded: httpx.Request) -> Headers:
    return {spelt.lower(): (spelt, value) for spelt, value in encoded.headers.raw}


def _by_version(builders: tuple[Builder, ...]) -> dict[str, Builder]:
    """Return the builders under the version that the path of each begins with."""
    body = ImageUrlRequest(image_url="")
    return {build(HIDDEN_APP_KEY, body=body)["url"].split("/")[1]: build for build in builders}


_plain = _by_version(_RECOGNIZE)
_cropping = _by_version(_RECOGNIZE_CROPPING)
