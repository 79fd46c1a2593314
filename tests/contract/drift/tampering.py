"""What a drift is made of: a change between suite and server, in the request or the reply."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from nhncloud_ocr_emulator._settings import Mode

from contract.drivers.caller import Target
from contract.drivers.rows.pictures import load

Value = dict[str, Any]


@dataclass
class Reply:
    """A reply on its way back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def value(self) -> Value | None:
        """The body as JSON, if it is an object with a header."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) and "header" in value else None

    @property
    def code(self) -> int | None:
        """The result code, if any."""
        return self.value["header"].get("resultCode") if self.value else None

    def write(self, value: object) -> Reply:
        """The same reply with another JSON body."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return Reply(self.status, self.headers, body)


@dataclass
class Call:
    """A request on its way, and how to pass one on."""

    request: httpx.Request
    body: bytes
    target: Target
    forward: Callable[[httpx.Request], Reply]

    @property
    def image_url(self) -> str:
        """The image's URL, if the body is JSON with one."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return ""
        url = value.get("imageUrl") if isinstance(value, dict) else None
        return url if isinstance(url, str) else ""

    @property
    def port(self) -> str | None:
        """The port written in the image URL, if there is one."""
        match = re.match(r"https?://(?:[^/@]*@)?[a-z0-9.]+:([0-9]+)/", self.image_url)
        return match[1] if match else None

    @property
    def app_key(self) -> str:
        """The app key in the path."""
        parts = self.request.url.path.split("/")
        return parts[3] if len(parts) > 3 else ""

    @property
    def file_name(self) -> str:
        """The name of the uploaded file."""
        match = re.search(rb'filename="([^"]*)"', self.body[:1000])
        return match[1].decode("utf-8", "replace") if match else ""

    @property
    def way(self) -> str:
        """The code path of the call: its operation, and whether it sends a file or a URL."""
        role = "cropping" if self.request.url.path.endswith("cropping") else "general"
        by_url = self.request.headers.get("content-type", "").lower().startswith("application/json")
        return f"{role} {'by URL' if by_url else 'by file'}"

    @property
    def image(self) -> bytes:
        """The uploaded bytes, roughly: what follows the part's head."""
        return self.body.partition(b"\r\n\r\n")[2]

    def passed(self, **changes: Any) -> Reply:
        """Pass the request on, with another `path`, `body` or `key` if given."""
        headers = dict(self.request.headers)
        headers.pop("content-length", None)
        if "key" in changes:
            headers["authorization"] = changes["key"]
        url = self.request.url.copy_with(raw_path=changes.get("path", self.request.url.raw_path))
        body = changes.get("body", self.body)
        return self.forward(httpx.Request(self.request.method, url, headers=headers, content=body))

    def good(self) -> Reply:
        """What the server would answer to a good image, whatever was sent."""
        name = b"cropping" if b"cropping" in self.request.url.raw_path else b"general"
        path = b"/v1.0/appkeys/" + self.target.app_key.encode()
        path += b"/general/cropping" if name == b"cropping" else b"/general"
        head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="image.png"\r\n\r\n'
        content = head + load("kitchen.png") + b"\r\n--b--\r\n"
        headers = {
            "Authorization": self.target.secret_key,
            "Content-Type": "multipart/form-data; boundary=b",
        }
        url = self.request.url.copy_with(raw_path=path)
        return self.forward(httpx.Request("POST", url, headers=headers, content=content))


Act = Callable[[Call], Reply]


@dataclass(frozen=True)
class Drift:
    """A change of behaviour, and which documented facts it breaks.

    `way` is the one code path that it is on, if it is on one alone. `unseen` is the reason for
    which it need not be noticed.
    """

    name: str
    act: Act
    breaks: tuple[str, ...] = ()
    mode: Mode = "app"  # of the emulator behind it
    way: str = ""
    unseen: str = ""


@dataclass
class Tampered(httpx.BaseTransport):
    """A server that has drifted."""

    target: Target
    drift: Drift
    calls: int = field(default=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the drifted server would."""
        self.calls += 1
        reply = self.drift.act(Call(request, request.read(), self.target, self._forward))
        return httpx.Response(reply.status, headers=reply.headers, content=reply.body)

    def _forward(self, request: httpx.Request) -> Reply:
        assert self.target.transport is not None
        response = self.target.transport.handle_request(request)
        headers = {k: v for k, v in response.headers.items() if k.lower() != "content-length"}
        return Reply(response.status_code, headers, response.read())


WAYS = ("general by file", "general by URL", "cropping by file", "cropping by URL")
EVERYWHERE = "every call"


def only(way: str, act: Act) -> Act:
    """The act in one code path, and none in the others; in all of them if it is `EVERYWHERE`."""
    return lambda call: act(call) if way in (call.way, EVERYWHERE) else call.passed()


def on_success(edit: Callable[[Value], object]) -> Act:
    """Edit the value of each success in place."""

    def act(call: Call) -> Reply:
        reply = call.passed()
        value = reply.value
        if value is None or "result" not in value:
            return reply
        edit(value)
        return reply.write(value)

    return act


def on_failure(edit: Callable[[Value], object], code: int | None = None) -> Act:
    """Edit the value of each failure in place; of those with `code` if given."""

    def act(call: Call) -> Reply:
        reply = call.passed()
        value = reply.value
        if value is None or "result" in value or code not in (None, reply.code):
            return reply
        edit(value)
        return reply.write(value)

    return act


def on_reply(change: Callable[[Reply], Reply]) -> Act:
    """Change each reply as a whole."""
    return lambda call: change(call.passed())


def on_body(change: Callable[[bytes], bytes]) -> Act:
    """Change the bytes of each body."""
    return on_reply(lambda reply: Reply(reply.status, reply.headers, change(reply.body)))


def accept(when: Callable[[Call, Reply], object]) -> Act:
    """Answer like a success where `when` says so."""

    def act(call: Call) -> Reply:
        reply = call.passed()
        return call.good() if when(call, reply) else reply

    return act


def refuse(code: int, when: Callable[[Call, Reply], object]) -> Act:
    """Answer with a failure where `when` says so."""

    def act(call: Call) -> Reply:
        reply = call.passed()
        if not when(call, reply):
            return reply
        header = {"isSuccessful": False, "resultCode": code, "resultMessage": "No."}
        return Reply(200, {"content-type": "application/json"}, b"").write({"header": header})

    return act


def words(value: Value) -> Iterator[dict[str, Any]]:
    """The words of a success."""
    for line in value["result"]["listOfInferTexts"]:
        yield from line["inferTexts"]


def boxes(value: Value) -> Iterator[dict[str, Any]]:
    """The boxes of a success."""
    for line in value["result"]["listOfBoundingBoxes"]:
        yield from line["boundingBoxes"]
