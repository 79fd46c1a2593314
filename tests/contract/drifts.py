"""The named drifts: each one change of behaviour that the suite must notice."""

from __future__ import annotations

from contract.tampering import (
    Call,
    Drift,
    Reply,
    Value,
    accept,
    boxes,
    on_body,
    on_failure,
    on_reply,
    on_success,
    refuse,
    words,
)


def _json(call: Call) -> bool:
    return call.request.headers.get("content-type", "").lower().startswith("application/json")


def _cropping(call: Call) -> bool:
    return call.request.url.path.endswith("cropping")


def _each(items: object, **changes: object) -> None:
    for item in items:  # type: ignore[attr-defined]
        for key, change in changes.items():
            item[key] = change(item[key]) if callable(change) else change


def _scaled(factor: float) -> object:
    def edit(value: Value) -> None:
        for box in boxes(value):
            for key in box:
                box[key] = int(box[key] * factor) if factor >= 1 else box[key] * factor

    return edit


def _turned(by: int) -> object:
    def edit(value: Value) -> None:
        for box in boxes(value):
            numbers = list(box.values())
            box.update(zip(box, numbers[2 * by :] + numbers[: 2 * by], strict=True))

    return edit


def _mirrored(value: Value) -> None:
    for box in boxes(value):
        x1, y1, x2, y2, x3, y3, x4, y4 = box.values()
        box.update(zip(box, (x1, y1, x4, y4, x3, y3, x2, y2), strict=True))


def _corners_as_size(value: Value) -> None:
    for box in boxes(value):
        box["x3"], box["y3"] = box["x3"] - box["x1"], box["y3"] - box["y1"]


def _result(**changes: object) -> object:
    return lambda value: _each([value["result"]], **changes)


def _lists(value: Value) -> tuple[list[Value], list[Value]]:
    return value["result"]["listOfInferTexts"], value["result"]["listOfBoundingBoxes"]


def _one_line(value: Value) -> None:
    texts, areas = _lists(value)
    texts[:] = [{"inferTexts": [word for line in texts for word in line["inferTexts"]]}]
    areas[:] = [{"boundingBoxes": [box for line in areas for box in line["boundingBoxes"]]}]


def _reversed_words(value: Value) -> None:
    texts, areas = _lists(value)
    for line in texts:
        line["inferTexts"].reverse()
    for line in areas:
        line["boundingBoxes"].reverse()


def _status(status: int, code: int | None = None) -> object:
    def change(reply: Reply) -> Reply:
        hit = reply.code != 0 if code is None else reply.code == code
        return Reply(status, reply.headers, reply.body) if hit else reply

    return change


def _header(**changes: str) -> object:
    return lambda reply: Reply(reply.status, {**reply.headers, **changes}, reply.body)


def _recoded(old: int, new: int) -> Drift:
    edit = on_failure(lambda value: value["header"].update(resultCode=new), old)
    return Drift(f"code {old} becomes {new}", edit, ("code-list",))


def _bare(call: Call) -> Reply:
    """Takes the secret key behind any scheme word."""
    given = call.request.headers.get("authorization", "")
    return call.passed(key=given.rpartition(" ")[2])


REQUEST = (
    Drift("any secret key is accepted", lambda call: call.passed(key=call.target.secret_key), ("credentials",)),
    Drift(
        "a key that only begins right is accepted",
        lambda call: call.passed(key=call.request.headers.get("authorization", "")[: len(call.target.secret_key)]),
        ("credentials",),
    ),
    Drift("a scheme word is accepted", _bare, ("bare-key",)),
    Drift(
        "a scheme word is demanded",
        refuse(4010001, lambda call, _: " " not in call.request.headers.get("authorization", "")),
        ("bare-key",),
    ),
    Drift(
        "a missing key is accepted",
        lambda call: (
            call.passed() if "authorization" in call.request.headers else call.passed(key=call.target.secret_key)
        ),
        ("credentials",),
    ),
    Drift(
        "any app key is accepted",
        accept(
            lambda call, reply: (
                reply.code == 4010001 and call.request.headers.get("authorization") == call.target.secret_key
            )
        ),
        ("app-key-in-path",),
    ),
    Drift(
        "cropping asks for no key",
        accept(lambda call, reply: _cropping(call) and reply.code in (4010001, 4000005)),
        ("credentials",),
    ),
    Drift(
        "the field is called file",
        lambda call: call.passed(
            body=call.body.replace(b'name="image"', b'name="other"').replace(b'name="file"', b'name="image"')
        ),
        ("one-input",),
    ),
    Drift(
        "the JSON field is called url",
        lambda call: call.passed(body=call.body.replace(b'"imageUrl"', b'"other"').replace(b'"url"', b'"imageUrl"')),
        ("one-input",),
    ),
    Drift("JSON is no longer taken", refuse(415, lambda call, _: _json(call)), ("one-input",)),
    Drift(
        "a language is demanded",
        refuse(4000001, lambda call, reply: reply.code == 0 and b"lang" not in call.body),
        ("no-parameter",),
    ),
    Drift("port 8080 is accepted", accept(lambda call, _: call.port == "8080"), ("ports",)),
    Drift("every port is accepted", accept(lambda call, reply: call.port and reply.code in (400, 4000001)), ("ports",)),
    Drift("ports reach to 12999", accept(lambda call, _: call.port == "12001"), ("ports",)),
    Drift("ports begin at 9999", accept(lambda call, _: call.port == "9999"), ("ports",)),
    Drift("port 443 is refused", refuse(400, lambda call, _: call.port == "443"), ("ports",)),
    Drift("port 80 is refused", refuse(400, lambda call, _: call.port == "80"), ("ports",)),
    Drift("port 12000 is refused", refuse(400, lambda call, _: call.port == "12000"), ("ports",)),
    Drift("port 10000 is refused", refuse(400, lambda call, _: call.port == "10000"), ("ports",)),
    Drift("a GIF is accepted", accept(lambda call, _: call.image.startswith(b"GIF")), ("formats",)),
    Drift(
        "a text is accepted as an image",
        accept(lambda call, reply: reply.code in (4000002, 4000003) and b"GIF" not in call.image[:4]),
        ("formats",),
    ),
    Drift("JPEG is refused", refuse(4000003, lambda call, _: call.image.startswith(b"\xff\xd8")), ("formats",)),
    Drift("an empty file is accepted", accept(lambda _, reply: reply.code == 4000004), ("formats",)),
    Drift("the limit is 5 MB", refuse(4131000, lambda call, _: len(call.body) > 5_242_880), ("size",)),
    Drift("the limit is 20 million bytes", refuse(4131000, lambda call, _: len(call.body) > 20_000_000), ("size",)),
    Drift("there is no limit of size", accept(lambda _, reply: reply.code == 4131000), ("size",)),
    Drift("there is no limit of size by URL", accept(lambda _, reply: reply.code == 4000502), ("size",)),
    Drift(
        "tall images are refused beyond 400 rows",
        refuse(
            4000505,
            lambda call, reply: (
                reply.code == 0 and call.image[:4] == b"\x89PNG" and int.from_bytes(call.image[20:24], "big") > 400
            ),
        ),
        ("resolution",),
    ),
    Drift("an image past 1:10 is accepted", accept(lambda _, reply: reply.code == 4000505), ("ratio-limit",)),
    Drift("a failed download is a success", accept(lambda _, reply: reply.code == 4000504), ("code-list",)),
    Drift("another media type is accepted", accept(lambda _, reply: reply.code == 415)),
    Drift("GET is accepted", accept(lambda call, _: call.request.method == "GET")),
    Drift("an unknown path is accepted", accept(lambda _, reply: reply.code in (404, 4041007))),
    Drift(
        "JSON that is cut is accepted",
        accept(lambda call, reply: reply.code == 400 and call.body.startswith(b"{") and not call.body.endswith(b"}")),
    ),
    Drift(
        "a body without image is accepted",
        accept(lambda call, reply: reply.code == 400 and b'name="other"' in call.body),
    ),
)

RESPONSE = (
    Drift("failures come with HTTP 400", on_reply(_status(400)), ("always-200", "gateway-codes")),
    Drift("wrong keys come with HTTP 401", on_reply(_status(401, 4010001)), ("always-200",)),
    Drift("a refused file type comes with HTTP 400", on_reply(_status(400, 4000003)), ("gateway-codes",)),
    Drift("failures come with HTTP 500", on_reply(_status(500)), ("always-200",)),
    Drift("a success comes with HTTP 201", on_reply(_status(201, 0)), ("always-200",)),
    Drift("a failure has a null result", on_failure(lambda value: value.update(result=None)), ("failure-form",)),
    Drift("a failure has an empty result", on_failure(lambda value: value.update(result={})), ("failure-form",)),
    Drift(
        "a failure is called a success",
        on_failure(lambda value: value["header"].update(isSuccessful=True)),
        ("failure-form",),
    ),
    Drift("a failure has code 0", on_failure(lambda value: value["header"].update(resultCode=0)), ("failure-form",)),
    Drift(
        "a success has code 200", on_success(lambda value: value["header"].update(resultCode=200)), ("success-form",)
    ),
    Drift("a success says OK", on_success(lambda value: value["header"].update(resultMessage="OK")), ("success-form",)),
    Drift(
        "the code is a string",
        on_failure(lambda value: value["header"].update(resultCode=str(value["header"]["resultCode"]))),
    ),
    Drift(
        "codes have a new series",
        on_failure(lambda value: value["header"].update(resultCode=value["header"]["resultCode"] + 10_000_000)),
        ("code-list",),
    ),
    Drift("a box is lost", on_success(lambda value: _lists(value)[1][-1]["boundingBoxes"].pop()), ("pairing",)),
    Drift("a word is lost", on_success(lambda value: _lists(value)[0][-1]["inferTexts"].pop()), ("pairing",)),
    Drift("a line of boxes is lost", on_success(lambda value: _lists(value)[1].pop()), ("pairing",)),
    Drift(
        "boxes come for lines, not for words",
        on_success(lambda value: _each(_lists(value)[1], boundingBoxes=lambda found: found[:1])),
        ("pairing",),
    ),
    Drift(
        "boxes come from right to left",
        on_success(lambda value: _each(_lists(value)[1], boundingBoxes=lambda found: found[::-1])),
        ("pairing", "visual-line"),
    ),
    Drift("words come from right to left", on_success(_reversed_words), ("visual-line",)),
    Drift("all lines come as one", on_success(_one_line), ("visual-line",)),
    Drift(
        "a success may have no words",
        on_success(_result(listOfInferTexts=lambda _: [], listOfBoundingBoxes=lambda _: [])),
    ),
    Drift(
        "a word has an angle",
        on_success(
            lambda value: _each(words(value), conf=lambda conf: conf) or [word.update(angle=0) for word in words(value)]
        ),
        ("word-form",),
    ),
    Drift(
        "a word is called text",
        on_success(lambda value: [word.update(text=word.pop("value")) for word in words(value)]),
        ("word-form",),
    ),
    Drift("corners start at the top right", on_success(_turned(1)), ("corners",)),
    Drift("corners start at the bottom right", on_success(_turned(2)), ("corners",)),
    Drift("corners go against the clock", on_success(_mirrored), ("corners",)),
    Drift("corner 3 is width and height", on_success(_corners_as_size), ("corners",)),
    Drift("coordinates are of an image twice as large", on_success(_scaled(2)), ("pixels",)),
    Drift("coordinates are fractions of the image", on_success(_scaled(1 / 1000)), ("pixels", "numbers")),
    Drift(
        "conf is in percent", on_success(lambda value: _each(words(value), conf=lambda conf: conf * 100)), ("numbers",)
    ),
    Drift("conf is a string", on_success(lambda value: _each(words(value), conf=str)), ("numbers",)),
    Drift("conf is sometimes null", on_success(lambda value: next(words(value)).update(conf=None)), ("numbers",)),
    Drift(
        "coordinates are strings",
        on_success(lambda value: [_each([box], x1=str) for box in boxes(value)]),
        ("numbers",),
    ),
    Drift("trailing commas come back", on_body(lambda body: body.replace(b"}]}", b"},]}")), ("guide-form",)),
    Drift("conf is repeated", on_body(lambda body: body.replace(b'"conf":', b'"conf":0.5,"conf":')), ("guide-form",)),
    Drift(
        "a repeated list has a bad conf in front",
        on_body(
            lambda body: body.replace(b'{"inferTexts":[', b'{"inferTexts":[{"value":"a","conf":1.7}],"inferTexts":[')
        ),
        ("guide-form",),
    ),
    Drift(
        "resolution comes back",
        on_success(lambda value: value["result"].update(resolution="normal")),
        ("extra-fields",),
    ),
    Drift("fileType is upper case", on_success(_result(fileType=lambda kind: kind.upper())), ("file-type",)),
    Drift("fileType is jpeg", on_success(_result(fileType=lambda kind: kind.replace("jpg", "jpeg"))), ("file-type",)),
    Drift("fileType is always png", on_success(_result(fileType="png")), ("file-type",)),
    Drift("slicesImages is gone", on_success(lambda value: value["result"].pop("slicesImages", None)), ("slices",)),
    Drift(
        "slicesImages comes with general",
        on_success(lambda value: value["result"].setdefault("slicesImages", 1)),
        ("slices",),
    ),
    Drift(
        "slicesImages counts from 0",
        on_success(
            lambda value: (
                "slicesImages" in value["result"] and _each([value["result"]], slicesImages=lambda count: count - 1)
            )
        ),
        ("slices",),
    ),
    Drift(
        "slicesImages is always 1",
        on_success(lambda value: "slicesImages" in value["result"] and _each([value["result"]], slicesImages=1)),
        ("slices",),
    ),
    Drift("the result is a list", on_success(lambda value: value.update(result=[value["result"]]))),
    Drift("the envelope is gone", on_body(lambda body: body.partition(b'"result":')[2][:-1] or body)),
    Drift("the body is empty", on_body(lambda _: b"")),
    Drift("the body is cut", on_body(lambda body: body[:-1])),
    Drift("the body begins with a mark", on_body(lambda body: b"\xef\xbb\xbf" + body)),
    Drift("the body is in EUC-KR", on_body(lambda body: body.decode().encode("euc-kr", "replace"))),
    Drift("NaN stands for an unknown conf", on_body(lambda body: body.replace(b'"conf":0', b'"conf":NaN,"x":0'))),
    Drift("the reply is called text", on_reply(_header(**{"content-type": "text/plain"}))),
    Drift("the reply is a page", on_reply(lambda reply: Reply(200, {"content-type": "text/html"}, b"<html></html>"))),
    Drift("the gateway's statuses are all 200", on_reply(_status(200)), ("gateway",), mode="gateway"),
    Drift("the gateway's statuses are all 400", on_reply(_status(400)), ("gateway",), mode="gateway"),
)

CODES = tuple(
    _recoded(old, new)
    for old, new in (
        (400, 5000002),
        (404, 4000001),
        (405, 400),
        (415, 400),
        (4000003, 4000004),
        (4000004, 4000003),
        (4000005, 4000001),
        (4000502, 4000504),
        (4000504, 4000503),
        (4000505, 4000501),
        (4010001, 4010006),
        (4131000, 4000001),
    )
)

DRIFTS: tuple[Drift, ...] = (*REQUEST, *RESPONSE, *CODES)
