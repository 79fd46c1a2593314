"""What the documents allow: servers that use a freedom, none of which may be called wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contract.drift.of_tokens import EITHER_LIFE
from contract.drift.tampering import (
    Call,
    Drift,
    Reply,
    Value,
    boxes,
    on_body,
    on_failure,
    on_reply,
    on_success,
    words,
)
from contract.drivers.rows.images import FORMATS, RATIOS, READ
from contract.drivers.session import Session
from contract.drivers.suite import run_table
from contract.judge.rules import Finding


def run_freely(session: Session) -> Iterator[Finding]:
    """The rows whose replies a freedom shows in: the table's images, none of them large."""
    names = {row.name for row in (*READ, *RATIOS, *FORMATS)}
    yield from run_table(
        session, [row for row in session.rows if row.name.removeprefix("v1.1-") in names]
    )


def _headed(**headers: str) -> Drift:
    def change(reply: Reply) -> Reply:
        return Reply(reply.status, {**reply.headers, **headers}, reply.body)

    return Drift(f"the head says {headers}", on_reply(change))


def _set(item: Value, **values: object) -> Value:
    item.update(values)
    return item


def _more_fields(value: Value) -> None:
    value["requestId"] = "a"
    value["header"]["traceId"] = 1
    result = value["result"]
    result["resolution"] = "low"
    for line in (*result["listOfInferTexts"], *result["listOfBoundingBoxes"]):
        line["lang"] = None
    for item in (*words(value), *boxes(value)):
        item["angle"] = [0.5]


def _joined(reply: Reply, *, boxes_too: bool) -> Reply:
    """All lines in one object that repeats `inferTexts`, as in the guide's sample."""
    value = reply.value
    if value is None or "result" not in value:
        return reply
    texts = [line["inferTexts"] for line in value["result"]["listOfInferTexts"]]
    areas = [line["boundingBoxes"] for line in value["result"]["listOfBoundingBoxes"]]
    if not boxes_too:
        areas = [[box for area in areas for box in area]]
    value["result"]["listOfInferTexts"] = "TEXTS"
    value["result"]["listOfBoundingBoxes"] = "AREAS"
    body = json.dumps(value, ensure_ascii=False)
    for mark, key, groups in (("TEXTS", "inferTexts", texts), ("AREAS", "boundingBoxes", areas)):
        inner = ",".join(
            f'"{key}":{json.dumps(group, ensure_ascii=False)}' for group in groups if group
        )
        body = body.replace(f'"{mark}"', "[{" + inner + "}]")
    return Reply(reply.status, reply.headers, body.encode())


def _turned_keys(call: Call) -> Reply:
    reply = call.passed()

    def turned(value: object) -> object:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    return reply.write(turned(json.loads(reply.body))) if reply.value else reply


def _spaced(body: bytes) -> bytes:
    # Hangul comes out in escapes, too. A revocation has no body.
    return json.dumps(json.loads(body), indent=2).encode() if body else body


def _merged_overlap(value: Value) -> None:
    """A text in the overlap of two slices comes once."""
    if value["result"].get("slicesImages", 0) < 2:
        return
    seen: set[str] = set()
    texts, areas = value["result"]["listOfInferTexts"], value["result"]["listOfBoundingBoxes"]
    for index in reversed(range(len(texts))):
        said = json.dumps([word["value"] for word in texts[index]["inferTexts"]])
        if said in seen:
            del texts[index], areas[index]
        seen.add(said)


def _own_frames(value: Value) -> None:
    """Boxes of the second half of a sliced tall image begin at 0 again."""
    if value["result"].get("slicesImages", 0) < 2:
        return
    areas = value["result"]["listOfBoundingBoxes"]
    if len(areas) < 4:
        return
    half = areas[len(areas) // 2 :]
    start = min(box["y1"] for line in half for box in line["boundingBoxes"])
    for box in (box for line in half for box in line["boundingBoxes"]):
        for key in ("y1", "y2", "y3", "y4"):
            box[key] = max(0, box[key] - start)


FREEDOMS = (
    Drift("more fields than are described come", on_success(_more_fields)),
    Drift("the guide's form", on_reply(lambda reply: _joined(reply, boxes_too=False))),
    Drift("both keys repeat", on_reply(lambda reply: _joined(reply, boxes_too=True))),
    Drift("keys come in another order", _turned_keys),
    Drift("JSON is indented, and Hangul escaped", on_body(_spaced)),
    Drift(
        "values start with a blank",
        on_success(lambda value: [_set(w, value=" " + w["value"]) for w in words(value)]),
    ),
    Drift(
        "conf is 1, an integer, for some",
        on_success(lambda value: _set(next(words(value)), conf=1)),
    ),
    Drift(
        "conf has many digits",
        on_success(lambda value: [_set(w, conf=w["conf"] - 1 / 7) for w in words(value)]),
    ),
    Drift(
        "messages of failures are in Korean",
        on_failure(lambda value: _set(value["header"], resultMessage="잘못된 요청입니다.")),
    ),
    Drift("a text in an overlap comes once", on_success(_merged_overlap)),
    Drift("boxes refer to their slice", on_success(_own_frames)),
    Drift(
        "boxes are a few pixels larger than their words",
        on_success(
            lambda value: [
                _set(box, x1=max(0, box["x1"] - 3), y1=max(0, box["y1"] - 2))
                for box in boxes(value)
            ]
        ),
    ),
    Drift(
        "boxes are turned a little",
        on_success(lambda value: [_set(box, y1=max(0, box["y1"] - 4)) for box in boxes(value)]),
    ),
    _headed(**{"content-type": "application/json;charset=UTF-8"}),
    EITHER_LIFE,
    _headed(server="nginx", **{"x-request-id": "1"}),
)
