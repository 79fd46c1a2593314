"""The command's output shows neither key, whatever the server says."""

import os
import subprocess
import sys

import pytest
from e2e.conftest import IMAGES
from e2e.raw_server import RawServer
from e2e.secrets.canary import sings
from e2e.secrets.wire import WIRE
from patience import PATIENCE

IMAGE = IMAGES / "ours/s37_tiny_30x16.png"


def command(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "nhncloud_ocr", "recognize", *map(str, arguments)],
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "name", ["success", "refusal", "page", "redirect", "another protocol", "reset"]
)
def test_the_command_prints_no_key(keys, name) -> None:
    with RawServer(WIRE[name]) as server:
        code, out, err = command(IMAGE, "--json", "--base-url", server.url)
    assert code == {"success": 0, "refusal": 2}.get(name, 1), err  # 2: the keys were refused
    assert not sings(out + err)
    assert "Traceback" not in err


@pytest.mark.parametrize("option", ["--app-key-file", "--secret-key-file"])
def test_the_command_does_not_repeat_a_bad_key_file(keys, option, tmp_path) -> None:
    file = tmp_path / "key"
    file.write_text(
        "\t".join([os.environ["NHNCLOUD_OCR_APP_KEY"], os.environ["NHNCLOUD_OCR_SECRET_KEY"]]),
        "utf-8",
    )
    code, out, err = command(IMAGE, option, file)
    assert (code, out) == (2, "")
    assert err
    assert not sings(err)
