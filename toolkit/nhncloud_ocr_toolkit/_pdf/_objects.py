"""PDF syntax: numbered objects, streams and the table that says where each object is.

Written front to back without a seek, so that any binary file will do and no page is held.
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import IO

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_FAST = 6  # zlib's own default: higher levels save a few per cent of a text layer


class Objects:
    """Writes objects to a file, in any order; `finish` ends it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = sha256()
        self._at = 0
        self._places: list[int] = []  # where the object of this number less one begins
        self._write(_HEADER)

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._places.append(0)
        return len(self._places)

    def put(self, body: str, number: int | None = None) -> int:
        """Write an object; return its number."""
        number = self._begin(number)
        self._write(body.encode("ascii"))
        self._write(b"\nendobj\n")
        return number

    def put_stream(self, entries: str, data: bytes, number: int | None = None) -> int:
        """Write a stream as it is, `entries` being its dictionary's; return its number."""
        number = self._begin(number)
        self._write(f"<< {entries} /Length {len(data)} >>\nstream\n".encode("ascii"))
        self._write(data)
        self._write(b"\nendstream\nendobj\n")
        return number

    def put_packed(self, entries: str, data: bytes, number: int | None = None) -> int:
        """Write a stream, compressed; return its number."""
        packed = zlib.compress(data, _FAST)
        return self.put_stream(f"{entries} /Filter /FlateDecode".lstrip(), packed, number)

    def finish(self, root: int) -> None:
        """Write the table and the trailer. The file's ID comes from its bytes: the same pages give
        the same file."""
        table_at = self._at
        size = len(self._places) + 1
        self._write(f"xref\n0 {size}\n0000000000 65535 f \n".encode("ascii"))
        self._write("".join(f"{place:010} 00000 n \n" for place in self._places).encode("ascii"))
        name = self._digest.hexdigest()[:32]
        trailer = f"<< /Size {size} /Root {root} 0 R /ID [<{name}> <{name}>] >>"
        self._write(f"trailer\n{trailer}\nstartxref\n{table_at}\n%%EOF\n".encode("ascii"))

    def _begin(self, number: int | None) -> int:
        number = number or self.reserve()
        self._places[number - 1] = self._at
        self._write(f"{number} 0 obj\n".encode("ascii"))
        return number

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self._at += len(data)
        left = memoryview(data)
        while left:
            written = self._file.write(left)
            # An unbuffered file may take a part only; other files take all, and some say None.
            left = left[written if isinstance(written, int) else len(left) :]
