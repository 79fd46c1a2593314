"""The command `nhncloud-ocr-emulator`."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event
from types import FrameType

from . import __version__
from ._emulator import Emulator
from .engines import ENGINES, EngineUnavailableError

__all__ = ["main"]

_EPILOG = """\
The keys are random, unless NHNCLOUD_OCR_EMULATOR_APP_KEY, NHNCLOUD_OCR_EMULATOR_SECRET_KEY,
NHNCLOUD_OCR_EMULATOR_USER_ACCESS_KEY_ID and NHNCLOUD_OCR_EMULATOR_SECRET_ACCESS_KEY give them (not
the variables of the SDK: those may hold real keys, and these are printed)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; 0 then, 2 for bad usage, 1 if it cannot start."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        emulator = _emulator(options)
    except ValueError as error:
        parser.error(str(error))
    except EngineUnavailableError as error:
        return _failed(error)
    signals = _Signals()
    try:
        with _told_on_terminal(), emulator:
            # Flushed at once: a program that starts this one waits for these lines.
            print(f"base URL: {emulator.base_url}")
            print(f"app key: {emulator.app_key}")
            print(f"secret key: {emulator.secret_key}")
            print(f"token URL: {emulator.token_url}")
            print(f"user access key ID: {emulator.user_access_key_id}")
            print(f"secret access key: {emulator.secret_access_key}")
            if options.playground:
                print(f"playground: {emulator.base_url}/playground/")
            print(end="", flush=True)  # there may be no standard output to flush
            signals.wait()
    except KeyboardInterrupt:  # while the engine was loaded
        return 0
    except (OSError, EngineUnavailableError) as error:
        return _failed(error)
    return 0


def _emulator(options: argparse.Namespace) -> Emulator:
    make = partial(
        Emulator,
        mode=options.mode,
        overlap=options.overlap,
        allow_private_urls=options.allow_private_urls,
        app_key=os.environ.get("NHNCLOUD_OCR_EMULATOR_APP_KEY"),
        secret_key=os.environ.get("NHNCLOUD_OCR_EMULATOR_SECRET_KEY"),
        rate_limit=options.rate_limit,
        burst=options.burst,
        user_access_key_id=os.environ.get("NHNCLOUD_OCR_EMULATOR_USER_ACCESS_KEY_ID"),
        secret_access_key=os.environ.get("NHNCLOUD_OCR_EMULATOR_SECRET_ACCESS_KEY"),
        expires_in=options.expires_in,
        playground=options.playground,
        host=options.host,
        port=options.port,
        workers=options.workers,
    )
    try:
        return make(engine=options.engine or "tesseract")
    except EngineUnavailableError as error:
        if options.engine:
            raise
        print(f"nhncloud-ocr-emulator: {error}; serving the engine fixture", file=sys.stderr)
        return make(engine="fixture")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nhncloud-ocr-emulator",
        description="NHN Cloud General OCR on your own machine, with a real OCR engine behind it.",
        epilog=_EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--host", default="127.0.0.1", help="loopback only (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="0: a free one (0)")
    parser.add_argument("--engine", choices=ENGINES, help="(tesseract)")
    parser.add_argument(
        "--workers", type=int, metavar="N", help="engine processes at most (one a core)"
    )
    parser.add_argument(
        "--mode",
        choices=("app", "gateway"),
        default="app",
        help="app: HTTP 200 whatever happens, as the new host; gateway: as the old one (app)",
    )
    parser.add_argument(
        "--overlap",
        choices=("repeat", "merge"),
        default="repeat",
        help="text in the overlap of two slices comes twice or once (repeat)",
    )
    parser.add_argument(
        "--allow-private-urls",
        action="store_true",
        help="image URLs may lead to loopback and private addresses",
    )
    parser.add_argument(
        "--rate-limit",
        type=float,
        metavar="N",
        help="calls per second; those above it are refused with 4000006 (no limit)",
    )
    parser.add_argument(
        "--burst",
        type=int,
        metavar="N",
        help="how many calls may come at once (a second's worth)",
    )
    parser.add_argument(
        "--expires-in",
        type=float,
        default=86400,
        metavar="SECONDS",
        help="the life of an access token of v1.1 (86400)",
    )
    parser.add_argument(
        "--no-playground",
        action="store_false",
        dest="playground",
        help="no page to try it in a browser",
    )
    return parser


class _Signals:
    """Hears Ctrl-C and SIGTERM. Before `wait` the first of them raises KeyboardInterrupt."""

    def __init__(self) -> None:
        self._starting = True
        self._stop = Event()
        signal.signal(signal.SIGINT, self._heard)
        signal.signal(signal.SIGTERM, self._heard)
        if sys.platform == "win32":
            signal.signal(signal.SIGBREAK, self._heard)

    def wait(self) -> None:
        """Return when one of them came."""
        self._starting = False
        while not self._stop.wait(0.5):  # on Windows a wait without end would hear no signal
            pass

    def _heard(self, signum: int, frame: FrameType | None) -> None:
        self._stop.set()
        if self._starting:
            self._starting = False
            raise KeyboardInterrupt


@contextmanager
def _told_on_terminal() -> Iterator[None]:
    """Show what the emulator has to say, a line each, on standard error."""
    logger = logging.getLogger("nhncloud_ocr_emulator")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def _failed(error: Exception) -> int:
    print(f"nhncloud-ocr-emulator: {error}", file=sys.stderr)
    return 1
