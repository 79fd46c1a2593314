"""Behind a company's proxy and its private CA: as in httpx, and no key for the proxy to see."""

import logging
import socket
import ssl
import threading
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest
import trustme
from e2e.both_clients import AT_ONCE, both, recognize
from e2e.raw_server import HEAD_END, OK, RawServer, deaf_port
from nhncloud_ocr import (
    AsyncOcrClient,
    ConfigurationError,
    OcrClient,
    OcrConnectionError,
    TransportError,
)
from patience import PATIENCE
from unit.support import page

APP_KEY, SECRET_KEY = "an-app-key-7f3c9a51", "a-secret-key-e08b4d26"
SONGS = (b"7f3c9a51", b"e08b4d26")
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch):
    for name in (*VARIABLES, *map(str.lower, VARIABLES)):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def authority_file(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("ca") / "company.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def trusting(authority):
    """For `verify`: an SSL context that trusts the private CA."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def service(authority):
    """The service behind TLS, with a certificate of the private CA; `requests` keeps what came."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    def script(connection):
        server.requests.append(connection.read_request())
        connection.send(OK)

    with RawServer(script, tls=context) as server:
        server.requests = []
        yield server


@contextmanager
def forward_proxy(refuse=b""):
    """A proxy that tunnels, or refuses with a reply.

    `seen` keeps all that passed, `heads` what it was asked.
    """

    def script(connection):
        head = connection.read_head()
        proxy.heads.append(head)
        if refuse:
            connection.send(refuse)
            return
        host, port = head.split(b" ")[1].rsplit(b":", 1)
        assert host == b"localhost"
        with socket.create_connection(("127.0.0.1", int(port))) as upstream:
            connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=copy, args=(upstream, connection.sock))
            back.start()
            copy(connection.sock, upstream)
            back.join()

    def copy(source, target):
        try:
            while data := source.recv(65536):
                proxy.seen.append(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other direction has ended, and the sockets with it

    with RawServer(script) as proxy:
        proxy.heads, proxy.seen = [], []
        yield proxy


@pytest.fixture
def proxy():
    with forward_proxy() as proxy:
        yield proxy


def call(kind, service, *, verify=True, **options):
    keys = {"app_key": APP_KEY, "secret_key": SECRET_KEY}
    return recognize(kind, **keys, base_url=service.url, retry=AT_ONCE, verify=verify, **options)


def through_the_proxy(proxy, service):
    """Whether exactly one tunnel was asked for, to the service, and no key passed in the clear."""
    everything = b"".join([*proxy.heads, *proxy.seen])
    assert not any(song in everything for song in SONGS)
    assert all(song in service.requests[-1] for song in SONGS)
    return [head.split(b"\r\n")[0] for head in proxy.heads] == [
        f"CONNECT localhost:{service.port} HTTP/1.1".encode()
    ]


@both
def test_a_private_authority_is_trusted_through_verify(kind, service, trusting) -> None:
    assert call(kind, service, verify=trusting).text == "stella"


@both
def test_a_private_authority_is_trusted_through_ssl_cert_file(
    kind, service, authority_file, monkeypatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", authority_file)
    assert call(kind, service).text == "stella"


@both
def test_verification_can_be_switched_off(kind, service) -> None:
    assert call(kind, service, verify=False).text == "stella"


@both
def test_an_unknown_authority_gets_no_key(kind, service) -> None:
    with pytest.raises(OcrConnectionError, match="CERTIFICATE_VERIFY_FAILED") as caught:
        call(kind, service)
    assert (caught.value.maybe_billed, caught.value.attempts) == (False, 3)
    assert service.requests == []


@both
@pytest.mark.parametrize("given_as", [str, httpx.URL, httpx.Proxy], ids=["str", "URL", "Proxy"])
def test_the_proxy_that_is_asked_for_is_used(kind, proxy, service, trusting, given_as) -> None:
    assert call(kind, service, proxy=given_as(proxy.url), verify=trusting).text == "stella"
    assert through_the_proxy(proxy, service)


@both
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""], ids=["with scheme", "without"])
def test_the_proxy_of_the_environment_is_used(
    kind, proxy, service, authority_file, monkeypatch, name, scheme
) -> None:
    monkeypatch.setenv(name, f"{scheme}127.0.0.1:{proxy.port}")
    monkeypatch.setenv("SSL_CERT_FILE", authority_file)
    assert call(kind, service).text == "stella"
    assert through_the_proxy(proxy, service)


@both
def test_the_proxy_that_is_asked_for_comes_before_that_of_the_environment(
    kind, proxy, service, trusting, monkeypatch
) -> None:
    with deaf_port() as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        assert call(kind, service, proxy=proxy.url, verify=trusting).text == "stella"
    assert through_the_proxy(proxy, service)


@both
def test_a_transport_of_the_user_is_not_put_behind_a_proxy(kind, proxy, monkeypatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=page()))
    assert (
        recognize(kind, app_key=APP_KEY, secret_key=SECRET_KEY, transport=transport).text
        == "stella"
    )
    assert proxy.connections == 0


NO_PROXY = [
    *(
        "",
        "*",
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "::1",
        "example.com",
        "host",
        "ocalhost",
        ".localhost",
    ),
    *("example.com,localhost", "example.com, localhost", "localhost:{port}", "localhost:1"),
    *("http://localhost", "https://localhost", "https://localhost:{port}", "all://localhost"),
]


@both
@pytest.mark.parametrize("value", NO_PROXY)
def test_no_proxy_means_what_it_means_to_httpx(
    kind, proxy, service, trusting, monkeypatch, value
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", value.format(port=service.port))
    with httpx.Client(verify=trusting, timeout=PATIENCE) as bare:
        bare.post(service.url, content=b"")
    expected = proxy.connections
    assert call(kind, service, verify=trusting).text == "stella"
    assert proxy.connections == 2 * expected


@both
@pytest.mark.parametrize(
    "status", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"]
)
def test_a_proxy_that_refuses_is_no_bill(kind, service, trusting, status) -> None:
    with (
        forward_proxy(refuse=f"HTTP/1.1 {status}\r\n".encode() + HEAD_END[2:]) as proxy,
        pytest.raises(OcrConnectionError, match=status[:3]) as caught,
    ):
        call(kind, service, proxy=proxy.url, verify=trusting)
    assert (caught.value.maybe_billed, caught.value.attempts, len(proxy.heads)) == (False, 3, 3)
    assert service.connections == 0


@both
def test_a_proxy_that_is_not_there_is_no_bill(kind, service) -> None:
    with deaf_port() as port, pytest.raises(OcrConnectionError) as caught:
        call(kind, service, proxy=f"http://127.0.0.1:{port}")
    assert (caught.value.maybe_billed, caught.value.attempts) == (False, 3)


@both
def test_a_password_for_the_proxy_reaches_it_and_no_log(kind, service, trusting, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with forward_proxy() as proxy:
        url = f"http://user:pass-51e7@127.0.0.1:{proxy.port}"
        assert call(kind, service, proxy=url, verify=trusting).text == "stella"
    assert b"Proxy-Authorization: Basic " in proxy.heads[0]
    assert not any(
        secret in caplog.text
        for secret in ("pass-51e7", "dXNlcjpwYXNzLTUxZTc=", "7f3c9a51", "e08b4d26")
    )


def takes_connect(then):
    """A proxy that takes CONNECT, and then does something else than to tunnel."""

    def script(connection):
        connection.read_head()
        then(connection)

    return script


SILENT_PROXIES = {
    "closes": lambda connection: None,
    "resets": lambda connection: connection.reset(),
    "is silent": lambda connection: connection.hold(),
    "speaks another protocol": lambda connection: connection.send(b"SSH-2.0-OpenSSH\r\n\r\n"),
    "closes in its reply": lambda connection: connection.send(b"HTTP/1.1 200"),
    "agrees and closes": lambda connection: connection.send(b"HTTP/1.1 200 OK\r\n\r\n"),
}


@both
@pytest.mark.parametrize("then", SILENT_PROXIES.values(), ids=SILENT_PROXIES)
def test_a_proxy_that_opens_no_tunnel_is_no_bill(kind, service, trusting, then) -> None:
    timeout = httpx.Timeout(PATIENCE, connect=0.3)
    with RawServer(takes_connect(then)) as proxy, pytest.raises(TransportError) as caught:
        call(kind, service, proxy=proxy.url, verify=trusting, timeout=timeout)
    assert (caught.value.maybe_billed, caught.value.attempts) == (False, 3)
    assert service.connections == 0


@both
@pytest.mark.parametrize("address", ["socks://127.0.0.1:9", "socks4://127.0.0.1:9"])
def test_a_scheme_that_no_proxy_has_is_named_with_its_variable(kind, monkeypatch, address) -> None:
    monkeypatch.setenv("ALL_PROXY", address)
    with pytest.raises(ConfigurationError, match="ALL_PROXY") as caught:
        kind(app_key=APP_KEY, secret_key=SECRET_KEY)
    assert address.partition(":")[0] in str(caught.value)
    assert "socks5" in str(caught.value)


@both
@pytest.mark.skipif(find_spec("socksio") is not None, reason="SOCKS is installed")
def test_a_socks_proxy_says_what_to_install(kind, monkeypatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://user:hunter2@127.0.0.1:9")
    with pytest.raises(ConfigurationError, match=r"httpx\[socks\]") as caught:
        kind(app_key=APP_KEY, secret_key=SECRET_KEY)
    assert "hunter2" not in str(caught.value)


@both
@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_there_are_named(kind, monkeypatch, tmp_path, name) -> None:
    missing = str(tmp_path / "nowhere")
    monkeypatch.setenv(name, missing)
    with pytest.raises(ConfigurationError, match=name) as caught:
        kind(app_key=APP_KEY, secret_key=SECRET_KEY)
    assert missing in str(caught.value)


@both
def test_certificates_that_are_none_are_named(kind, monkeypatch, tmp_path) -> None:
    path = tmp_path / "company.pem"
    path.write_text("not a certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        kind(app_key=APP_KEY, secret_key=SECRET_KEY)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ConfigurationError, match="verify"):
        kind(app_key=APP_KEY, secret_key=SECRET_KEY, verify=str(path))


@both
def test_a_path_for_verify_is_a_file_or_a_directory(
    kind, service, authority_file, tmp_path
) -> None:
    assert call(kind, service, verify=authority_file).text == "stella"
    assert call(kind, service, verify=Path(authority_file)).text == "stella"
    kind(app_key=APP_KEY, secret_key=SECRET_KEY, verify=str(tmp_path))


@both
@pytest.mark.parametrize(
    "wrong",
    [httpx.HTTPTransport, httpx.Client(), httpx.AsyncClient(), "transport", 3],
    ids=["class", "client", "async client", "text", "number"],
)
def test_what_is_no_transport_is_refused_at_once(kind, wrong) -> None:
    with pytest.raises(ConfigurationError, match="transport"):
        kind(app_key=APP_KEY, secret_key=SECRET_KEY, transport=wrong)


def test_transports_of_the_other_kind_are_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="async"):
        OcrClient(app_key=APP_KEY, secret_key=SECRET_KEY, transport=httpx.AsyncHTTPTransport())
    with pytest.raises(ConfigurationError, match="async"):
        AsyncOcrClient(app_key=APP_KEY, secret_key=SECRET_KEY, transport=httpx.HTTPTransport())
