"""Whom to trust: httpx's choice, with words for what cannot be read."""

import os
import ssl
from functools import lru_cache
from pathlib import Path

import httpx

from .._errors import ConfigurationError
from .._options import VerifyInput


def context(verify: VerifyInput) -> ssl.SSLContext:
    """Return the context for `verify`, as httpx takes it. Raises ConfigurationError.

    True: SSL_CERT_FILE or SSL_CERT_DIR of the environment, else httpx's authorities. A path: a file
    of certificates, or a directory of them. False: nobody is asked who they are.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if isinstance(verify, str | os.PathLike):
        return _trusting("verify", os.fspath(verify))
    if not isinstance(verify, bool):
        raise ConfigurationError(
            "verify must be True, False, a path of certificates or an ssl.SSLContext"
        )
    if verify:
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            path = os.environ.get(name)
            if path:
                return _trusting(name, path)
    return _usual(verify)


@lru_cache(maxsize=2)
def _usual(verify: bool) -> ssl.SSLContext:
    """Made once: it takes longer than a call, and 1 MB."""
    return httpx.create_ssl_context(verify=verify, trust_env=False)


def _trusting(name: str, path: str) -> ssl.SSLContext:
    """name: of the argument or variable that has the path."""
    if not Path(path).exists():
        raise ConfigurationError(f"{name}={path!r}: there is no such file or directory")
    try:
        if Path(path).is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except OSError as exc:
        problem = f"{name}={path!r} has no certificates that can be read as PEM ({exc})"
    raise ConfigurationError(problem)
