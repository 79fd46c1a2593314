"""The drifts in what one code path takes: nearly right keys, ports, schemes, formats, sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Lock
from urllib.parse import urlsplit

import httpx

from contract.drift.tampering import WAYS, Act, Call, Drift, Reply, accept, only, refuse
from contract.drivers.rows.pictures import load

Allows = Callable[[str, str], bool]  # of what was given and what is right

NEARLY: dict[str, Allows] = {
    "compared without case": lambda given, right: given.lower() == right.lower(),
    "compared without its first letter": lambda given, right: given[1:] == right[1:],
    "compared without its last letter": lambda given, right: given[:-1] == right[:-1],
    "compared by its length": lambda given, right: len(given) == len(right),
    "compared by how it begins": lambda given, right: given.startswith(right),
    "too short by a letter": lambda given, right: given == right[:-1],
}
WORDS: dict[str, Allows] = {
    "with a word behind it": lambda given, right: given.split(" ")[:1] == [right],
    "behind the word Basic": lambda given, right: given == f"Basic {right}",
    "behind the word Bearer": lambda given, right: given == f"Bearer {right}",
    "behind any word": lambda given, right: given.rpartition(" ")[2] == right,
    "in quotation marks": lambda given, right: given == f'"{right}"',
    "behind anything": lambda given, right: given.endswith(right),
    "that is empty": lambda given, _: not given,
}


def _secret(allows: Allows) -> Act:
    def when(call: Call, reply: Reply) -> bool:
        given = call.request.headers.get("authorization")
        refused = reply.code in (4010001, 4000005) and call.app_key == call.target.app_key
        return refused and given is not None and allows(given, call.target.secret_key)

    return accept(when)


def _app_key(allows: Allows) -> Act:
    def when(call: Call, reply: Reply) -> bool:
        right = call.request.headers.get("authorization") == call.target.secret_key
        return right and reply.code == 4010001 and allows(call.app_key, call.target.app_key)

    return accept(when)


def _no_header(call: Call, reply: Reply) -> bool:
    return "authorization" not in call.request.headers and reply.code == 4000005


def _fetched_all_the_same(call: Call) -> Reply:
    """Asks for the image before it looks at the port."""
    if call.port in ("8080", "9999", "12001"):
        with suppress(httpx.HTTPError):  # nobody may serve there
            httpx.get(call.image_url, trust_env=False)
    return call.passed()


def _redirect_followed(call: Call) -> Reply:
    if "/redirect-8080/" in call.image_url:
        where = call.image_url.replace("/redirect-8080", "")
        port = str(urlsplit(where).port)
        httpx.get(where.replace(port, "8080"), trust_env=False)
        return call.good()
    return call.passed()


def _named(*ends: str) -> Callable[[Call, Reply], bool]:
    return lambda call, reply: reply.code == 0 and call.file_name.endswith(ends)


def _sent(name: str) -> Callable[[Call, Reply], bool]:
    """Whether the image is a certain one, as a file or at a URL."""

    def when(call: Call, reply: Reply) -> bool:
        return load(name) in call.body or call.image_url.endswith(name)

    return when


def _empty(call: Call, reply: Reply) -> bool:
    return reply.code == 4000004 or call.image_url.endswith("b01_empty")


def _larger(size: int, kind: bytes) -> Callable[[Call, Reply], bool]:
    return lambda call, _: len(call.body) > size and call.image.startswith(kind)


def _size_at_url(call: Call) -> int:
    size = call.image_url.rpartition("padded-")[2].partition("-")[0]
    return int(size) if size.isdigit() else 0


_BOTH: tuple[tuple[str, Act, tuple[str, ...]], ...] = (
    *(
        (f"a key is accepted {how}", _secret(allows), ("credentials",))
        for how, allows in (*NEARLY.items(),)
    ),
    *(
        (f"a key is accepted {how}", _secret(allows), ("bare-key",))
        for how, allows in (*WORDS.items(),)
    ),
    *(
        (f"an app key is accepted {how}", _app_key(allows), ("credentials", "app-key-in-path"))
        for how, allows in NEARLY.items()
    ),
    ("no key is needed", accept(_no_header), ("credentials",)),
    ("a broken GIF is read", accept(_sent("b09_gif")), ("formats",)),
    ("a PDF is read", accept(_sent("b13_pdf")), ("formats",)),
    ("an empty image is read", accept(_empty), ("formats",)),
    *(
        (
            f"{what} is no image",
            refuse(4000003, _sent(f"note.png@{what}")),
            ("formats",),
        )
        for what in ("gray", "16-bit", "palette", "alpha", "cmyk", "progressive", "photograph")
    ),
    (
        "a photograph with EXIF is no image",
        refuse(4000003, _sent("note.png@turned-by-exif")),
        ("formats",),
    ),
    ("an image of 1:8 is out of ratio", refuse(4000505, _sent("ladder.png")), ("ratio-limit",)),
    ("a wide image of 1:8 is out of ratio", refuse(4000505, _sent("ribbon.png")), ("ratio-limit",)),
    (
        "a wide image is refused, or a wide one is read",
        lambda call: _turned(call, "banner.png"),
        ("ratio-limit",),
    ),
    (
        "a tall image is refused, or a tall one is read",
        lambda call: _turned(call, "scroll.png"),
        ("ratio-limit",),
    ),
)

_BY_FILE: tuple[tuple[str, Act, tuple[str, ...]], ...] = (
    ("a file .jpeg is refused", refuse(4000003, _named(".jpeg")), ("formats",)),
    ("a file .JPG is refused", refuse(4000003, _named(".JPG")), ("formats",)),
    ("a file .PNG is refused", refuse(4000003, _named(".PNG")), ("formats",)),
    (
        "a Korean file name is refused",
        refuse(400, lambda call, _: not call.file_name.isascii()),
        ("formats",),
    ),
    (
        "a file name without suffix is refused",
        refuse(4000003, lambda call, _: call.file_name == "image"),
        ("formats",),
    ),
    (
        "a long file name is refused",
        refuse(400, lambda call, _: len(call.file_name) > 200),
        ("formats",),
    ),
    *(
        (f"the limit for {name} is 5 MB", refuse(4131000, _larger(5_242_880, kind)), ("size",))
        for name, kind in (("PNG", b"\x89PNG"), ("JPEG", b"\xff\xd8"))
    ),
    *(
        (
            f"{name} has no limit",
            accept(lambda call, reply, k=kind: reply.code == 4131000 and call.image.startswith(k)),  # type: ignore[misc]
            ("size",),
        )
        for name, kind in (("PNG", b"\x89PNG"), ("JPEG", b"\xff\xd8"))
    ),
)

_BY_URL: tuple[tuple[str, Act, tuple[str, ...]], ...] = (
    *(
        (f"port {port} is refused", refuse(4000001, lambda c, _, p=port: c.port == p), ("ports",))  # type: ignore[misc]
        for port in ("80", "443", "10000", "10001", "11111", "11999", "12000")
    ),
    *(
        (f"port {port} is accepted", accept(lambda c, _, p=port: c.port == p), ("ports",))  # type: ignore[misc]
        for port in ("8080", "9999", "12001", "79", "22", "8443", "65535", "12345")
    ),
    ("a forbidden port is asked, then refused", _fetched_all_the_same, ("ports",)),
    ("a redirect to a forbidden port is followed", _redirect_followed, ("ports",)),
    (
        "https is refused",
        refuse(4000001, lambda call, _: call.image_url.startswith("https://127")),
        ("one-input",),
    ),
    (
        "https is not fetched",
        refuse(4000504, lambda call, _: call.image_url.startswith("https://127")),
        ("one-input",),
    ),
    (
        "host names are refused",
        refuse(4000001, lambda call, _: "localhost" in call.image_url),
        ("one-input",),
    ),
    (
        "a URL without suffix is refused",
        refuse(4000003, lambda call, _: call.image_url.endswith("/note")),
        ("one-input",),
    ),
    *(
        (
            f"a URL that ends with {end} is refused",
            refuse(4000003, lambda call, _, end=end: call.image_url.endswith(end)),  # type: ignore[misc]
            ("formats",),
        )
        for end in (".JPG", ".jpeg", ".PNG")
    ),
    (
        "the limit by URL is 5 MB",
        refuse(4000502, lambda call, _: _size_at_url(call) > 5_242_880),
        ("size",),
    ),
    (
        "JPEGs by URL have no limit",
        accept(lambda call, reply: reply.code == 4000502 and call.image_url.endswith(".jpg")),
        ("size",),
    ),
    (
        "PNGs by URL have no limit",
        accept(lambda call, reply: reply.code == 4000502 and call.image_url.endswith(".png")),
        ("size",),
    ),
    (
        "an image that is not there is read",
        accept(lambda call, _: "missing" in call.image_url),
        ("code-list",),
    ),
)


def _turned(call: Call, name: str) -> Reply:
    """The other answer to an image past 1:10 than its operation has."""
    reply = call.passed()
    if not _sent(name)(call, reply):
        return reply
    return (
        accept(lambda *_: reply.code == 4000505)(call)
        if reply.code
        else refuse(4000505, lambda *_: True)(call)
    )


def _version_let_in(version: str) -> Act:
    def act(call: Call) -> Reply:
        path = call.request.url.raw_path
        if path.startswith(f"/{version}/".encode()):
            return call.good()
        return call.passed()

    return act


class Mixed:
    """Two calls at once get the answers of each other. A call alone does not wait for ever."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.seconds = seconds
        self._lock = Lock()
        self._barrier = Barrier(2)
        self._replies: dict[int, Reply] = {}

    def __call__(self, call: Call) -> Reply:
        reply = call.passed()
        try:
            turn = self._barrier.wait(self.seconds)
        except BrokenBarrierError:
            self._barrier.reset()
            return reply
        with self._lock:
            self._replies[turn] = reply
        self._barrier.wait(self.seconds)
        return self._replies[1 - turn]


TOGETHER = Drift("two callers at once get each other's answers", Mixed(), ("value",))


def paths() -> Iterator[Drift]:
    """Each drift, on every code path alone that it can be on."""
    for drifts, ways in (
        (_BOTH, WAYS),
        (_BY_FILE, WAYS[::2]),
        (_BY_URL, WAYS[1::2]),
    ):
        for name, act, facts in drifts:
            for way in ways:
                yield Drift(f"{name}, in {way}", only(way, act), facts, way=way)
    for version in ("v1.2", "v2.0", "v0.9", "v9.0", "v1"):
        yield Drift(f"{version} is taken for v1.0", _version_let_in(version), ("code-list",))
