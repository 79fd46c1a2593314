"""An exception of a signal handler, told from one of the network.

A handler that raises TimeoutError, or another OSError, while a socket is waited for: httpcore takes
it for the network's own. But that one is raised in C, below a frame of a library; a handler's ends
in a frame of its own.
"""

_NETWORK = {"httpcore", "nhncloud_ocr", "socket", "ssl", "selectors"}


def raised_by_a_handler(exc: BaseException) -> BaseException | None:
    """Return the exception of a handler, if this is it or was made of it by httpcore."""
    for each in (exc, *exc.args[:1]):
        if isinstance(each, OSError) and _ends_outside(each):
            return each
    return None


def _ends_outside(exc: OSError) -> bool:
    """Whether its innermost frame is of no module that speaks to the network."""
    last = exc.__traceback__
    if last is None:
        return False
    while last.tb_next is not None:
        last = last.tb_next
    module = str(last.tb_frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] not in _NETWORK
