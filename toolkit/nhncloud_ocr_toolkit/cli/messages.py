"""What the command says beside its results: on standard error, a line each, in words of its own."""

from __future__ import annotations

import re
import sys

PROGRAM = "nhncloud-ocr"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")

# Errors of the SDK speak of Python arguments; somebody at a shell has options.
_IN_OPTIONS = (
    (' With on_no_text="empty" this is a result without lines.', ""),
    ("recognize_cropping() is for long images", "--cropping is for long images"),
    ("recognize_cropping() reads a long image better", "--cropping reads a long image better"),
    ("pass app_key=... or set", "use --app-key-file or set"),
    ("pass secret_key=... or set", "use --secret-key-file or set"),
    ("pass user_access_key_id=... or set", "use --user-access-key-id-file or set"),
    ("pass secret_access_key=... or set", "use --secret-access-key-file or set"),
    ("pass it as image_url=...", "begin it with http:// or https://"),
    ("image_url", "the URL"),
    ("base_url", "--base-url"),
    ("timeout must", "--timeout must"),
    (", or an httpx.Timeout", ""),
    (": pass pdfa=False for a plain PDF, or convert the image to RGB", ""),
    ("; .raw has the whole body.", "."),
    (" (seek(0) goes back to its beginning)", ""),
)


def complain(text: str) -> None:
    """Print one line on standard error, if there is one."""
    if sys.stderr is not None:
        print(f"{PROGRAM}: {shown(' '.join(text.split()))}", file=sys.stderr, flush=True)


def shown(name: str) -> str:
    """Return a name on one line, without what a terminal would take for a command."""
    return _CONTROLS.sub("?", name)


def said(exc: BaseException) -> str:
    """Return what an exception says, in words for somebody at a shell, on one line."""
    if isinstance(exc, OSError) and exc.strerror and type(exc).__module__ == "builtins":
        return exc.strerror
    text = " ".join(str(exc).split())
    for in_python, in_options in _IN_OPTIONS:
        text = text.replace(in_python, in_options)
    return text
