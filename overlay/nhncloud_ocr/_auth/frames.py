"""Functions whose frames may hold a secret, and which nothing that is raised takes along."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def leaves_no_frame(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function so that what is raised in it, a signal's too, has no frame of it.

    Its arguments stay in a frame of this module: their reprs must show no secret.
    """

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except BaseException as exc:
            exc.__traceback__ = None
            exc.__context__ = None
            raise

    return called
