"""What may come while a request is still being sent: interim replies (1xx), or the reply."""

import re

_INTERIM = re.compile(rb"HTTP/1\.[01] 1[^\n]*\n(?:[^\r\n][^\n]*\n)*+\r?\n")
_BEGINNING = re.compile(rb"(?:HTTP/1\.[01] 1.*|HTTP/1\.[01] |HTTP/1?\.?|HTT?P?|H)", re.DOTALL)
_MUCH = 1024 * 1024  # bytes: nobody has so much to say before the end


def is_final(ahead: bytes, part: bytes) -> bool:
    """Return whether there is no point in sending on.

    ahead: all that came so far; part: what came last, empty at the end of the connection.
    """
    if not part or len(ahead) > _MUCH:
        return True
    at = 0
    while found := _INTERIM.match(ahead, at):
        at = found.end()
    return at < len(ahead) and not _BEGINNING.fullmatch(ahead, at)
