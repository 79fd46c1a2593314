"""Where results go: under each other on standard output, or a file each below a folder."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from .images import Source
from .messages import shown
from .targets import write_to_standard_output


class Output:
    """Writes one text an image. headed: whether each stands under `==> NAME <==`."""

    def __init__(self, folder: Path | None, *, headed: bool) -> None:
        self._folder = folder
        self._headed = headed
        self._taken: set[Path] = set()

    def text(self, source: Source, text: str, suffix: str) -> None:
        """Print the text, or write it below the folder as the image's name with this suffix."""
        if self._folder is not None:
            path = self._free_path(self._folder, source, suffix)
            write_whole(path, _ended(text).encode("utf-8", "replace"))
            return
        if self._headed:
            print(f"==> {shown(source.name)} <==")
        print(text.removesuffix("\n"), flush=True)

    def data(self, source: Source, data: bytes, suffix: str) -> None:
        """The same for bytes, which are written as they are."""
        if self._folder is not None:
            write_whole(self._free_path(self._folder, source, suffix), data)
            return
        write_to_standard_output(data + b"\n")

    def json(self, source: Source, fields: dict[str, Any]) -> None:
        """Print one line of JSON that names its image, or write it below the folder."""
        fields = {"image": source.name, **fields}
        if self._folder is not None:
            text = json.dumps(fields, ensure_ascii=False)
            path = self._free_path(self._folder, source, ".json")
            write_whole(path, f"{text}\n".encode("utf-8", "replace"))
            return
        # Escapes of the console's own making would not be JSON.
        plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        print(json.dumps(fields, ensure_ascii=plain), flush=True)

    def _free_path(self, folder: Path, source: Source, suffix: str) -> Path:
        """Return a path below the folder that no other image of this run has."""
        below = Path(source.below)
        path = folder / below.with_suffix(suffix)
        number = 1
        while path in self._taken:
            # receipt.jpg and receipt.png: the second keeps its whole name.
            extra = "" if number == 1 else f".{number}"
            path = folder / below.with_name(f"{below.name}{extra}{suffix}")
            number += 1
        self._taken.add(path)
        return path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file at once: a run that is cut short leaves no half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        written.chmod(0o666 & ~_umask())
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
