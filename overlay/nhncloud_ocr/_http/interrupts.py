"""An exception of a signal handler, told from one of the network.

A handler that raises TimeoutError, or another OSError, while a socket is waited for: httpcore takes
it for the network's own. But it has come through a frame of the handler.
"""

import signal
from types import CodeType


def raised_by_a_handler(exc: BaseException) -> BaseException | None:
    """Return the exception of a handler, if this is it or was made of it by httpcore."""
    for each in (exc, *exc.args[:1]):
        if isinstance(each, OSError) and _came_through_a_handler(each):
            return each
    return None


def _came_through_a_handler(exc: OSError) -> bool:
    handlers = _handlers()
    entry = exc.__traceback__
    while entry is not None:
        if entry.tb_frame.f_code in handlers:
            return True
        entry = entry.tb_next
    return False


def _handlers() -> set[CodeType]:
    """Return the code of each handler that stands: a function, a method, a partial, an object."""
    found = set()
    for number in signal.valid_signals():
        handler = signal.getsignal(number)
        for function in (handler, getattr(handler, "func", None), type(handler).__call__):
            code = getattr(function, "__code__", None)
            if isinstance(code, CodeType):
                found.add(code)
    return found
