"""The programs of the docs run against stored replies, on a real socket of 127.0.0.1."""

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from toolkit.pages import DATA, IMAGES, stored_tall

TALL = "s30_tall_chat_720x5400"
SAMPLES = {
    "receipt.png": "s08_mixed_receipt.png",
    "second.png": "s04_en_doc_serif28.png",
    "screenshot.png": f"{TALL}.png",
}


def reply_to(body: bytes) -> bytes:
    """The stored reply for the image that is somewhere in the request."""
    if (IMAGES / "ours" / SAMPLES["receipt.png"]).read_bytes() in body:
        return (DATA / "replies" / "receipt.json").read_bytes()
    if (IMAGES / "ours" / SAMPLES["second.png"]).read_bytes() in body:
        return (DATA / "replies" / "english.json").read_bytes()
    if (IMAGES / "ours" / SAMPLES["screenshot.png"]).read_bytes() in body:
        return json.dumps(stored_tall(TALL)["reply"]).encode()
    raise LookupError("no reply is stored for this image")


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        reply = reply_to(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def workplace(service, tmp_path, monkeypatch):
    """A folder with the images that the docs name, and keys in the environment."""
    for name, sample in SAMPLES.items():
        shutil.copy(IMAGES / "ours" / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", "an-app-key-of-16")
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", "a-secret-key")
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", service)
    return tmp_path
