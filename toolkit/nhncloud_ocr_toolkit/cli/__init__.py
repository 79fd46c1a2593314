"""The command `nhncloud-ocr`: recognises images and prints their text.

Exit codes: 0 all recognised, 1 at least one image failed, 2 bad usage. Keys come from the
environment or from files, never as arguments, which every process on the machine can read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from nhncloud_ocr import (
    AspectRatioWarning,
    ConfigurationError,
    OcrClient,
    OcrError,
    OcrResult,
    __version__,
)

from nhncloud_ocr_toolkit.cli import keys

PROGRAM = "nhncloud-ocr"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (by default the process's); returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a console without Hangul is no reason to stop
    parser = _parser()
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:  # its own message would repeat the values, and one may be a key
        names = " ".join(name.partition("=")[0] for name in unknown if name.startswith("-"))
        parser.error(f"unknown options: {names} (keys come from the environment or from files)")
    try:
        client = OcrClient(
            **keys.arguments_of_client(arguments),
            base_url=arguments.base_url,
            timeout=arguments.timeout,
        )
    except (ConfigurationError, OSError, UnicodeDecodeError) as exc:
        _complain(str(exc))
        return 2
    try:
        with client:
            return _recognize_all(client, arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _recognize_all(client: OcrClient, arguments: argparse.Namespace) -> int:
    failed = False
    for image in arguments.images:
        try:
            _print(_recognize(client, image, cropping=arguments.cropping), as_json=arguments.json)
        except ConfigurationError as exc:
            _complain(str(exc))
            return 2
        except BrokenPipeError:
            raise
        except (OcrError, OSError) as exc:
            failed = True
            _complain(f"{image}: {exc}")
    return 1 if failed else 0


def _recognize(client: OcrClient, image: str, *, cropping: bool) -> OcrResult:
    recognize = client.recognize_cropping if cropping else client.recognize
    with warnings.catch_warnings():
        warnings.simplefilter("always", AspectRatioWarning)
        warnings.showwarning = lambda hint, *_: _complain(f"{image}: hint: {hint} (--cropping)")
        if image.lower().startswith(("http://", "https://")):
            return recognize(image_url=image)
        return recognize(sys.stdin.buffer if image == "-" else Path(image))


def _print(result: OcrResult, *, as_json: bool) -> None:
    if as_json:
        # Escapes of the console's own making would not be JSON.
        plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        print(json.dumps(result.to_dict(), ensure_ascii=plain), flush=True)
    else:
        print(result.text, flush=True)


def _complain(text: str) -> None:
    print(f"{PROGRAM}: {' '.join(text.split())}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Recognise text in images with NHN Cloud General OCR.",
        epilog=keys.EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    recognize = commands.add_parser(
        "recognize", help="print the text of images", allow_abbrev=False
    )
    recognize.add_argument(
        "images",
        nargs="+",
        metavar="IMAGE",
        help="a JPEG or PNG file, a URL, or - for standard input",
    )
    recognize.add_argument(
        "--cropping", action="store_true", help="for long images: sliced by the service"
    )
    recognize.add_argument("--json", action="store_true", help="one JSON object per image and line")
    recognize.add_argument(
        "--base-url", metavar="URL", help="by default NHNCLOUD_OCR_BASE_URL, or the vendor's"
    )
    recognize.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="to connect, and to wait"
    )
    keys.add_options(recognize)
    return parser
