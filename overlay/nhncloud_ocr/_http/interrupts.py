"""An exception of a signal handler, told from one of the network.

A handler that raises TimeoutError, or another OSError, while a socket is waited for: httpcore takes
it for the network's own. But a handler is given the frame that it interrupts, and nothing else is.
"""

from types import FrameType


def raised_by_a_handler(exc: BaseException) -> BaseException | None:
    """Return the exception of a handler, if this is it or was made of it by httpcore."""
    for each in (exc, *exc.args[:1]):
        if isinstance(each, OSError) and _came_through_a_handler(each):
            return each
    return None


def _came_through_a_handler(exc: OSError) -> bool:
    entry = exc.__traceback__
    while entry is not None and entry.tb_next is not None:
        if _was_given(entry.tb_next.tb_frame, entry.tb_frame):
            return True
        entry = entry.tb_next
    return False


def _was_given(called: FrameType, interrupted: FrameType) -> bool:
    """Whether a function has the frame below it among its arguments, in `*args` maybe."""
    for value in called.f_locals.values():
        if value is interrupted:
            return True
        if isinstance(value, tuple) and any(each is interrupted for each in value):
            return True
    return False
