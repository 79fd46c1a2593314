"""The command `nhncloud-ocr-emulator`, as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.metadata import version

import httpx
import nhncloud_ocr_emulator
import pytest
from nhncloud_ocr_emulator._cli import main
from patience import PATIENCE

COMMAND = [sys.executable, "-m", "nhncloud_ocr_emulator"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
@pytest.mark.parametrize(
    ("stop", "more"), [(signal.SIGINT, []), (signal.SIGTERM, ["--no-playground"])]
)
def test_it_prints_its_lines_serves_and_stops_cleanly(
    stop: signal.Signals, more: list[str], image: bytes
) -> None:
    environment = os.environ | {
        "NHNCLOUD_OCR_EMULATOR_APP_KEY": "app-key-for-tests",
        "NHNCLOUD_OCR_SECRET_KEY": "a real one, which is not to be printed",
    }
    command = [*COMMAND, "--engine", "fixture", *more]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        said = dict(
            process.stdout.readline().rstrip("\n").split(": ", 1) for _ in range(6 if more else 7)
        )
        assert list(said)[:6] == [
            *("base URL", "app key", "secret key"),
            *("token URL", "user access key ID", "secret access key"),
        ]
        page = None if more else f"{said['base URL']}/playground/"
        assert said.get("playground") == page
        assert said["token URL"] == f"{said['base URL']}/oauth2/token/create"
        assert said["app key"] == "app-key-for-tests"
        assert "real" not in said["secret key"]
        response = httpx.post(
            f"{said['base URL']}/v1.0/appkeys/{said['app key']}/general",
            files={"image": ("image.png", image)},
            headers={"Authorization": said["secret key"]},
            timeout=PATIENCE,
        )
        assert response.json()["header"]["isSuccessful"]
        process.send_signal(stop)
        rest, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
def test_ctrl_c_while_it_imports_ends_it_without_a_word() -> None:
    interrupted = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "uvicorn":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
import nhncloud_ocr_emulator.__main__"""
    ended = subprocess.run(
        [sys.executable, "-c", interrupted], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize(
    "arguments",
    [
        *(["--host", "0.0.0.0"], ["--host", "example.com"], ["--port", "65536"], ["--port", "x"]),
        *(["--engine", "none"], ["--mode", "none"], ["--secret-key", "x"], ["more"]),
        *(["--workers", "0"], ["--workers", "x"], ["--port", "-1"], ["--burst", "3"]),
    ],
)
def test_bad_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert "_" not in err.rpartition("error: ")[2]  # no name out of the program


def test_a_key_of_the_environment_that_no_call_can_show_is_bad_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NHNCLOUD_OCR_EMULATOR_SECRET_KEY", "canary\n")
    with pytest.raises(SystemExit, match="2"):
        main(["--engine", "fixture"])
    out, err = capsys.readouterr()
    assert "secret_key" in err
    assert "canary" not in out + err


def test_a_port_that_is_taken_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], ocr_emulator: object
) -> None:
    port = ocr_emulator.base_url.rpartition(":")[2]  # type: ignore[attr-defined]
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    try:
        assert main(["--engine", "fixture", "--port", port]) == 1
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("nhncloud-ocr-emulator: ")


class StoppedAtOnce:
    """In place of what hears signals."""

    def wait(self) -> None:
        """Go on."""


def test_it_serves_with_nowhere_to_print_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a service may be started, and as `pythonw` starts all."""
    monkeypatch.setattr("nhncloud_ocr_emulator._cli._Signals", StoppedAtOnce)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["--engine", "fixture"]) == 0


def test_without_tesserocr_it_says_so_and_serves_fixture(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for imported in ("tesseract", "_tesserocr"):
        monkeypatch.delitem(sys.modules, f"nhncloud_ocr_emulator.engines.{imported}", raising=False)
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    monkeypatch.setattr("nhncloud_ocr_emulator._cli._Signals", StoppedAtOnce)
    assert main([]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("base URL: http://127.0.0.1:")
    assert "tesserocr" in err
    assert "fixture" in err
    assert main(["--engine", "tesseract"]) == 1
    assert "tesserocr" in capsys.readouterr().err


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert said == f"nhncloud-ocr-emulator {nhncloud_ocr_emulator.__version__}\n"
    assert nhncloud_ocr_emulator.__version__ == version("nhncloud-ocr-emulator")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
def test_a_refusal_is_explained_on_standard_error_in_a_line(image: bytes) -> None:
    with subprocess.Popen(
        [*COMMAND, "--engine", "fixture", "--no-playground"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        said = dict(process.stdout.readline().rstrip("\n").split(": ", 1) for _ in range(6))
        url = f"{said['base URL']}/v1.0/appkeys/{said['app key']}/general"
        headers = {"Authorization": said["secret key"]}
        httpx.post(url, files={"image": ("image.png", image)}, headers=headers, timeout=PATIENCE)
        httpx.post(url, files={"file": ("image.png", image)}, headers=headers, timeout=PATIENCE)
        process.terminate()
        _, errors = process.communicate(timeout=PATIENCE)
    assert errors == (
        "POST /v1.0/appkeys/{appKey}/general: 400: "
        "no part of the form is named image; the names are: 'file'\n"
    )
