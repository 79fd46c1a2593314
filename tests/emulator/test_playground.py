"""The playground's paths, as a browser, and as somebody who would misuse one, calls them."""

from __future__ import annotations

import ast
import io
import json
import shlex
import socket
import threading
from dataclasses import fields
from importlib.resources import files

import httpx
import pytest
from emulator.web import Web, page
from hypothesis import given, strategies as st
from nhncloud_ocr_emulator import Emulator, Fault, _playground, embed_text
from nhncloud_ocr_emulator._snippets import Example, snippet
from patience import PATIENCE
from PIL import Image, ImageDraw

PAGES = [
    *("", "style.css", "icon.svg"),
    *("page.js", "viewer.js", "json_pairs.js", "texts.js", "turn.js", "elements.js"),
]
DATA = ["sample.png", "info", "calls", "snippet", "snippet?language=curl&version=v1.1&fault=html"]


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(engine="fixture", allow_private_urls=True)


@pytest.fixture(params=["in process", "http"])
def browser(request: pytest.FixtureRequest, emulator: Emulator) -> httpx.Client:
    """What the page itself sends, on both ways into the emulator."""
    if request.param == "http":
        request.addfinalizer(emulator.close)
        base_url = emulator.__enter__().base_url
    else:
        base_url = "http://127.0.0.1:1234"
    client = httpx.Client(
        base_url=f"{base_url}/playground/",
        headers={"Origin": base_url, "X-Playground": "1"},
        transport=None if request.param == "http" else emulator.transport,
        timeout=PATIENCE,
    )
    request.addfinalizer(client.close)
    return client


def test_the_page_and_its_parts_come_with_a_strict_policy(browser: httpx.Client) -> None:
    for name in PAGES + DATA:
        reply = browser.get(name)
        assert reply.status_code == 200, name
        policy = reply.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "*" not in policy
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in reply.headers
        assert not [name for name in reply.headers if name.startswith("access-control")]
    kinds = {"page.js": "text/javascript", "style.css": "text/css", "icon.svg": "image/svg+xml"}
    for name, kind in kinds.items():
        assert browser.get(name).headers["content-type"].partition(";")[0] == kind
    moved = browser.get(str(browser.base_url).rstrip("/"))
    assert (moved.status_code, moved.headers["location"]) == (308, "/playground/")


def test_it_is_small_and_loads_nothing_from_elsewhere() -> None:
    folder = files("nhncloud_ocr_emulator").joinpath("playground")
    parts = {part.name: part.read_bytes() for part in folder.iterdir()}
    assert sum(map(len, parts.values())) < 40_000
    for name, data in parts.items():
        text = data.decode().replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, name
        assert text.count("https://") == text.count("https://example.com"), name


def test_a_reply_is_byte_for_byte_what_a_client_gets(
    browser: httpx.Client, emulator: Emulator, image: bytes
) -> None:
    upload = {"image": ("image.png", image)}
    for version in ("v1.0", "v1.1"):
        for cropping, operation in ((0, "general"), (1, "general/cropping")):
            for fault in ("", "repeated_keys=both", "trailing_commas", "result_code=4000501"):
                shown = browser.post(
                    f"recognize?version={version}&cropping={cropping}",
                    files=upload,
                    headers={"X-Emulator-Fault": fault},
                )
                with httpx.Client(transport=emulator.transport) as client:
                    sent = client.post(
                        f"http://emulator/v1.0/appkeys/{emulator.app_key}/{operation}",
                        files=upload,
                        headers={"Authorization": emulator.secret_key, "X-Emulator-Fault": fault},
                    )
                assert shown.content == sent.content
                assert shown.status_code == sent.status_code


def test_faults_show_what_they_show_to_a_client(browser: httpx.Client, image: bytes) -> None:
    def call(fault: str) -> httpx.Response:
        files = {"image": ("image.png", image)}
        return browser.post("recognize", files=files, headers={"X-Emulator-Fault": fault})

    assert call("status=503; retry_after=7").headers["retry-after"] == "7"
    assert call("html; status=502").text.startswith("<html>")
    for fault in ("reset=before", "reset=during"):
        with pytest.raises(httpx.ReadError):
            call(fault)
    with pytest.raises(httpx.RemoteProtocolError):
        call("truncated")
    refused = call("nonsense=1")
    assert refused.status_code == 400
    assert "'nonsense=1' is none of" in refused.json()["header"]["resultMessage"]
    assert call("deploy=3600").status_code == 503
    with pytest.raises(httpx.ReadError):
        call("")


def test_a_message_may_be_in_korean(browser: httpx.Client, image: bytes) -> None:
    """By the query, as the page sends it; by the header, as curl does."""
    fault = "result_code=4291001; message=한도를 넘었습니다"
    files = {"image": ("image.png", image)}
    by_query = browser.post("recognize", params={"fault": fault}, files=files)
    by_header = browser.post(
        "recognize", files=files, headers={b"X-Emulator-Fault": fault.encode()}
    )
    for reply in (by_query, by_header):
        assert reply.json()["header"]["resultMessage"] == "한도를 넘었습니다"


def test_the_form_is_made_of_the_emulators_own_table(browser: httpx.Client) -> None:
    """Each fault of a recognition that the README lists, told in both languages."""
    told = {fault["name"]: fault for fault in browser.get("info").json()["faults"]}
    assert all(each["about"].keys() == {"en", "ko"} for each in told.values())
    assert set(told) == {field.name for field in fields(Fault)} - {"error", "expires_in"}


def test_it_leaves_no_trace_and_takes_nothing_from_others(image: bytes) -> None:
    emulator = Emulator(engine="fixture", rate_limit=0.0001, burst=1)
    base_url = "http://127.0.0.1:1"
    emulator.faults.add(status=503, times=3)
    emulator.token_faults.add(status=503, times=3)
    with httpx.Client(
        base_url=f"{base_url}/playground/",
        headers={"Origin": base_url, "X-Playground": "1"},
        transport=emulator.transport,
    ) as browser:
        for name in [*PAGES, *DATA, "events", "favicon.ico"]:
            browser.get(name)
        for version in ("v1.0", "v1.1", "v1.1"):
            browser.post(f"recognize?version={version}", files={"image": ("image.png", image)})
    assert not emulator.calls
    assert not emulator.billed
    assert (len(emulator.faults), len(emulator.token_faults)) == (3, 3)
    emulator.faults.clear()
    with httpx.Client(transport=emulator.transport) as client:
        reply = client.post(
            f"http://emulator/v1.0/appkeys/{emulator.app_key}/general",
            files={"image": ("image.png", image)},
            headers={"Authorization": emulator.secret_key},
        )
    assert reply.json()["header"]["resultCode"] == 0  # the one call that the rate allows


def test_no_key_is_in_any_response(browser: httpx.Client, emulator: Emulator, image: bytes) -> None:
    token = emulator.tokens.create()
    with httpx.Client(transport=emulator.transport) as client:
        path = f"http://emulator/v1.1/appkeys/{emulator.app_key}/general"
        client.post(path, headers={"X-NHN-Authorization": f"Bearer {token}"})
        client.post("http://emulator/oauth2/token/create", auth=("x", emulator.secret_access_key))
    seen = b""
    for name in [*PAGES, *DATA, "readings/1", "nothing"]:
        reply = browser.get(name)
        seen += reply.content + repr(reply.headers).encode()
    for version in ("v1.0", "v1.1"):
        for fault in ("", "nonsense", "html"):
            reply = browser.post(
                f"recognize?version={version}",
                files={"image": ("image.png", image)},
                headers={"X-Emulator-Fault": fault},
            )
            seen += reply.content + repr(reply.headers).encode()
    with browser.stream("GET", "events") as reply:
        for chunk in reply.iter_raw():
            seen += chunk
            break
    for secret in (
        *(emulator.app_key, emulator.secret_key, token),
        *(emulator.user_access_key_id, emulator.secret_access_key),
    ):
        assert secret.encode() not in seen
    assert b"{appKey}" in seen  # the calls were there to be told


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("127.0.0.1", 200), ("127.0.0.1:80", 200), ("localhost:1", 200), ("[::1]:8", 200)),
        *(("LOCALHOST", 200), ("127.9.9.9:1", 200)),
        *(("evil.example", 421), ("127.0.0.1.evil.example", 421), ("192.168.0.1", 421)),
        *(("localhost.evil.example:1", 421), ("", 421), ("[::1", 421), ("0.0.0.0", 421)),
        *(("evil@127.0.0.1:1", 200), ("127.0.0.1@evil.example", 421)),
    ],
)
def test_the_host_must_be_this_machine(browser: httpx.Client, host: str, status: int) -> None:
    for path in ("", "page.js", "calls", "events", "info"):
        if path == "events" and status == 200:
            continue
        assert browser.get(
            path, headers={"Host": host, "Origin": f"http://{host}"}
        ).status_code == (status)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://127.0.0.1:9", None])
def test_who_writes_must_be_the_page_itself(
    browser: httpx.Client, image: bytes, origin: str | None
) -> None:
    files = {"image": ("image.png", image)}
    assert browser.post("recognize", files=files).status_code == 200
    if origin is None:
        del browser.headers["Origin"]
    else:
        browser.headers["Origin"] = origin
        assert browser.get("calls").status_code == 403
    assert browser.post("recognize", files=files).status_code == 403


def test_a_form_of_another_page_is_turned_away(browser: httpx.Client, image: bytes) -> None:
    del browser.headers["X-Playground"]
    reply = browser.post("recognize", files={"image": ("image.png", image)})
    assert reply.status_code == 403
    assert browser.options("recognize").status_code == 403
    assert browser.delete("recognize").status_code == 403


def test_another_sites_page_may_link_here_and_no_more(browser: httpx.Client) -> None:
    del browser.headers["Origin"]
    there = {"Sec-Fetch-Site": "cross-site"}
    assert browser.get("", headers={**there, "Sec-Fetch-Mode": "navigate"}).status_code == 200
    for path in ("calls", "events", "sample.png", "page.js"):
        reply = browser.get(path, headers={**there, "Sec-Fetch-Mode": "no-cors"})
        assert reply.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        *("..", "../", "../../etc/passwd", "//etc/passwd", "%2e%2e/page.js", "page.js/", "x"),
        *("./page.js", "page.js%00", "Page.js", "readings/", "readings/99", "readings/x/image"),
        *("readings/1/image", "index.html/../page.js", "__init__.py", "\\..\\page.js"),
    ],
)
def test_other_paths_are_not_there(emulator: Emulator, path: str) -> None:
    with emulator:
        port = int(emulator.base_url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(
                f"GET /playground/{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            reply = connection.makefile("rb").read()
    assert reply.startswith(b"HTTP/1.1 404 ")
    assert not emulator.calls


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_else_can_be_done_to_it(browser: httpx.Client, method: str) -> None:
    assert browser.request(method, "calls").status_code == 405
    assert browser.get("recognize").status_code == 404


def test_the_text_of_a_long_image_has_overlaps_once(
    browser: httpx.Client, emulator: Emulator
) -> None:
    """The engine `fixture` lays a line out wherever it lies in two slices."""
    lines = [[f"line{number}"] for number in range(200)]
    file = io.BytesIO()
    Image.new("L", (200, 6000), 255).save(file, "PNG")
    tall = embed_text(file.getvalue(), lines)
    reply = browser.post("recognize?cropping=1", files={"image": ("image.png", tall)})
    result = reply.json()["result"]
    assert result["slicesImages"] > 1
    assert len(result["listOfInferTexts"]) > 200
    merged = browser.get(f"readings/{reply.headers['x-playground-reading']}").json()["text"]
    assert merged == "\n".join(line for (line,) in lines)


def test_the_text_with_overlaps_once_comes_from_engine_processes_too() -> None:
    pytest.importorskip("tesserocr")
    tall = Image.new("L", (300, 1500), 255)
    writer = ImageDraw.Draw(tall)
    for number in range(20):
        writer.text((20, 20 + 73 * number), f"number {number + 10}", fill=0, font_size=32)
    file = io.BytesIO()
    tall.save(file, "PNG")
    with Emulator() as emulator:
        headers = {"Origin": emulator.base_url, "X-Playground": "1"}
        with httpx.Client(
            base_url=f"{emulator.base_url}/playground/", headers=headers, timeout=PATIENCE
        ) as browser:
            files = {"image": ("image.png", file.getvalue())}
            reply = browser.post("recognize?cropping=1", files=files)
            number = reply.headers["x-playground-reading"]
            merged = browser.get(f"readings/{number}").json()["text"]
    assert len(reply.json()["result"]["listOfInferTexts"]) > 20
    assert merged.splitlines() == [f"number {number + 10}" for number in range(20)]


def test_an_image_behind_a_url_can_be_seen(
    browser: httpx.Client, emulator: Emulator, image: bytes
) -> None:
    with Web() as web:
        web.pages["/"] = page(image)
        reply = browser.post("recognize", json={"imageUrl": web.url()})
        number = reply.headers["x-playground-reading"]
        shown = browser.get(f"readings/{number}/image")
        assert len(web.requests) == 1
    assert (shown.content, shown.headers["content-type"]) == (image, "image/png")
    assert browser.get(f"readings/{number}").json() == {"text": "stella artois\nbelgium"}


def test_readings_are_kept_for_a_while_and_no_longer(browser: httpx.Client, image: bytes) -> None:
    numbers = []
    for _ in range(6):
        reply = browser.post("recognize", files={"image": ("image.png", image)})
        numbers.append(reply.headers["x-playground-reading"])
    statuses = [browser.get(f"readings/{number}").status_code for number in numbers]
    assert statuses == [404, 404, 200, 200, 200, 200]
    assert browser.get(f"readings/{numbers[-1]}/image").status_code == 404  # it was an upload
    refused = browser.post("recognize", files={"image": ("image.png", b"x")})
    assert "x-playground-reading" not in refused.headers


def test_calls_are_told_as_they_come(emulator: Emulator, image: bytes) -> None:
    with (
        emulator,
        httpx.Client(base_url=f"{emulator.base_url}/playground/", timeout=PATIENCE) as browser,
    ):

        def call() -> None:
            httpx.post(
                f"{emulator.base_url}/v1.0/appkeys/{emulator.app_key}/general",
                files={"image": ("image.png", image)},
                headers={"Authorization": emulator.secret_key},
                timeout=PATIENCE,
            )

        call()
        with browser.stream("GET", "events", timeout=PATIENCE) as events:
            assert events.headers["content-type"] == "text/event-stream"
            lines = (line for line in events.iter_lines() if line.startswith(("id", "data")))
            assert next(lines) == "id: 1"
            assert json.loads(next(lines).removeprefix("data: "))["calls"] == [
                {
                    "number": 1,
                    "kind": "recognition",
                    "method": "POST",
                    "path": "/v1.0/appkeys/{appKey}/general",
                    "status": 200,
                    "code": 0,
                    "reason": None,
                    "billed": True,
                }
            ]
            call()
            assert next(lines) == "id: 2"
        with browser.stream("GET", "events", headers={"Last-Event-ID": "1"}) as events:
            assert next(events.iter_lines()) == "id: 2"
        assert [each["number"] for each in browser.get("calls?after=1").json()["calls"]] == [2]
        emulator.calls.clear()
        assert browser.get("calls").json() == {"last": 2, "calls": []}
        for nonsense in ("-1", "x", "9" * 30, "\u0663"):
            assert browser.get("calls", params={"after": nonsense}).status_code == 200


def test_ten_open_pages_do_not_hold_the_emulator_up(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is their next look at the journal waited for, which here never comes."""
    monkeypatch.setattr(_playground, "_LOOK_AGAIN_SECONDS", 3600.0)
    with emulator:
        readers = [httpx.Client(timeout=None) for _ in range(10)]
        ended = threading.Barrier(11, timeout=PATIENCE)

        def follow(client: httpx.Client) -> None:
            try:
                with client.stream("GET", f"{emulator.base_url}/playground/events") as events:
                    ended.wait()
                    for _ in events.iter_raw():
                        pass
            except httpx.TransportError:
                pass

        threads = [threading.Thread(target=follow, args=(each,)) for each in readers]
        for thread in threads:
            thread.start()
        ended.wait()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    for client in readers:
        client.close()


def test_it_can_be_left_out(ocr_emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    headers = {"Host": "127.0.0.1:1"}
    for off in (ocr_emulator, Emulator(engine="fixture", playground=False)):
        with httpx.Client(transport=off.transport, headers=headers) as client:
            for path in ("", "/", "/info"):
                reply = client.get(f"http://127.0.0.1:1/playground{path}")
                assert reply.status_code == 404


@pytest.mark.parametrize("version", ["v1.0", "v1.1"])
@pytest.mark.parametrize("cropping", [False, True])
@given(image=st.text(max_size=30), by_url=st.booleans(), fault=st.text(max_size=20))
def test_snippets_are_sound_whatever_the_file_is_called(
    version: str, cropping: bool, image: str, by_url: bool, fault: str
) -> None:
    example = Example("http://127.0.0.1:1", version, cropping, image, by_url, fault)  # type: ignore[arg-type]
    for language in ("python", "async"):
        tree = ast.parse(snippet(language, example))
        strings = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant)]
        assert image in strings
    words = shlex.split(snippet("curl", example).replace("\\\n", " "))
    if by_url:
        assert json.loads(words[-1]) == {"imageUrl": image}
    else:
        assert words[-2] == "-F"
        assert words[-1].startswith('image=@"')
