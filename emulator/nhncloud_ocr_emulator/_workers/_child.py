"""The engine process: reads images from a pipe, one at a time, and answers into another.

It imports nothing of the program that uses the emulator, so that one without
`if __name__ == "__main__"` is not run a second time.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
import warnings
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import IO, Any, Final

from .._memory import give_back_memory
from .._recognizer import Recognizer
from ..recognition import FAILED, Refused
from ._frames import encoded, read_image, write_message
from ._limits import bound_memory, die_with, within

__all__ = ["main"]

_Images = SimpleQueue[tuple[bytes, bool]]

_LONG: Final = 2.0
"""Seconds without an image, or with one, after which memory goes back to the system. Between two
that are soon read it would only be asked for anew, at a hundredth of the time of one of a megabyte;
but what two large ones leave lying about can be 100 MB that the next two do not find room in."""


def main(settings: dict[str, Any]) -> None:
    """Serve images until the parent is gone. Settings are those of `_process.Process`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to hear
    warnings.simplefilter("ignore")  # Pillow's, about a caller's image: hundreds of lines of one
    die_with(settings["parent"])
    replies = _replies()
    images: _Images = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, images), daemon=True).start()
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # a name, not a path
        try:
            with within(settings["end_seconds"], nowhere):
                recognizer = Recognizer(
                    settings["engine"], settings["overlap"], settings["read_seconds"]
                )
                recognizer.load()
        except Exception as error:
            write_message(replies, {"unavailable": str(error) or repr(error)})
            return
        bound_memory()
        write_message(replies, {"ready": True})
        while True:
            image, cropping = _next(images)
            began = monotonic()
            with within(settings["end_seconds"], nowhere):
                reply = _reply(recognizer, image, cropping)
            del image  # while it waits for the next, it holds none
            try:
                write_message(replies, reply)
            except OSError:
                return
            del reply
            if monotonic() - began > _LONG:
                give_back_memory()


def _next(images: _Images) -> tuple[bytes, bool]:
    try:
        return images.get(timeout=_LONG)
    except Empty:
        give_back_memory()
    return images.get()


def _reply(recognizer: Recognizer, image: bytes, cropping: bool) -> dict[str, Any]:
    try:
        return encoded(recognizer.recognize(image, cropping=cropping))
    except Refused as refused:
        return {"code": refused.code, "reason": refused.reason}
    except MemoryError:
        return {"code": FAILED, "reason": "reading took more memory than it may"}
    except Exception:
        return {"broken": traceback.format_exc()}


def _replies() -> IO[bytes]:
    """The pipe to the parent, out of the way of libraries that print: theirs goes to stderr."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "wb")


def _listen(requests: IO[bytes], images: _Images) -> None:
    """Read ahead, so that the parent's end is noticed also while an image is worked at."""
    try:
        while True:
            images.put(read_image(requests))
    except (EOFError, OSError):
        os._exit(0)
