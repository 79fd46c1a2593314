"""Replies that echo the keys, as a gateway's error pages do."""

import gzip
import json
from html import escape
from urllib.parse import quote

import httpx
import pytest
from e2e.both_clients import both
from e2e.secrets.canary import ALWAYS, ONCE, ascii_echo, echo, through
from nhncloud_ocr import AuthenticationError, OcrError, OcrResult
from unit.support import envelope, page


def escaped(character):
    return f"\\u{ord(character):04X}"


REPLIES = {
    "success": lambda request: httpx.Response(200, json=page()),
    "refusal": lambda request: httpx.Response(
        200, json=envelope(4010001, "Invalid appKey or secretKey.")
    ),
    "refusal that echoes": lambda request: httpx.Response(
        200, json=envelope(4010001, echo(request))
    ),
    "refusal that echoes in ASCII": lambda request: httpx.Response(
        200, content=json.dumps(envelope(4010001, echo(request)), ensure_ascii=True)
    ),
    "refusal that echoes in escapes": lambda request: httpx.Response(
        200,
        content=json.dumps(envelope(4010001, "HERE")).replace(
            "HERE", "".join(map(escaped, echo(request)))
        ),
    ),
    "refusal that echoes with escaped slashes": lambda request: httpx.Response(
        200, content=json.dumps(envelope(4010001, echo(request))).replace("/", "\\/")
    ),
    "gateway's refusal": lambda request: httpx.Response(
        429, json=envelope(4291000, echo(request)), headers={"Retry-After": ascii_echo(request)}
    ),
    "page": lambda request: httpx.Response(404, html=f"<pre>{echo(request)}</pre>"),
    "page with 200": lambda request: httpx.Response(200, html=f"<pre>{echo(request)}</pre>"),
    "escaped page": lambda request: httpx.Response(
        200, html=f"<pre>{escape(str(request.url))}</pre>"
    ),
    "compressed page": lambda request: httpx.Response(
        200, content=gzip.compress(echo(request).encode()), headers={"Content-Encoding": "gzip"}
    ),
    "page of a proxy": lambda request: httpx.Response(503, html=f"<pre>{echo(request)}</pre>"),
    "content type": lambda request: httpx.Response(
        200, headers={"Content-Type": f"text/html; x={ascii_echo(request)}"}
    ),
    "redirect": lambda request: httpx.Response(302, headers={"Location": str(request.url)}),
    "redirect to nowhere": lambda request: httpx.Response(
        302, headers={"Location": f"http://host:{quote(ascii_echo(request), safe='')}/"}
    ),
    "cookie": lambda request: httpx.Response(
        200, headers={"Set-Cookie": f"a={quote(ascii_echo(request))}"}, json=page()
    ),
    "unknown field": lambda request: httpx.Response(200, json={echo(request): [], **envelope()}),
    "field in the wrong place": lambda request: httpx.Response(
        200, json=page(texts=[{echo(request): 1}])
    ),
    "number for a text": lambda request: httpx.Response(200, json=page(texts=echo(request))),
    "half a JSON": lambda request: httpx.Response(
        200, content=json.dumps(envelope(0, echo(request)), ensure_ascii=False)[:-1]
    ),
}


@both
@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
@pytest.mark.parametrize("retry", [ONCE, ALWAYS], ids=["once", "again"])
def test_no_reply_brings_a_key_out(kind, canary, reply, retry) -> None:
    got = through(kind, reply, retry)
    assert isinstance(got, (OcrError, OcrResult))
    assert canary.leaks(got) == []


@both
def test_a_key_behind_a_backslash_leaves_a_refusal_what_it_is(kind, canary) -> None:
    """JSON writes the backslash twice: to take one of the two away with the key would break it."""
    message = "no such folder: C:\\{}"
    got = through(
        kind,
        lambda request: httpx.Response(
            200, json=envelope(4010001, message.format(request.headers["Authorization"]))
        ),
    )
    assert (type(got), got.result_message) == (AuthenticationError, message.format("***"))
    assert canary.leaks(got) == []
