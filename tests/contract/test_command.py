"""The program, over HTTP: against a server that keeps the contract, and such that do not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator

from contract import command


@contextmanager
def server(emulator: Emulator, change: Callable[[str, bytes], bytes]) -> Iterator[str]:
    """A server of its own on loopback, in front of the emulator: `change` gets path and reply."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet: two would wait for each other's receipt

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {key: value for key, value in self.headers.items() if key.lower() != "host"}
            request = httpx.Request(
                self.command, f"http://127.0.0.1{self.path}", headers=headers, content=body
            )
            response = emulator.transport.handle_request(request)
            content = change(self.path, response.read())
            self.send_response(response.status_code)
            self.send_header("Content-Type", response.headers["content-type"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


def run(
    emulator: Emulator, folder: Path, change: Callable[[str, bytes], bytes], *more: str
) -> tuple[int, list[str]]:
    said: list[str] = []
    keys = emulator.app_key, emulator.secret_key
    environ: dict[str, str] = dict(zip(command.KEYS, keys, strict=True))
    with server(emulator, change) as url:
        arguments = ["--base-url", url, "--reports", str(folder), "--examples", "5", *more]
        return command.main(arguments, environ, say=said.append), said


@pytest.mark.parametrize(
    ("old", "new", "operation", "rule", "seen"),
    [
        (
            b'"conf":0',
            b'"conf":98',
            "recognizeGeneral",
            "schema-range",
            "is greater than the maximum",
        ),
        (
            b'"slicesImages"',
            b'"slices"',
            "recognizeGeneralCropping",
            "schema-required",
            "'slicesImages'",
        ),
        (b'"fileType":"jpg"', b'"fileType":"jpeg"', "recognizeGeneral", "file-type", "'jpeg'"),
        (b"4010001", b"4010002", "recognizeGeneral", "refuses-missing-header", "4010002"),
    ],
)
def test_a_break_is_exit_1_and_one_line_with_operation_rule_and_what_was_seen(
    emulator: Emulator, tmp_path: Path, old: bytes, new: bytes, operation: str, rule: str, seen: str
) -> None:
    code, said = run(emulator, tmp_path, lambda _, body: body.replace(old, new))
    assert code == 1
    [line] = [line for line in said if line.startswith("BREAK")]
    assert line.startswith(f"BREAK {operation}: {rule} [")
    assert seen in line
    assert (tmp_path / "contract.txt").read_text(encoding="utf-8").count("BREAK") == 1
    failures = ElementTree.parse(tmp_path / "contract.xml").findall(".//failure")
    assert len(failures) >= 1


def test_unknown_fields_pass_with_a_line_and_fail_only_with_strict(
    emulator: Emulator, tmp_path: Path
) -> None:
    def more(_: str, body: bytes) -> bytes:
        return body.replace(b'"fileType"', b'"resolution":"normal","fileType"')

    code, said = run(emulator, tmp_path, more)
    assert code == 0, said
    assert [line for line in said if line.startswith("news  recognizeGeneral: unknown-field")]
    assert said[-1].startswith("the contract is kept")
    code, said = run(emulator, tmp_path, more, "--strict")
    assert code == 1
    assert said[0].startswith("BREAK recognizeGeneral: unknown-field")


def test_no_report_holds_a_key_even_if_the_server_repeats_it(
    emulator: Emulator, tmp_path: Path
) -> None:
    def echo(path: str, body: bytes) -> bytes:
        return body.replace(b"SUCCESS", path.encode() + emulator.secret_key.encode())

    code, said = run(emulator, tmp_path, echo)
    assert code == 1
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()]
    for text in [*texts, *said]:
        assert emulator.app_key not in text
        assert emulator.secret_key not in text
    assert any("{secretKey}" in text for text in texts)


@pytest.mark.parametrize(
    "url",
    [
        "https://api-ocr.nhncloudservice.com",
        "https://ocr.api.NHNCloudService.com.",
        "https://user@anything.nhncloudservice.com:443/x",
    ],
)
def test_the_vendors_hosts_are_refused_without_live(url: str, tmp_path: Path) -> None:
    said: list[str] = []
    keys: dict[str, str] = dict.fromkeys(command.KEYS, "key")
    assert command.main(["--base-url", url, "--reports", str(tmp_path)], keys, say=said.append) == 2
    assert "--live" in said[0]


def test_without_keys_another_server_is_not_called(tmp_path: Path) -> None:
    said: list[str] = []
    assert command.main(["--base-url", "http://127.0.0.1:9"], {}, say=said.append) == 2
    assert all(name in said[0] for name in command.KEYS)


def test_a_server_that_is_not_there_is_a_break(tmp_path: Path) -> None:
    said: list[str] = []
    keys: dict[str, str] = dict.fromkeys(command.KEYS, "key")
    arguments = ["--base-url", "http://127.0.0.1:1", "--reports", str(tmp_path)]
    assert command.main(arguments, keys, say=said.append) == 1
    assert said[0].startswith("BREAK recognizeGeneral: reply")
