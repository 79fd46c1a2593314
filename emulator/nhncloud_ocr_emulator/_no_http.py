"""What came where a request was awaited, said in one line."""

from __future__ import annotations

import logging
from typing import Final

from ._shown import cut, seen

__all__ = ["BEGINNING", "explained", "quiet_logger"]

BEGINNING: Final = 16
"""Bytes of a connection that `explained` looks at."""

_OTHERS: Final = (
    (b"\x16\x03", "this is a TLS handshake, but the port speaks http://, not https://"),
    (b"PRI * HTTP/2", "this is HTTP/2, but the port speaks HTTP/1.1"),
    (b"\x05", "this is SOCKS, but the port is no proxy"),
    (b"\x04", "this is SOCKS, but the port is no proxy"),
    (b"PROXY ", "this is the PROXY protocol, which the port does not speak"),
)


def explained(beginning: bytes, error: BaseException | None) -> str:
    """Return why a request cannot be read, without a key: they stand in its headers.

    Args:
        beginning: The connection's first bytes.
        error: What the parser raised.
    """
    for other, said in _OTHERS:
        if beginning.startswith(other):
            return said
    # After a colon the parsers quote what they read, which may be a header with a key.
    what = cut(str(error).partition(":")[0]) if error else "it cannot be parsed"
    if beginning[:1].isalpha():
        return f"the request is no HTTP/1.1: {what}"
    return f"the request is no HTTP/1.1: {what}; it begins with {seen(beginning)}"


def quiet_logger() -> logging.Logger:
    """Return uvicorn's logger for one connection: its word on a bad request says nothing of it."""
    logger = logging.getLogger("nhncloud_ocr_emulator.http")
    logger.setLevel(logging.WARNING)  # else it puts together what nobody logs, for each connection
    logger.addFilter(_says_something)
    return logger


def _says_something(record: logging.LogRecord) -> bool:
    return record.msg != "Invalid HTTP request received."
