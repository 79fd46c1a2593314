"""What the client uses of its libraries that is not public: named in one place, missed aloud."""

import ast
from pathlib import Path
from types import SimpleNamespace

import anyio
import httpcore
import httpx
import nhncloud_ocr
import pytest
from nhncloud_ocr import AsyncOcrClient, ConfigurationError, OcrClient
from nhncloud_ocr._http import internals

KEYS = ("an-app-key", "a-secret-key")
OVERLAY = Path(nhncloud_ocr.__file__).parent
POOL_NAMES = ("_network_backend", "_connections", "_requests", "_optional_thread_lock")


class OfALaterVersion(httpx.HTTPTransport):
    """A transport whose pool, or a name of it, is no more."""

    def __init__(self, missing=None):
        super().__init__()
        if missing is None:
            del self._pool
        else:
            delattr(self._pool, missing)

    def close(self):
        pass


def test_a_transport_without_its_pool_is_refused_when_a_client_is_made() -> None:
    with pytest.raises(ConfigurationError, match=r"httpx .* has no _pool"):
        OcrClient(*KEYS, transport=OfALaterVersion())


@pytest.mark.parametrize("name", POOL_NAMES)
def test_a_pool_that_could_not_be_kept_from_a_child_process_is_refused(name) -> None:
    with pytest.raises(ConfigurationError, match=f"ConnectionPool has no {name}"):
        OcrClient(*KEYS, transport=OfALaterVersion(name))


def test_a_version_that_is_not_known_is_no_bill() -> None:
    with pytest.raises(ConfigurationError) as caught:
        OcrClient(*KEYS, transport=OfALaterVersion())
    assert not caught.value.maybe_billed
    assert httpcore.__version__ in str(caught.value)


def test_an_async_pool_that_is_not_known_ends_the_call_before_it_is_sent() -> None:
    transport = httpx.AsyncHTTPTransport()
    del transport._pool

    async def call():
        await AsyncOcrClient(*KEYS, transport=transport).recognize(b"\x89PNG\r\n\x1a\nimage")

    with pytest.raises(ConfigurationError, match="has no _pool"):
        anyio.run(call)


def test_a_test_double_may_stand_in_the_place_of_a_pool() -> None:
    transport = httpx.HTTPTransport()
    transport._pool = SimpleNamespace(close=lambda: None)
    OcrClient(*KEYS, transport=transport).close()


@pytest.mark.parametrize(
    "stream",
    [
        object(),
        SimpleNamespace(_stream=object()),
        SimpleNamespace(_stream=SimpleNamespace(_connection=SimpleNamespace(_h11_state=object()))),
        SimpleNamespace(
            _stream=SimpleNamespace(
                _connection=SimpleNamespace(_h11_state=SimpleNamespace(trailing_data=b"other"))
            )
        ),
    ],
)
def test_what_h11_holds_counts_as_too_much_where_it_cannot_be_seen(stream) -> None:
    assert not internals.is_read_to_its_end(stream)


def over(layer):
    """A stream of httpcore over a layer of anyio."""
    return SimpleNamespace(_stream=layer)


def tls(layer, encrypted=0, decrypted=0):
    return SimpleNamespace(
        transport_stream=layer,
        _read_bio=SimpleNamespace(pending=encrypted),
        _ssl_object=SimpleNamespace(pending=lambda: decrypted),
    )


def socket(*queue):
    return SimpleNamespace(_protocol=SimpleNamespace(read_queue=queue))


@pytest.mark.parametrize(
    "layer",
    [
        object(),
        SimpleNamespace(_protocol=object()),
        SimpleNamespace(transport_stream=socket()),
        tls(object()),
        socket(b"more"),
        tls(socket(), encrypted=1),
        tls(socket(), decrypted=1),
        tls(socket(b"more")),
    ],
)
def test_what_anyio_holds_counts_as_read_ahead_where_it_cannot_be_seen(layer) -> None:
    assert internals.is_read_ahead(over(layer))


@pytest.mark.parametrize("layer", [socket(), tls(socket())])
def test_nothing_is_read_ahead_where_all_can_be_seen(layer) -> None:
    assert not internals.is_read_ahead(over(layer))


def test_a_stream_of_another_library_says_itself_whether_it_can_be_read() -> None:
    assert not internals.is_read_ahead(httpcore.AsyncMockStream([]))


def private(path):
    """Yield the private attributes that a module uses, and where."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and node.attr[1:2] != "_":
            yield node


def test_no_other_module_uses_a_private_name_of_a_library() -> None:
    modules = sorted(OVERLAY.rglob("*.py"))
    texts = "\n".join(path.read_text("utf-8") for path in modules)
    for path in modules:
        if path.name == "internals.py":
            continue
        for node in private(path):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            ours = f"self.{node.attr} = " in texts or f"def {node.attr}(" in texts
            ours = ours or f"    {node.attr}: " in texts or node.attr == "_get_kwargs"
            assert own or ours, f"{path.name}:{node.lineno} uses {node.attr}"


def test_each_private_name_that_is_used_stands_in_the_list() -> None:
    for node in private(OVERLAY / "_http" / "internals.py"):
        assert node.attr in internals.__doc__, f"say why {node.attr} is used"
