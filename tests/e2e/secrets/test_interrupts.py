"""What interrupts a call (a signal, somebody's time limit) passes as it came, and shows no key."""

import os
import signal
import socket
import threading
from functools import partial

import httpx
import pytest
from e2e.both_clients import recognize
from e2e.raw_server import RawServer
from e2e.secrets.canary import ONCE, echo, outcome, shown, sings, through
from nhncloud_ocr import OcrClient, OcrTimeoutError


class TimeLimit(BaseException):
    """What a time limit raises: with attributes that are neither texts nor numbers."""

    def __init__(self, seconds, owner):
        super().__init__(seconds, owner)
        self.seconds = seconds
        self.owner = owner
        self.timer = None


class Owner:
    """An attribute that is no text and no number."""


class Once:
    """A signal handler that raises its error, once, where the client waits for its socket.

    Elsewhere Python itself may drop it: handlers of log records drop whatever is raised in them.
    """

    def __init__(self, error):
        self.error = error
        self.raised = threading.Event()

    def __call__(self, number, frame):
        waits = frame.f_globals["__name__"] == "httpcore._backends.sync"
        if waits and not self.raised.is_set():
            self.raised.set()
            raise self.error

    def method(self, number, frame):
        self(number, frame)

    def alone(self, number, frame):
        try:
            self(number, frame)
        finally:
            if self.raised.is_set():
                signal.signal(number, signal.SIG_IGN)

    def signal(self):
        """Signal until it has raised.

        What comes between Python's look for signals and the system's wait for bytes is noticed
        after that wait alone.
        """
        while not self.raised.is_set():
            os.kill(os.getpid(), signal.SIGUSR1)
            self.raised.wait(0.1)


@pytest.fixture
def alarm():
    """Raises its `error` in the main thread at the next signal."""
    error = TimeLimit(1.5, Owner())
    error.timer = threading.Lock()
    once = Once(error)
    before = signal.signal(signal.SIGUSR1, once)
    yield once
    signal.signal(signal.SIGUSR1, before)


pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signals here")


def is_untouched(error):
    assert error.args == (1.5, error.owner)
    assert set(vars(error)) == {"seconds", "owner", "timer"}
    assert type(error.owner) is Owner
    assert error.timer is not None


def test_a_signal_while_waiting_for_the_reply(canary, alarm) -> None:
    def script(connection):
        connection.read_request()
        alarm.signal()
        connection.hold()

    with RawServer(script) as server:
        got = outcome(recognize, OcrClient, base_url=server.url, retry=ONCE)
    assert got is alarm.error
    is_untouched(got)
    assert canary.leaks(got) == []


def with_more(once, number, frame):
    once(number, frame)


HANDLERS = {
    "an object": lambda once: once,
    "a method": lambda once: once.method,
    "a function": lambda once: lambda number, frame: once(number, frame),
    "one of any arguments": lambda once: lambda *arguments: once(*arguments),
    "a partial": lambda once: partial(with_more, once),
    "one that is no handler any more": lambda once: once.alone,
}


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
@pytest.mark.parametrize("kind", [TimeoutError, ConnectionResetError, OSError])
@pytest.mark.parametrize("form", HANDLERS.values(), ids=HANDLERS)
def test_what_a_signal_handler_raises_is_never_taken_for_the_networks(
    canary, kind, head, form
) -> None:
    once = Once(kind("somebody's own time limit"))

    def script(connection):
        connection.read_request()
        connection.send(head)
        once.signal()
        connection.hold()

    before = signal.signal(signal.SIGUSR1, form(once))
    try:
        with RawServer(script) as server:
            got = outcome(recognize, OcrClient, base_url=server.url, retry=ONCE)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert got is once.error
    assert canary.leaks(got) == []


def test_another_librarys_sockets_are_the_network(canary, monkeypatch) -> None:
    """gevent and PySocks put sockets of their own, written in Python, in the place of Python's."""

    receive, client = socket.socket.recv, threading.current_thread()

    def recv(self, *arguments):
        if threading.current_thread() is client:
            raise TimeoutError("timed out")
        return receive(self, *arguments)

    monkeypatch.setattr("socket.socket.recv", recv)
    with RawServer(lambda connection: connection.hold()) as server:
        got = outcome(recognize, OcrClient, base_url=server.url, retry=ONCE)
    assert isinstance(got, OcrTimeoutError)


# The signal may hit where Python can raise nothing, and says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("delay", [0.0, 0.001, 0.003, 0.01, 0.03, 0.1])
@pytest.mark.parametrize("status", [200, 404])
def test_a_signal_while_a_long_echo_is_read_and_masked(canary, delay, status) -> None:
    """Wherever it hits: no frame that it leaves behind holds the page."""

    def handler(number, frame):
        raise KeyboardInterrupt

    def page(request):
        text = (echo(request) + " \\u0061 %41 &#65; " + "x" * 2000) * 4000
        timer.start()
        return httpx.Response(status, text=text)

    timer = threading.Timer(delay, os.kill, (os.getpid(), signal.SIGUSR1))
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        got = through(OcrClient, page)
        timer.join()
    except KeyboardInterrupt as late:  # it came after the call
        got = late.with_traceback(None)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert not [place for place, said in shown(got) if sings(said) and place != "arguments"]


def test_a_group_of_somebody_elses_passes_as_the_same_object(canary) -> None:
    members = [TimeLimitError(1), ValueError("two")]
    group = ExceptionGroup("both failed", members)

    def handler(request):
        raise group

    got = through(OcrClient, handler)
    assert got is group
    assert got.exceptions == tuple(members)
    assert canary.leaks(got) == []


class TimeLimitError(Exception):
    """Of somebody else."""


def test_cause_and_context_of_somebody_elses_stay(canary) -> None:
    cause = LookupError("the vault is closed")

    def handler(request):
        raise TimeLimitError("late") from cause

    got = through(OcrClient, handler)
    assert got.__cause__ is cause
    assert canary.leaks(got) == []
