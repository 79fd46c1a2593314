"""One call as it comes in, and what the journal tells of it."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote

from ._asgi import Receive, Scope
from ._journal import Call, Kind
from ._paths import api_of, origin_form
from ._shown import Shown
from .recognition import Recognition

__all__ = ["DisconnectedError", "Incoming"]


class DisconnectedError(Exception):
    """The caller went away before the request was complete."""


class Incoming:
    """The request line, the headers, and the body as far as it was read."""

    own = False  # whether it is the emulator's own page that calls

    def __init__(self, scope: Scope) -> None:
        self.method: str = scope["method"]
        # Some test clients leave out raw_path.
        target: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
        # Where an application of the user's own has put this one.
        root = quote(scope.get("root_path", "")).encode()
        if target.startswith(root + b"/"):
            target = target.removeprefix(root)
        # CONNECT asks for a proxy to a host, for no path; after a 2xx there would be no more HTTP.
        self.raw_path = b"" if self.method == "CONNECT" else origin_form(target)
        self.kind: Kind | None = api_of(self.raw_path)
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.content_type = self.headers.get(b"content-type", b"")
        self.media_type = self.content_type.partition(b";")[0].strip().lower()
        self.size = 0
        self.complete = False
        self.file_name: str | None = None
        self.image_size: int | None = None
        self.image_sha256: str | None = None
        self.reason: str | None = None
        self.recognition: Recognition | None = None
        self._digest = sha256()

    def declared_size(self) -> int | None:
        """The Content-Length, if there is one."""
        declared = self.headers.get(b"content-length", b"")
        return int(declared) if declared.isdigit() else None

    async def read(self, receive: Receive) -> bytes:
        """The next bytes of the body; `complete` tells that they were the last.

        Raises DisconnectedError.
        """
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        chunk: bytes = message.get("body", b"")
        self.complete = not message.get("more_body", False)
        self.size += len(chunk)
        self._digest.update(chunk)
        return chunk

    def take_image(self, image: bytes) -> str:
        """Note the image that the call is about; return its SHA-256 in hexadecimal digits."""
        self.image_size = len(image)
        self.image_sha256 = sha256(image).hexdigest()
        return self.image_sha256

    def told(self, status: int | None, result_code: int | None, shown: Shown) -> Call:
        """The journal's entry, without keys and bodies."""
        return Call(
            kind=self.kind or "recognition",
            method=self.method,
            path=shown.path(self.raw_path),
            media_type=shown.text(self.media_type.decode("latin-1")),
            size=self.size,
            sha256=self._digest.hexdigest(),
            image_size=self.image_size,
            image_sha256=self.image_sha256,
            file_name=self.file_name,
            status=status,
            result_code=result_code,
            billed=self.recognition is not None,
            reason=shown.reason(self.reason),
        )
