"""The servers that `emulator_report.py` compares, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import loopback_load

BOUNDARY = "0123456789abcdef0123456789abcdef"

# The same answers by the shortest program that Starlette can be asked for. It is also the host of
# the image that both servers download, at a port that image URLs may have.
BARE = """
import base64, json, socket, sys
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

answers = json.loads(sys.stdin.readline())
hosted = base64.b64decode(sys.stdin.readline())

async def image(request):
    return Response(hosted, media_type="image/png")

async def general(request):
    if request.headers["content-type"] == "application/json":
        url = (await request.json())["imageUrl"]
        async with httpx.AsyncClient(verify=False) as client:  # each caller's URL is another host's
            (await client.get(url)).raise_for_status()
        return JSONResponse(answers["JSON"])
    async with request.form() as form:
        await form["image"].read()
    return JSONResponse(answers["upload"])

app = Starlette(
    routes=[
        Route("/v1.0/appkeys/{app_key}/general", general, methods=["POST"]),
        Route("/image.png", image),
    ]
)
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
for port in range(10000, 12001):
    try:
        listener.bind(("127.0.0.1", port))
        break
    except OSError:
        continue
listener.listen()
print(listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])
"""


class Served(NamedTuple):
    """An emulator in a process of its own."""

    process: subprocess.Popen[str]
    base_url: str
    app_key: str
    secret_key: str

    @property
    def port(self) -> int:
        return int(self.base_url.rpartition(":")[2])

    @property
    def path(self) -> str:
        return f"/v1.0/appkeys/{self.app_key}/general"

    def upload(self, image: bytes) -> bytes:
        """The request that uploads an image."""
        head = (
            f"--{BOUNDARY}\r\n"
            'Content-Disposition: form-data; name="image"; filename="image.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        body = head.encode() + image + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self._request(f"multipart/form-data; boundary={BOUNDARY}", body)

    def json(self, body: bytes) -> bytes:
        """The request with a JSON body."""
        return self._request("application/json", body)

    def _request(self, content_type: str, body: bytes) -> bytes:
        headers = {"Authorization": self.secret_key, "Content-Type": content_type}
        return loopback_load.request(self.path, headers, body)


@contextmanager
def serve(engine: str, *options: str) -> Iterator[Served]:
    """Run the emulator's command, with more options if need be, while needed."""
    program = "from nhncloud_ocr_emulator._cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", program, "--engine", engine, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline().rstrip("\n").partition(": ")[2] for _ in range(3)]
        try:
            yield Served(process, *said)
        finally:
            process.terminate()


@contextmanager
def bare(answers: dict[str, object] | None = None, hosted: bytes = b"") -> Iterator[int]:
    """Run the bare route, and `/image.png`, while needed; yields its port."""
    with subprocess.Popen(
        [sys.executable, "-c", BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(answers) + "\n" + b64encode(hosted).decode() + "\n")
        process.stdin.flush()
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
