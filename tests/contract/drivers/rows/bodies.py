"""The bodies that rows send, and how each becomes bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol
from urllib.parse import quote

from contract.drivers.rows import pictures
from contract.judge.exchange import JSON, MULTIPART, Picture

BOUNDARY = "contract-suite-boundary-7d1f4c"
# Ports that are only known at run time, all of them allowed ones.
ANY, NOBODY, TLS = -1, -2, -3  # where images are served; where nobody listens; where it is https


class Hosting(Protocol):
    """Where image URLs lead: an image host of ours, or a name that nobody serves for us."""

    name: str
    token: str  # begins the path of each image: what others fetch is none of ours
    any_port: int
    closed_port: int
    tls_port: int


_KINDS = {"png": "png", "jpg": "jpg", "jpeg": "jpg"}


@dataclass(frozen=True)
class Upload:
    """An image in a multipart body. `image` names a file of the test images, `size` pads it."""

    image: str
    name: str = ""  # file name; by default image.png or image.jpg, as its bytes say
    field: str = "image"
    size: int = 0  # bytes
    glanced: bool = False  # what is read of it is not judged
    content_type: str = f"{MULTIPART}; boundary={BOUNDARY}"

    media_type = MULTIPART

    @property
    def data(self) -> bytes:
        """The image's bytes."""
        return pictures.padded(self.image, self.size) if self.size else pictures.load(self.image)

    @property
    def picture(self) -> Picture | None:
        """What the judge needs to know of the image."""
        known = pictures.facts(self.image)
        kind = _KINDS.get(self.file_name.rpartition(".")[2].lower())
        seen = known and replace(known, misnamed=known.kind != kind)
        return replace(seen, words=(), full=False) if seen and self.glanced else seen

    @property
    def value(self) -> dict[str, str]:
        """The form as the description sees it: a field that holds bytes."""
        return {self.field: "bytes"}

    @property
    def file_name(self) -> str:
        """The name in the part's header."""
        known = pictures.facts(self.image)
        return self.name or f"image.{known.kind if known else 'png'}"

    def content(self) -> bytes:
        """The multipart body."""
        kind = "image/png" if self.file_name.lower().endswith("png") else "image/jpeg"
        head = (
            f"--{BOUNDARY}\r\n"
            f'Content-Disposition: form-data; name="{self.field}"; filename="{self.file_name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        return head.encode() + self.data + f"\r\n--{BOUNDARY}--\r\n".encode()


@dataclass(frozen=True)
class At:
    """An image by URL, at a port of the image host. `port` None writes none into the URL.

    `template` may hold `{origin}`, the host and port, `{port}` alone, and `{path}`.
    """

    port: int | None
    path: str = "tag.png"
    template: str = "http://{origin}/{path}"
    content_type: str = JSON
    glanced: bool = False  # what is read of it is not judged

    media_type = JSON

    def url(self, hosting: Hosting) -> str:
        """The image's URL on an image host."""
        at_run_time = {ANY: hosting.any_port, NOBODY: hosting.closed_port, TLS: hosting.tls_port}
        port = at_run_time.get(self.port or 0, self.port)
        origin = hosting.name if port is None else f"{hosting.name}:{port}"
        path = quote(f"{hosting.token}/{self.path}", safe="/@")
        return self.template.format(origin=origin, path=path, port=port)

    value: ClassVar[dict[str, str]] = {"imageUrl": "http://127.0.0.1/"}  # some URL that fits

    @property
    def image(self) -> str:
        """The image that is there, without what pads it."""
        return self.path.split("-", 2)[2] if self.path.startswith("padded-") else self.path

    @property
    def picture(self) -> Picture | None:
        """What the judge needs to know of the image, if there is one."""
        try:
            known = pictures.facts(self.image)
        except ValueError:
            return None
        kind = _KINDS.get(self.image.rpartition(".")[2].lower())
        seen = known and replace(known, misnamed=kind not in (None, known.kind))
        return replace(seen, words=(), full=False) if seen and self.glanced else seen

    def content(self, hosting: Hosting) -> bytes:
        """The JSON body."""
        return json.dumps({"imageUrl": self.url(hosting)}, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Raw:
    """Any bytes under any content type; an empty content type sends none."""

    content_type: str
    data: bytes = b""
    value: Any = None

    @property
    def media_type(self) -> str:
        """Without parameters."""
        return self.content_type.partition(";")[0].strip().lower()

    def content(self) -> bytes:
        """The bytes as they are."""
        return self.data


def json_of(value: object) -> Raw:
    """A JSON body of a value."""
    return Raw(JSON, json.dumps(value).encode(), value)


def form_field(name: str, value: bytes) -> Raw:
    """A multipart body with one text field, which is no file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
    body = head + value + f"\r\n--{BOUNDARY}--\r\n".encode()
    return Raw(Upload.content_type, body, {name: "text"})


Body = Upload | At | Raw
