"""What a part of a form is called, read as servlet containers and Spring read it."""

from __future__ import annotations

from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import NamedTuple

from python_multipart.multipart import parse_options_header

__all__ = ["Disposition", "read_disposition"]


class Disposition(NamedTuple):
    """The names that a header Content-Disposition gives, None where it gives none."""

    name: str | None
    file_name: str | None


def read_disposition(header: bytes) -> Disposition:
    """Return the names in a header's value, the extended spelling before the plain one.

    The extended one (`filename*=UTF-8''...`, RFC 5987; `filename*0=`, RFC 2231) has no place in a
    form by RFC 7578, but servers in Java take it, and clients send it.
    """
    plain = parse_options_header(header)[1]
    name, file_name = _text(plain.get(b"name")), _text(plain.get(b"filename"))
    if b"*" in header:
        name = _extended(header, "name") or name
        file_name = _extended(header, "filename") or file_name
    return Disposition(name, file_name)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _extended(header: bytes, parameter: str) -> str | None:
    message = Message()
    message["Content-Disposition"] = header.decode("latin-1")
    try:
        every = message.get_params([], header="Content-Disposition")
        # The plain spelling, if it is there too, comes first in what is read.
        values = [value for name, value in every if name.lower() == parameter]
        return collapse_rfc2231_value(values[-1], errors="replace") if values else None
    except (ValueError, LookupError, TypeError):  # a part's number or a character set is nonsense
        return None
