"""What came beyond a reply. Its connection is not used again: the next image would be given it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import internals

if TYPE_CHECKING:
    from .network import Stream
    from .network_async import AsyncStream


def look_for_surplus(
    stream: Any,
    extensions: Mapping[str, Any],
    kind: "type[Stream | AsyncStream]",
) -> None:
    """Have the connection closed that got more than the reply. It is not given back yet.

    stream, extensions: of httpcore's reply, whose body has been read. kind: of our connections; any
    other is left alone.
    """
    connection = extensions.get("network_stream")
    if not isinstance(connection, kind) or extensions.get("http_version") == b"HTTP/2":
        return
    if connection.has_more() or not internals.is_read_to_its_end(stream):
        connection.spoil()
