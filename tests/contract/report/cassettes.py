"""Replies of the live service, kept without keys, and what the emulator's replies owe to them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from contract.judge.exchange import Received
from contract.judge.outcome import outcome_of
from contract.judge.strict_json import read, walk

FOLDER = Path(__file__).parents[1] / "cassettes"
# The only headers kept: others may tell of an account or a machine.
_HEADERS = ("content-type", "retry-after")


def save(folder: Path, row: str, received: Received, redacted: Callable[[str], str]) -> None:
    """Keep the reply to a row; `redacted` takes the keys out of every text."""
    if received.failure:
        return
    try:
        body = {"text": redacted(received.body.decode("utf-8"))}
    except UnicodeDecodeError:
        body = {"base64": base64.b64encode(received.body).decode("ascii")}
    kept = {name: redacted(received.headers[name]) for name in _HEADERS if name in received.headers}
    cassette = {"row": row, "status": received.status, "headers": kept, "body": body}
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(cassette, ensure_ascii=False, indent=2) + "\n"
    (folder / f"{row}.json").write_text(text, encoding="utf-8")


def load(folder: Path = FOLDER) -> Iterator[tuple[str, Received]]:
    """Every cassette of a folder: the row's name and the reply."""
    for path in sorted(folder.glob("*.json")):
        cassette = json.loads(path.read_text(encoding="utf-8"))
        body = cassette["body"]
        raw = body["text"].encode() if "text" in body else base64.b64decode(body["base64"])
        yield cassette["row"], Received(cassette["status"], cassette["headers"], raw)


def differences(live: Received, emulated: Received) -> list[str]:
    """In what the emulator's reply to a row has another shape than the live one.

    Shapes are fields and their kinds, not values: the same words or boxes are not asked for.
    """
    ours, theirs = shape(emulated), shape(live)
    lines = [f"only live has {item}" for item in sorted(theirs - ours)]
    return lines + [f"only the emulator has {item}" for item in sorted(ours - theirs)]


def shape(received: Received) -> set[str]:
    """The status, the outcome and each field with its kind."""
    root = read(received.body).root
    found = {f"HTTP {received.status}"}
    if root is None:
        return found | {"a body that is no JSON"}
    outcome = outcome_of(received.status, root)
    if outcome is not None:
        found.add(f"resultCode {outcome.code}")
    for path, node in walk(root):
        found.add(f"{_general(path)}: {node.kind}")
    return found


def _general(path: str) -> str:
    """Without indices: how many words there are is no shape; that a key repeats is one."""
    parts = path.split("[")
    joined = parts[0] + "".join("[]" + part.partition("]")[2] for part in parts[1:])
    return (
        joined.partition("#")[0]
        + ("#2" if "#" in joined else "")
        + joined.partition("#")[2].lstrip("0123456789")
    )
