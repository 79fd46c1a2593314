"""What a field costs that 2,000 words have beside the described ones, as part of `bench.py`.

    nobody described it    the reply has one field more in each word
    described, optional    the same reply, read by a client generated from a description that has it

Each is the ratio of the CPU time of a whole call to that of the reply without the field, taken in
turn, in process. The described one needs the generator, and a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bench_server
import httpx

ROOT = Path(__file__).resolve().parent.parent
FIELD = "language"
LIMIT = 1.5
Cost = Callable[[Callable[[], None], Callable[[], None], float], float]
Calls = Callable[[Any], Callable[[], None]]


def with_field(body: bytes) -> bytes:
    """The reply with the field in each word."""
    reply = json.loads(body)
    for line in reply["result"]["listOfInferTexts"]:
        for word in line["inferTexts"]:
            word[FIELD] = "ko"
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":")).encode()


def described(folder: Path) -> Path:
    """Generate the client of a description that has the field, and return where it lies."""
    import check_spec
    import generate

    description = check_spec.load(check_spec.DESCRIPTION)
    word = description["components"]["schemas"]["InferText"]
    word["properties"][FIELD] = {"type": "string"}
    (folder / "openapi").mkdir()
    (folder / "openapi/templates").symlink_to(ROOT / "openapi/templates")
    (folder / "openapi/generator.yaml").symlink_to(ROOT / "openapi/generator.yaml")
    (folder / "openapi/general-ocr.yaml").write_text(json.dumps(description), "utf-8")
    generate.generate(folder, folder / "generated" / generate.PACKAGE)
    return folder / "generated"


def ratio(cost: Cost, calls: Calls, seconds: float) -> float:
    """The cost of a call whose reply has the field over that of one without."""
    from bench import KEYS
    from nhncloud_ocr import OcrClient

    plain = bench_server.REPLIES["2000"]
    transports = [
        httpx.MockTransport(lambda request, body=body: httpx.Response(200, content=body))
        for body in (with_field(plain), plain)
    ]
    with (
        OcrClient(**KEYS, transport=transports[0]) as mine,
        OcrClient(**KEYS, transport=transports[1]) as theirs,
    ):
        return cost(calls(mine), calls(theirs), seconds)


def field_rows(cost: Cost, calls: Calls, seconds: float) -> Iterator[tuple[str, float, float]]:
    """The rows of the report: name, ratio, limit."""
    yield "2,000 words, a field that nobody described", ratio(cost, calls, seconds), LIMIT
    with tempfile.TemporaryDirectory() as folder:
        path = os.pathsep.join([str(described(Path(folder))), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            [sys.executable, __file__, str(seconds)],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
    yield "2,000 words, a described optional field", float(done.stdout), LIMIT


def main() -> None:
    """Print the ratio, as the generated client of this process has it."""
    from bench import cost, ours
    from nhncloud_ocr_api.models import InferText

    if FIELD not in InferText.__struct_fields__:
        sys.exit(f"the generated client has no {FIELD}")
    print(ratio(cost, ours, float(sys.argv[1])))


if __name__ == "__main__":
    main()
