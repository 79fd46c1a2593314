"""The named drifts in what the server takes: keys, inputs, ports, formats, sizes."""

from __future__ import annotations

from contract.drift.tampering import Call, Drift, Reply, accept, refuse


def _kind(call: Call) -> str:
    kind: str = call.request.headers.get("content-type", "")
    return kind.lower()


def _json(call: Call) -> bool:
    return _kind(call).startswith("application/json")


def _cropping(call: Call) -> bool:
    return call.request.url.path.endswith("cropping")


def _bare(call: Call) -> Reply:
    """Takes the secret key behind any scheme word."""
    given = call.request.headers.get("authorization", "")
    return call.passed(key=given.rpartition(" ")[2])


REQUEST = (
    Drift(
        "any secret key is accepted",
        lambda call: call.passed(key=call.target.secret_key),
        ("credentials",),
    ),
    Drift(
        "a key that only begins right is accepted",
        lambda call: call.passed(
            key=call.request.headers.get("authorization", "")[: len(call.target.secret_key)]
        ),
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
            call.passed()
            if "authorization" in call.request.headers
            else call.passed(key=call.target.secret_key)
        ),
        ("credentials",),
    ),
    Drift(
        "any app key is accepted",
        accept(
            lambda call, reply: (
                reply.code == 4010001
                and call.request.headers.get("authorization") == call.target.secret_key
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
            body=call.body.replace(b'name="image"', b'name="other"').replace(
                b'name="file"', b'name="image"'
            )
        ),
        ("one-input",),
    ),
    Drift(
        "the JSON field is called url",
        lambda call: call.passed(
            body=call.body.replace(b'"imageUrl"', b'"other"').replace(b'"url"', b'"imageUrl"')
        ),
        ("one-input",),
    ),
    Drift("JSON is no longer taken", refuse(415, lambda call, _: _json(call)), ("one-input",)),
    Drift(
        "a language is demanded",
        refuse(4000001, lambda call, reply: reply.code == 0 and b"lang" not in call.body),
        ("no-parameter",),
    ),
    Drift("port 8080 is accepted", accept(lambda call, _: call.port == "8080"), ("ports",)),
    Drift(
        "every port is accepted",
        accept(lambda call, reply: call.port and reply.code in (400, 4000001)),
        ("ports",),
    ),
    Drift("ports reach to 12999", accept(lambda call, _: call.port == "12001"), ("ports",)),
    Drift("ports begin at 9999", accept(lambda call, _: call.port == "9999"), ("ports",)),
    Drift("port 443 is refused", refuse(400, lambda call, _: call.port == "443"), ("ports",)),
    Drift("port 80 is refused", refuse(400, lambda call, _: call.port == "80"), ("ports",)),
    Drift("port 12000 is refused", refuse(400, lambda call, _: call.port == "12000"), ("ports",)),
    Drift("port 10000 is refused", refuse(400, lambda call, _: call.port == "10000"), ("ports",)),
    Drift("a GIF is accepted", accept(lambda call, _: call.image.startswith(b"GIF")), ("formats",)),
    Drift(
        "a text is accepted as an image",
        accept(
            lambda call, reply: reply.code in (4000002, 4000003) and b"GIF" not in call.image[:4]
        ),
        ("formats",),
    ),
    Drift(
        "JPEG is refused",
        refuse(4000003, lambda call, _: call.image.startswith(b"\xff\xd8")),
        ("formats",),
    ),
    Drift(
        "an empty file is accepted", accept(lambda _, reply: reply.code == 4000004), ("formats",)
    ),
    Drift(
        "the limit is 5 MB", refuse(4131000, lambda call, _: len(call.body) > 5_242_880), ("size",)
    ),
    Drift(
        "the limit is 20 million bytes",
        refuse(4131000, lambda call, _: len(call.body) > 20_000_000),
        ("size",),
    ),
    Drift("there is no limit of size", accept(lambda _, reply: reply.code == 4131000), ("size",)),
    Drift(
        "there is no limit of size by URL",
        accept(lambda _, reply: reply.code == 4000502),
        ("size",),
    ),
    Drift(
        "tall images are refused beyond 400 rows",
        refuse(
            4000505,
            lambda call, reply: (
                reply.code == 0
                and call.image[:4] == b"\x89PNG"
                and int.from_bytes(call.image[20:24], "big") > 400
            ),
        ),
        ("resolution",),
    ),
    Drift(
        "an image past 1:10 is accepted",
        accept(lambda _, reply: reply.code == 4000505),
        ("ratio-limit",),
    ),
    Drift(
        "a failed download is a success",
        accept(lambda _, reply: reply.code == 4000504),
        ("code-list",),
    ),
    Drift("another media type is accepted", accept(lambda _, reply: reply.code == 415)),
    *(
        Drift(
            f"a body under {kind} is accepted",
            accept(
                lambda call, reply, kind=kind: (  # type: ignore[misc]
                    reply.code == 415 and _kind(call).startswith(kind)
                )
            ),
            ("one-input",),
        )
        for kind in ("text/json", "multipart/mixed")
    ),
    Drift(
        "JSON is accepted as text",
        accept(lambda call, reply: reply.code == 415 and call.body.startswith(b"{")),
        ("one-input",),
    ),
    Drift(
        "paths are taken in capitals",
        accept(lambda call, _: call.request.url.path.endswith("/GENERAL")),
        ("code-list",),
    ),
    Drift("GET is accepted", accept(lambda call, _: call.request.method == "GET")),
    Drift("an unknown path is accepted", accept(lambda _, reply: reply.code in (404, 4041007))),
    Drift(
        "JSON that is cut is accepted",
        accept(
            lambda call, reply: (
                reply.code == 400 and call.body.startswith(b"{") and not call.body.endswith(b"}")
            )
        ),
    ),
    Drift(
        "a body without image is accepted",
        accept(lambda call, reply: reply.code == 400 and b'name="other"' in call.body),
    ),
)
