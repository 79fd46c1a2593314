"""What a part of a form is called, read as servlet containers and Spring read it."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Final, NamedTuple

from python_multipart.multipart import parse_options_header

__all__ = ["Disposition", "read_disposition"]

_FORM_DATA: Final = b"form-data"


class Disposition(NamedTuple):
    """The names that a header Content-Disposition gives, None where it gives none."""

    name: str | None
    file_name: str | None


def read_disposition(header: bytes) -> Disposition:
    """Return the names in a header's value, the extended spelling before the plain one.

    Only a part that is `form-data` has a name; blanks around names do not count.

    The extended one (`filename*=UTF-8''...`, RFC 5987; `filename*0=`, RFC 2231) has no place in a
    form by RFC 7578, but servers in Java take it, and clients send it.
    """
    plain = parse_options_header(header)[1]
    name, file_name = _text(plain.get(b"name")), _text(plain.get(b"filename"))
    if b"*" in header:
        name = _extended(header, "name") or name
        file_name = _extended(header, "filename") or file_name
    if not header.lower().startswith(_FORM_DATA):
        name = None
    return Disposition(_plain(name), _plain(file_name))


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def _plain(name: str | None) -> str | None:
    """Return a name without blanks around it, and decoded if it is spelt as in mail (RFC 2047)."""
    if name is None or "=?" not in name:
        return name and name.strip()
    try:
        words = decode_header(name)
        text = [w if isinstance(w, str) else w.decode(charset or "ascii") for w, charset in words]
        return "".join(text).strip()
    except (ValueError, LookupError, HeaderParseError):  # it only looks so
        return name.strip()


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
