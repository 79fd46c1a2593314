"""The emulator as Python programs and tests use it."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from types import TracebackType
from typing import Self

from ._addresses import is_loopback
from ._app import App, create_app
from ._fault_queue import Faults
from ._journal import Journal
from ._paths import TOKEN_CREATE
from ._server import Server
from ._settings import Engine, Mode, Overlap
from ._tokens import Tokens
from ._transport import EmulatorTransport

__all__ = ["Emulator"]


class Emulator:
    """The General OCR service on this machine.

    As a context manager it closes at the end what it opened. The port is opened, and the engine's
    processes begun, when `base_url` is first read. Whoever uses `transport` alone needs neither,
    and no `with`: its calls are read in this process, which loads the engine at the first.

    Args:
        engine: "tesseract"; "photo" for photographs and turned text (an extra); "fixture" for
            tests: instant, answers by the image's hash or the text of `embed_text`.
        mode: "app" answers everything with HTTP 200, as the new host does; "gateway" adds the
            real HTTP statuses and HTML pages of the old host.
        overlap: Text in the overlap of two slices (cropping) comes twice, as the service
            documents ("repeat"), or once ("merge").
        allow_private_urls: Whether image URLs may lead to loopback and private addresses.
        app_key: The key accepted in the path; random unless given.
        secret_key: The key accepted as Authorization; random unless given.
        rate_limit: Calls per second; those above it are refused with 4000006. None: no limit.
        burst: How many calls may come at once; by default a second's worth, at least one.
        user_access_key_id: The name accepted by the token endpoint; random unless given.
        secret_access_key: The password accepted by the token endpoint; random unless given.
        expires_in: The life of a token in seconds.
        playground: Whether there is a page to try it in a browser, at `/playground/`.
        host: A loopback address.
        port: 0 for a free one.
        workers: How many engine processes there are at most; by default one a core. `fixture`
            needs none.

    Raises ValueError for a host that is not loopback, a port that does not exist or less than one
    worker, and an error that names the remedy if the engine's package is not installed.
    """

    def __init__(
        self,
        engine: Engine = "tesseract",
        mode: Mode = "app",
        overlap: Overlap = "repeat",
        allow_private_urls: bool = False,
        *,
        app_key: str | None = None,
        secret_key: str | None = None,
        rate_limit: float | None = None,
        burst: int | None = None,
        user_access_key_id: str | None = None,
        secret_access_key: str | None = None,
        expires_in: float = 86400,
        playground: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
        workers: int | None = None,
    ) -> None:
        if not is_loopback(host):
            raise ValueError(f"the emulator listens on loopback addresses only, not on {host!r}")
        self._app = create_app(
            engine=engine,
            mode=mode,
            overlap=overlap,
            allow_private_urls=allow_private_urls,
            app_key=app_key,
            secret_key=secret_key,
            rate_limit=rate_limit,
            burst=burst,
            user_access_key_id=user_access_key_id,
            secret_access_key=secret_access_key,
            expires_in=expires_in,
            playground=playground,
            workers=workers,
        )
        if not (isinstance(port, int) and 0 <= port <= 65535):
            raise ValueError(f"port is a number from 0 to 65535, not {port!r}")
        self._host = host
        self._port = port
        self._lock = Lock()
        self._server: Server | None = None
        self._base_url: str | None = None
        self._entered = False
        self.transport = EmulatorTransport(self._app)
        """For `httpx.Client`, `httpx.AsyncClient`, `OcrClient` and `AsyncOcrClient` alike."""

    @property
    def app(self) -> App:
        """The ASGI application."""
        return self._app

    @property
    def app_key(self) -> str:
        """The app key that is accepted."""
        return self._app.service.app_key

    @property
    def secret_key(self) -> str:
        """The secret key that is accepted."""
        return self._app.service.secret_key

    @property
    def user_access_key_id(self) -> str:
        """The name with which v1.1's tokens are asked for."""
        return self._app.service.settings.user_access_key_id

    @property
    def secret_access_key(self) -> str:
        """The password with which v1.1's tokens are asked for."""
        return self._app.service.settings.secret_access_key

    @property
    def tokens(self) -> Tokens:
        """The tokens given out: `expires_in` of the next ones, `revoke(token)`, `revoke_all()`."""
        return self._app.service.tokens

    @property
    def faults(self) -> Faults:
        """What is to go wrong with the next calls for recognition, of both versions."""
        return self._app.service.faults

    @property
    def token_faults(self) -> Faults:
        """What is to go wrong with the next calls to the token endpoint."""
        return self._app.token_endpoint.faults

    @property
    def calls(self) -> Journal:
        """The calls received, oldest first."""
        return self._app.service.calls

    @property
    def billed(self) -> Counter[str]:
        """How often each image was billed, by its SHA-256 in hexadecimal digits.

        Billed is what was recognised with success, also when the reply was lost on its way, as
        on the service. It counts on as calls come in, and forgets nothing unless cleared.
        """
        return self._app.service.bills.by_image

    @property
    def base_url(self) -> str:
        """Such as `http://127.0.0.1:49152`; the first reading opens the port.

        It stays readable after the end; entered again, the emulator opens another port. Raises
        RuntimeError outside `with`, OSError if the port cannot be had, EngineUnavailableError if
        the engine cannot be loaded.
        """
        with self._lock:
            if self._base_url is None:
                if not self._entered:
                    raise RuntimeError("base_url: use the emulator in a with statement")
                self._app.service.load()
                self._server = Server(self._app, self._host, self._port)
                host = f"[{self._host}]" if ":" in self._host else self._host
                self._base_url = f"http://{host}:{self._server.port}"
            return self._base_url

    @property
    def token_url(self) -> str:
        """Where v1.1's tokens come from, on the same port; reading it opens that.

        In process (`transport`) any host will do before the path `/oauth2/token/create`.
        """
        return self.base_url + TOKEN_CREATE.decode()

    def close(self) -> None:
        """Close the port and end the thread, if any; may be called again."""
        with self._lock:
            self._entered = False
            if self._server is not None:
                self._server.stop()
                self._server = None
            self._app.service.close()

    def __enter__(self) -> Self:
        with self._lock:
            if self._server is None:
                self._base_url = None  # that of last time, whose port is closed
            self._app.service.reader.open()
            self._entered = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
