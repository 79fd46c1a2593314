"""The client that the options and the environment describe."""

from __future__ import annotations

import argparse
from typing import Any

from nhncloud_ocr import AsyncOcrClient, OcrClient

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
    return OcrClient(**_arguments(arguments))


def async_of_options(arguments: argparse.Namespace) -> AsyncOcrClient:
    """Return the same client for event loops."""
    return AsyncOcrClient(**_arguments(arguments))


def _arguments(options: argparse.Namespace) -> dict[str, Any]:
    return {
        **keys.arguments_of_client(options),
        "base_url": options.base_url,
        "timeout": options.timeout,
    }
