"""A store that speaks as much of S3 as a ledger needs; like some older ones it may overwrite."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree


@contextmanager
def serving(*, conditional):
    """Serve a store on 127.0.0.1; give its objects and what `Ledger` must be told to reach it.

    conditional: whether `If-None-Match: *` is heeded.
    """
    objects = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(objects, conditional))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield (
            objects,
            {
                "endpoint": f"http://127.0.0.1:{server.server_port}",
                "client_options": {"allow_http": True},
                "region": "us-east-1",
                "access_key_id": "AKIAEXAMPLE",
                "secret_access_key": "example",
            },
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def handler(objects, conditional):
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self):
            data = self.body()
            with lock:
                if conditional and self.name in objects and self.headers.get("If-None-Match"):
                    self.answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
                    return
                objects[self.name] = data, datetime.now(UTC)
            self.answer(200, ETag='"etag"')

        def do_GET(self):
            if self.name not in objects:
                self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
                return
            data, written = objects[self.name]
            modified = written.strftime("%a, %d %b %Y %H:%M:%S GMT")
            self.answer(200, data, **{"ETag": '"etag"', "Last-Modified": modified})

        def do_HEAD(self):
            self.do_GET()

        def do_DELETE(self):
            objects.pop(self.name, None)
            self.answer(204)

        def do_POST(self):
            """Delete several, as their names stand in the body."""
            named = [each.text for each in ElementTree.fromstring(self.body()).iter() if each.text]
            for name in named:
                objects.pop(f"{self.name}/{name}", None)
            gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in named)
            self.answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

        @property
        def name(self):
            return unquote(urlsplit(self.path).path).strip("/")

        def body(self):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def answer(self, status, data=b"", **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, *_):
            pass

    return Handler
