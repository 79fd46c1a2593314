"""`nhncloud-ocr recognize`: what it prints, where, and the exit code it ends with."""

import io
import json
import sys
from http.server import ThreadingHTTPServer

import pytest
from nhncloud_ocr_toolkit.cli import main
from toolkit.conftest import KOREAN, Handler
from unit.support import IMAGES, KEYS, PNG, answer, page, refusal, success, word

TALL = IMAGES / "ours/s30_tall_chat_720x5400.png"


def test_the_text_is_printed(run, service, image) -> None:
    assert run("recognize", image) == (0, f"{KOREAN}\n", "")
    assert service.received[0][0].endswith("/general")


def test_json_is_one_to_dict_per_line(run, service, image) -> None:
    code, out, err = run("recognize", "--json", image, image)
    first, second = map(json.loads, out.splitlines())
    assert (code, err) == (0, "")
    assert first == second
    assert (first["text"], first["file_type"], first["attempts"]) == (KOREAN, "png", 1)
    assert first["lines"][0]["words"][0]["confidence"] == 0.99


def test_cropping_asks_for_slices(run, service, image) -> None:
    service.replies[:] = [answer(page(slicesImages=3))]
    _, out, _ = run("recognize", "--cropping", "--json", image)
    assert service.received[0][0].endswith("/general/cropping")
    assert json.loads(out)["slices"] == 3


@pytest.mark.parametrize("url", ["https://example.com/a.png", "HTTP://EXAMPLE.COM/a.png"])
def test_a_url_works_like_a_file(run, service, url) -> None:
    code, out, _ = run("recognize", url)
    assert (code, out) == (0, f"{KOREAN}\n")
    assert json.loads(service.received[0][2]) == {"imageUrl": url}


def test_a_dash_is_standard_input(run, service, monkeypatch) -> None:
    class Stdin:
        buffer = io.BytesIO(PNG)

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert run("recognize", "-")[:2] == (0, f"{KOREAN}\n")
    assert PNG in service.received[0][2]


def test_keys_may_come_from_files(run, service, image, tmp_path, monkeypatch) -> None:
    for name in ("APP_KEY", "SECRET_KEY"):
        monkeypatch.delenv(f"NHNCLOUD_OCR_{name}")
    app, secret = tmp_path / "app", tmp_path / "secret"
    app.write_text("key-of-a-file", "utf-8")
    secret.write_text("secret-of-a-file\r\n", "utf-8")
    assert run("recognize", "--app-key-file", app, "--secret-key-file", secret, image)[0] == 0
    path, headers, _ = service.received[0]
    assert "/key-of-a-file/" in path
    assert headers["Authorization"] == "secret-of-a-file"


def test_the_base_url_may_be_an_argument(run, service, image, monkeypatch) -> None:
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", "https://unused.example")
    assert run("recognize", "--base-url", service.url, image)[0] == 0


def test_after_a_failed_image_it_goes_on_and_exits_1(run, service, image, tmp_path) -> None:
    text = tmp_path / "text.png"
    text.write_text("not an image", "utf-8")
    service.replies[:] = [refusal(4000501), service.replies[0]]
    code, out, err = run("recognize", "--jobs", 1, tmp_path / "missing.png", text, image, image)
    assert (code, out) == (1, f"==> {image} <==\n{KOREAN}\n")
    told = err.splitlines()
    assert len(told) == 3
    for name, line in zip(("missing.png", "text.png", "receipt.png"), told, strict=True):
        assert line.startswith("nhncloud-ocr: ")
        assert name in line


@pytest.mark.parametrize(
    ("reply", "said", "exit_code"),
    [
        (refusal(4010001, message="Invalid appKey\nor secretKey."), "secret key", 2),
        (refusal(4000501), "4000501", 1),
        (answer("what?"), "not the documented envelope", 1),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(
    run, service, image, reply, said, exit_code
) -> None:
    service.replies[:] = [reply]
    code, out, err = run("recognize", image)
    assert (code, out) == (exit_code, "")
    assert len(err.splitlines()) == 1
    assert said in err


def test_nobody_listening_is_one_line(run, service, image) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as free:
        port = free.server_port
    code, out, err = run("recognize", "--base-url", f"http://127.0.0.1:{port}", image)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "receipt.png" in err


def test_a_forbidden_port_is_one_line(run, service) -> None:
    code, _, err = run("recognize", "http://example.com:8080/a.png")
    assert code == 1
    assert "10000-12000" in err
    assert service.received == []


def test_a_long_image_draws_a_hint_and_no_failure(run, service) -> None:
    code, out, err = run("recognize", TALL)
    assert (code, out) == (0, f"{KOREAN}\n")
    assert len(err.splitlines()) == 1
    assert "--cropping" in err
    assert run("recognize", "--cropping", TALL)[2] == ""


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["recognize"],
        ["recognise", "a.png"],
        ["recognize", "--nonsense", "a.png"],
        ["recognize", "--secret-key", KEYS["secret_key"], "a.png"],
        ["recognize", f"--secret-key={KEYS['secret_key']}", "a.png"],
        ["recognize", "--app-key", KEYS["app_key"], "a.png"],
        ["recognize", "--timeout", "soon", "a.png"],
        ["recognize", "--timeout", "-1", "a.png"],
        ["recognize", "--base-url", "http://example.com", "a.png"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_2(run, service, arguments) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err
    assert service.received == []


@pytest.mark.parametrize("name", ["APP_KEY", "SECRET_KEY"])
def test_a_missing_key_is_bad_usage_in_one_line(run, service, image, monkeypatch, name) -> None:
    monkeypatch.delenv(f"NHNCLOUD_OCR_{name}")
    code, _, err = run("recognize", image)
    assert code == 2
    assert len(err.splitlines()) == 1
    assert f"NHNCLOUD_OCR_{name}" in err


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\xff\xfe\x00", b"two\nlines"],
    ids=["missing", "empty", "bytes", "lines"],
)
def test_a_key_file_that_is_no_use_is_bad_usage_in_one_line(
    run, service, image, tmp_path, content
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    code, out, err = run("recognize", "--secret-key-file", file, image)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert service.received == []


@pytest.mark.parametrize(
    ("arguments", "said"), [(["--help"], "recognize"), (["recognize", "--help"], "--cropping")]
)
def test_help_names_what_there_is(run, arguments, said) -> None:
    code, out, _ = run(*arguments)
    assert code == 0
    assert said in out


def test_the_version_is_printed(run) -> None:
    from nhncloud_ocr import __version__

    code, out, _ = run("--version")
    assert code == 0
    assert __version__ in out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp949", "utf-8"])
@pytest.mark.parametrize("json_", [False, True], ids=["text", "json"])
def test_korean_never_raises_on_a_console_that_cannot_show_it(
    service, image, monkeypatch, encoding, json_
) -> None:
    stdout, stderr = (
        io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n") for _ in range(2)
    )
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", stderr)
    assert main(["recognize", *(["--json"] if json_ else []), str(image), "없음.png"]) == 1
    for stream in (stdout, stderr):
        stream.flush()
    out = stdout.buffer.getvalue().decode(encoding)
    if json_:
        read, missing = map(json.loads, out.splitlines())
        assert read["text"] == KOREAN
        assert set(missing) == {"image", "error"}
    else:
        assert "No. 17" in out
        assert (KOREAN in out) is (encoding in ("cp949", "utf-8"))
    assert "nhncloud-ocr: " in stderr.buffer.getvalue().decode(encoding)


def test_half_a_character_never_raises_either(service, image, monkeypatch) -> None:
    reply = success(texts=[{"inferTexts": [word("HALF")]}])
    service.replies[:] = [type(reply)(reply.body.replace(b"HALF", rb"\ud800!"))]
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert main(["recognize", str(image)]) in (0, 1)
