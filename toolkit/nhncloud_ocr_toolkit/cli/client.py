"""The client that the options and the environment describe."""

from __future__ import annotations

import argparse

from nhncloud_ocr import OcrClient

from . import keys


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add where to call and by which keys."""
    parser.add_argument(
        "--base-url", metavar="URL", help="by default NHNCLOUD_OCR_BASE_URL, or the vendor's"
    )
    parser.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="to connect, and to wait for the reply"
    )
    keys.add_options(parser)


def of_options(arguments: argparse.Namespace) -> OcrClient:
    """Return the client. Raises ConfigurationError, OSError, UnicodeDecodeError."""
    return OcrClient(
        **keys.arguments_of_client(arguments),
        base_url=arguments.base_url,
        timeout=arguments.timeout,
    )
