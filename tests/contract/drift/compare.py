"""The program behind `nox -s drift -- --compare`: who else notices the same drifts.

Plain schemathesis runs as it comes, without the four checks that call a service wrong which tells
its failures with HTTP 200. Prism stands as a proxy between our calls and the server and says what
violates the description; as a mock it never asks the server, and so can notice nothing of it.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from contract.drift.bench import Bench
from contract.drift.named import CODES
from contract.drift.of_paths import paths
from contract.drift.of_replies import RESPONSE
from contract.drift.of_requests import REQUEST
from contract.drift.of_words import reading
from contract.drift.served import Served
from contract.drift.tampering import Drift, Tampered
from contract.drivers.caller import Target
from contract.drivers.rows import ROWS
from contract.judge.description import PATH

PRISM = "@stoplight/prism-cli@5"
MISJUDGING = (
    *("ignored_auth", "negative_data_rejection"),
    *("missing_required_header", "positive_data_acceptance"),
)
README = Path(__file__).parents[1] / "README.md"
HEAD = "| kind of drift | tried | plain schemathesis | Prism as mock | Prism as proxy | ours |"
KINDS: dict[str, Sequence[Drift]] = {
    "what is answered: statuses, envelope, types": [d for d in RESPONSE if d.mode == "app"],
    "which code is answered": CODES,
    "what is taken: keys, inputs, ports, formats, sizes": [*REQUEST, *paths()],
    "what is read: words, places, lines": list(reading()),
}
# Calls that go through Prism: images by their URLs, for it spoils those that are uploaded (it reads
# bodies as text), and of all others, none of 20 MB, every twelfth.
ASKED = (
    *(row for row in ROWS if "url-read" in row.name),
    *[row for row in ROWS if "size" not in row.name][::12],
)


def main(say: Callable[[str], None] = print, *, each: int = 12, write: bool = False) -> int:
    """Try drifts of each kind with each tool; print the table, and `write` it in the README."""
    if not shutil.which("npx"):
        say("npx is not there: without it Prism cannot be run")
        return 2
    rows: list[tuple[str, list[int]]] = []
    with Bench() as bench, Served(_transport(bench.targets["app"])) as served:
        target = replace(bench.targets["app"], base_url=served.url, transport=None)
        with _prism(served.url) as proxy:
            through = replace(target, base_url=proxy)
            clean_schemathesis = _schemathesis(target)
            clean_prism = _prism_says(bench, through)
            for kind, drifts in KINDS.items():
                counts = [0, 0, 0]
                sample = drifts[:: -(-len(drifts) // each)]
                for drift in sample:
                    served.transport = Tampered(bench.targets["app"], drift)
                    counts[0] += bool(_schemathesis(target) - clean_schemathesis)
                    counts[1] += bool(_prism_says(bench, through) - clean_prism)
                    counts[2] += bench.bite(drift).finding is not None
                rows.append((kind, [len(sample), *counts]))
                say(f"{kind}: of {len(sample)}: schemathesis, Prism, ours: {counts}")
    table = _table(rows)
    say("")
    for line in table:
        say(line)
    if write:
        text = README.read_text(encoding="utf-8")
        table_there = re.compile(rf"^{re.escape(HEAD)}\n(?:\|.*\n)+", re.MULTILINE)
        written = table_there.sub(lambda _: "\n".join(table) + "\n", text)
        README.write_text(written, encoding="utf-8")
    return 0


def _table(rows: Sequence[tuple[str, list[int]]]) -> list[str]:
    """The lines of the table: a kind, how many were tried, and how many each tool noticed."""
    lines = [HEAD, "|---|---|---|---|---|---|"]
    totals = [sum(column) for column in zip(*(counts for _, counts in rows), strict=True)]
    for kind, (tried, schemathesis, prism, ours) in (*rows, ("all", totals)):
        lines.append(f"| {kind} | {tried} | {schemathesis} | 0 | {prism} | {ours} |")
    return lines


def _transport(target: Target) -> httpx.BaseTransport:
    assert target.transport is not None
    return target.transport


def _schemathesis(target: Target) -> set[str]:
    """The checks that fail when schemathesis runs as it comes, by name."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "schemathesis.toml"
        config.write_text(f'[parameters]\n"path.appKey" = "{target.app_key}"\n', encoding="utf-8")
        command = (
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", str(PATH), "--url", target.base_url, "--include-path-regex", "^/v1.0/"),
            *("--header", f"Authorization: {target.secret_key}", "--checks", "all"),
            *("--exclude-checks", ",".join(MISJUDGING), "--phases", "examples,coverage,fuzzing"),
            *("--max-examples", "20", "--seed", "1", "--generation-database", "none"),
            *("--no-color", "--warnings", "off"),
        )
        run = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
        )
    failures = re.findall(r"^- (.+)$", run.stdout, re.MULTILINE)
    return set(failures) | ({"failed"} if run.returncode == 1 else set())


def _prism_says(bench: Bench, target: Target) -> set[str]:
    """What Prism calls a violation in the replies to our calls, by call."""
    said = set()
    with bench.session(target) as session:
        for row in ASKED:
            response = session.caller.client.send(session.caller.request(row))
            for violation in json.loads(response.headers.get("sl-violations", "[]")):
                if violation["location"][:1] == ["response"]:
                    said.add(f"{row.name}: {violation['message']}")
            if response.status_code >= 500:
                said.add(f"{row.name}: HTTP {response.status_code}")
    return said


@contextmanager
def _prism(upstream: str) -> Iterator[str]:
    """A Prism proxy in front of a server, on a free loopback port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ("npx", "--yes", PRISM, "proxy", str(PATH), upstream, "--port", str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        # npx starts node, and node Prism: the whole group ends.
        _end(process)


def _await(port: int, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"Prism did not start: npx --yes {PRISM} --help tells whether it can")


def _end(process: subprocess.Popen[bytes]) -> None:
    import os
    import signal

    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()
    process.wait()
