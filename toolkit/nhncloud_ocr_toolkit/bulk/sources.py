"""Which images are meant, found one at a time: nothing is listed before the first is sent."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit, urlunsplit

SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
_ENDINGS = tuple(SUFFIXES)
_LOOK_UP = 1000  # names of a folder between two questions whether to stop
MAX_BYTES = 20 * 1024 * 1024  # documented
STORES = ("s3://", "s3a://", "gs://", "az://", "adl://", "abfs://", "abfss://", "azure://")
_WEB = ("http://", "https://")
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

SourceInput: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | Found"


class Unreadable(Exception):
    """An image that cannot be sent; its text says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """One image that is meant.

    ref: what rows call it: as given, of a URL what comes before its query. given: the caller's id.
    where: the path or URL itself, which stays out of the journal: a query may hold a signature.
    problem: why there is no image, of a line of a manifest that names none. content: the bytes, if
    they were given instead of a place.
    """

    ref: str
    where: str
    given: str | None = None
    problem: str = ""
    content: bytes | None = None

    @property
    def identity(self) -> bytes:
        """What makes it the same image in the next run: its id with its ref, else where it is."""
        told = ("id", self.given, self.ref) if self.given is not None else ("at", self.where)
        return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).digest()[:16]

    @property
    def is_url(self) -> bool:
        """Whether the service fetches it."""
        return self.where.lower().startswith(_WEB)

    def read(self) -> bytes:
        """Return its bytes. Raises Unreadable."""
        if self.problem:
            raise Unreadable(self.problem)
        if self.content is not None:
            return _checked(self.content)
        try:
            if self.where.lower().startswith(STORES):
                from . import stores

                data = stores.read(self.where, MAX_BYTES)
            else:
                data = _read_file(self.where)
        except OSError as exc:
            raise Unreadable(exc.strerror or "it could not be read") from None
        except ValueError:  # a NUL in a path
            raise Unreadable("this is no path of a file") from None
        return _checked(data)


def _read_file(path: str) -> bytes:
    """Return a file's bytes, at most one more than the limit. Raises OSError, Unreadable.

    A pipe is not waited for: nobody may ever write into it.
    """
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable("this is no file but a pipe or a device")
        return file.read(MAX_BYTES + 1)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _checked(data: bytes) -> bytes:
    if not data:
        raise Unreadable("the file is empty")
    if len(data) > MAX_BYTES:
        raise Unreadable(f"more than {MAX_BYTES:,} bytes (20 MiB), the limit: scale it down")
    if not data.startswith(_SIGNATURES):
        raise Unreadable("neither a JPEG nor a PNG, by its first bytes: convert it to one of them")
    return data


def never() -> bool:
    return False


def found(
    sources: SourceInput | Iterable[SourceInput], stop: Callable[[], bool] = never
) -> Iterator[Found]:
    """Yield each image that is meant, as it is come upon. Raises JournalError for an extra that is
    missing; a file that does not exist is yielded too: reading it tells.

    stop: is asked now and then in a long folder, in which no image may come for a while.
    """
    one = isinstance(sources, (str, os.PathLike, Mapping, Found))
    many = cast("Iterable[SourceInput]", (sources,) if one else sources)
    for source in many:
        if isinstance(source, Found):
            yield source
        elif isinstance(source, Mapping):
            yield single(str(source["ref"]), source.get("id"))
        elif isinstance(source, (str, os.PathLike)):
            yield from _of_name(os.fspath(source), stop)
        else:
            raise TypeError(
                "a source is a path, a URL or a mapping with ref and maybe id, not "
                f"{type(source).__name__}"
            )


def single(name: str, given: object = None) -> Found:
    """Return the image of this path or URL. given: the caller's own id."""
    told = None if given is None else str(given)
    if name.lower().startswith(_WEB):
        return Found(printable(without_query(name)), name, told)
    return Found(printable(name), name, told)


def printable(name: str) -> str:
    """Return a name that a database can hold: bytes that are no UTF-8 become marks."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def without_query(url: str) -> str:
    """Return a URL without user, query and fragment, any of which may hold a secret."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return url.partition("?")[0].partition("#")[0].rpartition("@")[2]


def _of_name(name: str, stop: Callable[[], bool]) -> Iterator[Found]:
    if name.lower().startswith(STORES):
        from . import stores

        yield from (Found(each, each) for each in stores.below(name, SUFFIXES))
    elif name.lower().startswith(_WEB):
        yield single(name)
    elif os.path.isdir(name):  # noqa: PTH112 (a string with a NUL is no error to it)
        yield from _in_folder(name, stop)
    elif glob.has_magic(name) and not os.path.lexists(name):
        yield from _of_pattern(name, stop)
    else:
        yield single(name)


def _of_pattern(pattern: str, stop: Callable[[], bool]) -> Iterator[Found]:
    nothing = True
    for name in glob.iglob(pattern, recursive=True):  # noqa: PTH207 (it may be absolute)
        nothing = False
        if os.path.isdir(name):  # noqa: PTH112
            # `**` comes to the files below by itself
            yield from () if "**" in pattern else _in_folder(name, stop)
        else:
            yield single(name)
    if nothing:
        yield single(pattern)


def _in_folder(folder: str, stop: Callable[[], bool]) -> Iterator[Found]:
    """Yield the JPEGs and PNGs below a folder, but none whose name begins with a dot."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for number, entry in enumerate(entries, 1):
                    if number % _LOOK_UP == 0 and stop():
                        return
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.name.lower().endswith(_ENDINGS):
                        yield single(entry.path)
        except OSError as exc:  # at its opening, or in its midst
            problem = f"a folder that cannot be read: {exc.strerror}"
            yield Found(printable(place), place, problem=problem)
