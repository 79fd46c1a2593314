"""The named drifts in what the server answers: statuses, the envelope, the bytes; the result."""

from __future__ import annotations

from collections.abc import Callable

from contract.drift.of_results import RESULT
from contract.drift.tampering import Drift, Reply, on_body, on_failure, on_reply, on_success


def _status(status: int, code: int | None = None) -> Callable[[Reply], Reply]:
    def change(reply: Reply) -> Reply:
        hit = reply.code != 0 if code is None else reply.code == code
        return Reply(status, reply.headers, reply.body) if hit else reply

    return change


def _header(**changes: str) -> Callable[[Reply], Reply]:
    return lambda reply: Reply(reply.status, {**reply.headers, **changes}, reply.body)


RESPONSE = (
    Drift("failures come with HTTP 400", on_reply(_status(400)), ("always-200", "gateway-codes")),
    Drift("wrong keys come with HTTP 401", on_reply(_status(401, 4010001)), ("always-200",)),
    Drift(
        "a refused file type comes with HTTP 400",
        on_reply(_status(400, 4000003)),
        ("gateway-codes",),
    ),
    Drift("failures come with HTTP 500", on_reply(_status(500)), ("always-200",)),
    Drift("a success comes with HTTP 201", on_reply(_status(201, 0)), ("always-200",)),
    Drift(
        "a failure has a null result",
        on_failure(lambda value: value.update(result=None)),
        ("failure-form",),
    ),
    Drift(
        "a failure has an empty result",
        on_failure(lambda value: value.update(result={})),
        ("failure-form",),
    ),
    Drift(
        "a failure is called a success",
        on_failure(lambda value: value["header"].update(isSuccessful=True)),
        ("failure-form",),
    ),
    Drift(
        "a failure has code 0",
        on_failure(lambda value: value["header"].update(resultCode=0)),
        ("failure-form",),
    ),
    Drift(
        "a success has code 200",
        on_success(lambda value: value["header"].update(resultCode=200)),
        ("success-form",),
    ),
    Drift(
        "a success says OK",
        on_success(lambda value: value["header"].update(resultMessage="OK")),
        ("success-form",),
    ),
    Drift(
        "the code is a string",
        on_failure(
            lambda value: value["header"].update(resultCode=str(value["header"]["resultCode"]))
        ),
    ),
    Drift(
        "codes have a new series",
        on_failure(
            lambda value: value["header"].update(
                resultCode=value["header"]["resultCode"] + 10_000_000
            )
        ),
        ("code-list",),
    ),
    Drift(
        "trailing commas come back",
        on_body(lambda body: body.replace(b"}]}", b"},]}")),
        ("guide-form",),
    ),
    Drift(
        "conf is repeated",
        on_body(lambda body: body.replace(b'"conf":', b'"conf":0.5,"conf":')),
        ("guide-form",),
    ),
    Drift(
        "a repeated list has a bad conf in front",
        on_body(
            lambda body: body.replace(
                b'{"inferTexts":[', b'{"inferTexts":[{"value":"a","conf":1.7}],"inferTexts":['
            )
        ),
        ("guide-form",),
    ),
    Drift("the result is a list", on_success(lambda value: value.update(result=[value["result"]]))),
    Drift(
        "the envelope is gone", on_body(lambda body: body.partition(b'"result":')[2][:-1] or body)
    ),
    Drift("the body is empty", on_body(lambda _: b"")),
    Drift("the body is cut", on_body(lambda body: body[:-1])),
    Drift("the body begins with a mark", on_body(lambda body: b"\xef\xbb\xbf" + body)),
    Drift("the body is in EUC-KR", on_body(lambda body: body.decode().encode("euc-kr", "replace"))),
    Drift(
        "NaN stands for an unknown conf",
        on_body(lambda body: body.replace(b'"conf":0', b'"conf":NaN,"x":0')),
    ),
    Drift("the reply is called text", on_reply(_header(**{"content-type": "text/plain"}))),
    Drift(
        "the reply is a page",
        on_reply(lambda reply: Reply(200, {"content-type": "text/html"}, b"<html></html>")),
    ),
    Drift(
        "the gateway's statuses are all 200", on_reply(_status(200)), ("gateway",), mode="gateway"
    ),
    Drift(
        "the gateway's statuses are all 400", on_reply(_status(400)), ("gateway",), mode="gateway"
    ),
    *RESULT,
)
