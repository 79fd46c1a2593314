"""The command's fixtures: a service with canned answers, and one way to run the command.

No key or URL of the machine's own environment gets into a test.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from nhncloud_ocr_toolkit.cli import main
from unit.conftest import bare_environment  # noqa: F401 (a fixture)
from unit.support import KEYS, PNG, success, word

KOREAN = "영수증 No. 17"


class Stub(ThreadingHTTPServer):
    """The service on a loopback port, with canned answers."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies, self.received = [], []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))
        replies = self.server.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def stub():
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def service(stub, monkeypatch):
    stub.received.clear()
    stub.replies[:] = [success(texts=[{"inferTexts": [word(KOREAN)]}])]
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", KEYS["app_key"])
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", KEYS["secret_key"])
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", stub.url)
    return stub


@pytest.fixture
def run(capsys):
    """Run the command; return exit code, standard output and standard error."""

    def run(*arguments):
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as exit_:  # argparse's way
            code = exit_.code
        out, err = capsys.readouterr()
        assert not [key for key in KEYS.values() if key in out + err]
        assert "Traceback" not in err
        return code, out, err

    return run


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "receipt.png"
    path.write_bytes(PNG)
    return path
