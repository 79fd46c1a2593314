"""One engine process as its parent sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any, Final, cast

from ..engines import EngineUnavailableError
from ..recognition import Recognition
from ._frames import decoded, read_message, write_image

__all__ = ["EndedError", "Process", "can_spawn"]

_LATER: Final = 10.0
"""Seconds after a call's that the process ends by itself. Its parent does not wait as long."""

_MIB: Final = 1024 * 1024
_ENVIRONMENT: Final = {
    "OMP_THREAD_LIMIT": "1",  # one thread to an engine: there is one engine to a core
    # glibc gives pieces of this size and more back to the system as soon as they are free. Left
    # alone it learns to keep up to 32 MiB: with two large images in `photo`, 1145 MiB were held
    # rather than 933.
    "MALLOC_MMAP_THRESHOLD_": str(8 * _MIB),
    # Who sets the one has 128 KiB for the other, what may stay free at the end of the heap: each
    # image then asked for the same pages ten times over, a tenth of its time.
    "MALLOC_TRIM_THRESHOLD_": str(32 * _MIB),
}

# Not multiprocessing, which would import the user's program once more. Only the standard library
# is imported before the parent's path is taken over, and nothing from the directory it runs in.
_PROGRAM: Final = """\
import json, sys
settings = json.loads(sys.stdin.buffer.readline())
sys.path[:] = settings["path"]
from nhncloud_ocr_emulator._workers._child import main
main(settings)
"""


class EndedError(Exception):
    """The process is gone: ended from here, or by what it was given."""


def can_spawn() -> bool:
    """Whether there is a Python to run: not so in a program frozen into one file."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


class Process:
    """A process with an engine, which `wait_until_ready` waits for.

    One thread gives it work; `kill` may come from any. The thread that makes it must stay as
    long as it is needed: Linux ends it with that thread.

    Args:
        engine: What recognises; its package is installed.
        overlap: As `Recognizer` takes it.
        seconds: After which it gives a call up.
    """

    def __init__(self, engine: str, overlap: str, seconds: float) -> None:
        self._ended = False
        self._popen = subprocess.Popen(  # noqa: S603  # this very Python
            # -P: the directory it runs in may have a json.py
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | _ENVIRONMENT,
            **_apart(),
        )
        self._requests = cast("IO[bytes]", self._popen.stdin)
        self._replies = cast("IO[bytes]", self._popen.stdout)
        settings = {
            "path": [str(entry) for entry in sys.path],
            "engine": engine,
            "overlap": overlap,
            "parent": os.getpid(),
            "read_seconds": seconds,
            "end_seconds": seconds + _LATER,
        }
        with suppress(OSError):  # that it is gone already, the next call will tell
            self._requests.write(json.dumps(settings).encode() + b"\n")
            self._requests.flush()

    @property
    def alive(self) -> bool:
        """Whether it can be given work."""
        return not self._ended and self._popen.poll() is None

    def wait_until_ready(self) -> None:
        """Wait for the engine to be loaded. Raises EngineUnavailableError."""
        try:
            message = self._read()
        except EndedError:
            raise EngineUnavailableError("the engine's process ended while it loaded") from None
        if "ready" not in message:
            raise EngineUnavailableError(str(message.get("unavailable")))

    def recognize(self, image: bytes, *, cropping: bool) -> Recognition:
        """What the engine says of an image.

        Raises Refused, EndedError, and RuntimeError with a traceback for a fault of our own.
        """
        try:
            write_image(self._requests, image, cropping=cropping)
        except OSError:
            self.kill()
            raise EndedError from None
        message = self._read()
        if "broken" in message:
            raise RuntimeError(f"an engine process failed:\n{message['broken']}")
        try:
            return decoded(message)
        except (ValueError, KeyError, TypeError):
            self.kill()
            raise EndedError from None

    def pause(self) -> None:
        """Let it stand still, where processes can (not on Windows)."""
        if sys.platform != "win32":
            self._popen.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        if sys.platform != "win32":
            self._popen.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once; from any thread, and again."""
        self._ended = True  # the system may take a moment to say so
        self._popen.kill()

    def close(self) -> None:
        """Kill it, wait until it is gone, and close the pipes."""
        self.kill()
        self._popen.wait()
        for pipe in (self._requests, self._replies):
            with suppress(OSError):  # what was not sent cannot be
                pipe.close()

    def _read(self) -> dict[str, Any]:
        try:
            return read_message(self._replies)
        except (EOFError, OSError, ValueError):
            self.kill()  # it may be there still, saying nonsense
            raise EndedError from None


def _apart() -> dict[str, Any]:
    """Out of the way of Ctrl-C, which a terminal gives to all that run in its foreground."""
    if sys.platform == "win32":
        return {
            "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW,
        }
    return {"process_group": 0}
