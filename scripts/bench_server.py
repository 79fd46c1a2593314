"""The service as `bench.py` needs it: replies of a given size, from a process of its own or from
none.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx

SIZES = (10, 200, 2000)
WORDS_PER_LINE = 8
HANGUL = "가나다라마바사아자차카타파하영수증합계결제금액주문번호"


def reply(words: int, *, repeated: bool = False) -> bytes:
    """A compact reply of so many Korean words with their boxes; `repeated`: each line in two groups
    of one key.
    """
    chance = random.Random(words)
    texts, boxes = [], []
    for start in range(0, words, WORDS_PER_LINE):
        line = range(start, min(start + WORDS_PER_LINE, words))
        values = ["".join(chance.choices(HANGUL, k=chance.randint(1, 6))) for _ in line]
        texts.append([{"value": value, "conf": chance.randint(50, 99) / 100} for value in values])
        boxes.append(
            [
                {f"{axis}{corner}": chance.randint(0, 4000) for corner in "1234" for axis in "xy"}
                for _ in line
            ]
        )
    groups = {"inferTexts": texts, "boundingBoxes": boxes}
    infer_texts, bounding_boxes = (
        ",".join(_line(name, line, 2 if repeated else 1) for line in lines)
        for name, lines in groups.items()
    )
    header = '{"isSuccessful":true,"resultCode":0,"resultMessage":"SUCCESS"}'
    result = (
        f'"fileType":"png","listOfInferTexts":[{infer_texts}],'
        f'"listOfBoundingBoxes":[{bounding_boxes}]'
    )
    return f'{{"header":{header},"result":{{{result}}}}}'.encode()


def _line(name: str, members: list[dict[str, Any]], groups: int) -> str:
    half = -(-len(members) // groups)
    parts = [members[start : start + half] for start in range(0, len(members), half)]
    written = [json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in parts]
    pairs = ",".join(f'"{name}":{part}' for part in written)
    return f"{{{pairs}}}"


REPLIES = {
    f"{words}{'-repeated' if repeated else ''}": reply(words, repeated=repeated)
    for words in SIZES
    for repeated in (False, True)
}


class Handler(BaseHTTPRequestHandler):
    """Answers with the reply that the first segment of the path names."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = REPLIES[self.path.split("/")[1]]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[str]:
    """The base URL of a server on loopback, in a process of its own; it ends when its standard
    input does.
    """
    command = [sys.executable, __file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


def answer(request: httpx.Request) -> httpx.Response:
    body = REPLIES[request.url.path.split("/")[1]]
    return httpx.Response(200, headers={"Content-Type": "application/json"}, content=body)


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # the async client opens many connections at once


def main() -> None:
    """Serve until the standard input ends."""
    with _Server(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        Thread(target=listening.serve_forever, daemon=True).start()
        print(listening.server_port, flush=True)
        sys.stdin.read()
        listening.shutdown()


if __name__ == "__main__":
    main()
