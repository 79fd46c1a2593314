"""Options that name the files of keys: as arguments, every process could read them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from nhncloud_ocr import AccessToken, ConfigurationError

EPILOG = (
    "Keys: NHNCLOUD_OCR_APP_KEY with NHNCLOUD_OCR_SECRET_KEY (API v1.0), or with "
    "NHNCLOUD_OCR_USER_ACCESS_KEY_ID and NHNCLOUD_OCR_SECRET_ACCESS_KEY (v1.1, tokens from "
    "NHNCLOUD_OCR_TOKEN_URL); or the options with files."
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for the file of each key."""
    for option, held in (
        ("--app-key-file", "the app key"),
        ("--secret-key-file", "the secret key (API v1.0)"),
        ("--user-access-key-id-file", "the ID of the user access key (API v1.1)"),
        ("--secret-access-key-file", "the secret access key (API v1.1)"),
    ):
        parser.add_argument(option, type=Path, metavar="FILE", help=f"holds {held}")


def arguments_of_client(options: argparse.Namespace) -> dict[str, Any]:
    """Return what `OcrClient` is given; what no option names comes from the environment.

    Raises OSError or UnicodeDecodeError for a file that cannot be read, ConfigurationError.
    """
    if not (options.user_access_key_id_file or options.secret_access_key_file):
        return {
            "app_key": _key(options.app_key_file),
            "secret_key": _key(options.secret_key_file),
        }
    if options.secret_key_file:
        raise ConfigurationError(
            "--secret-key-file is for API v1.0, --user-access-key-id-file and "
            "--secret-access-key-file are for v1.1: give either"
        )
    return {
        "credentials": AccessToken(
            _key_or_variable(options.app_key_file, "APP_KEY"),
            _key_or_variable(options.user_access_key_id_file, "USER_ACCESS_KEY_ID"),
            _key_or_variable(options.secret_access_key_file, "SECRET_ACCESS_KEY"),
        )
    }


def _key(file: Path | None) -> str | None:
    return None if file is None else file.read_text(encoding="utf-8").strip()


def _key_or_variable(file: Path | None, name: str) -> str | None:
    return _key(file) if file else os.environ.get(f"NHNCLOUD_OCR_{name}")
