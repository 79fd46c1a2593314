"""Servers that tell what they were sent, in every place of a reply."""

import json

from e2e.raw_server import HEAD_END, OK, http
from unit.support import envelope


def echoing(make_reply):
    """A script that answers with what `make_reply` makes of the request's head, as it came."""

    def script(connection):
        connection.send(make_reply(connection.read_request().split(HEAD_END)[0]))

    return script


def target(head):
    return head.split(b" ")[1]


def secret(head):
    return next(
        line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"authorization: ")
    )


def reset(connection):
    connection.read_request()
    connection.reset()


def silent(connection):
    connection.read_request()
    connection.hold()


WIRE = {
    "success": echoing(lambda head: OK),
    "refusal": echoing(lambda head: http(json.dumps(envelope(4010001)).encode())),
    "page": echoing(lambda head: http(b"<pre>" + head + b"</pre>", status="404 Not Found")),
    "truncated page": echoing(lambda head: http(head, status="502 Bad Gateway")[:-5]),
    "redirect": echoing(
        lambda head: http(b"", f"Location: https://x{target(head).decode()}", status="302 Found")
    ),
    "header": echoing(lambda head: http(b"{}", f"X-Seen: {secret(head).decode()}")),
    "reason": echoing(lambda head: http(b"{}", status=f"400 Bad {target(head).decode()}")),
    "another protocol": echoing(lambda head: head + HEAD_END),
    "bad header": echoing(lambda head: b"HTTP/1.1 200 OK\r\n" + target(head) + b"\r\n\r\n"),
    "bad chunk": echoing(
        lambda head: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + head
    ),
    "reset": reset,
    "silence": silent,
}
