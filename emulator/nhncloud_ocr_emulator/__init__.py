"""NHN Cloud General OCR on your own machine, with a real OCR engine behind it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._app import App, create_app
    from ._embedded_text import embed_text
    from ._emulator import Emulator
    from ._fault_queue import Faults
    from ._faults import Fault
    from ._journal import Call, Journal

    __version__: str

__all__ = [
    "App",
    "Call",
    "Emulator",
    "Fault",
    "Faults",
    "Journal",
    "__version__",
    "create_app",
    "embed_text",
]

# Imported when first asked for: pytest imports this package in every run, for its plugin.
_HOMES = {
    "App": "_app",
    "Call": "_journal",
    "Emulator": "_emulator",
    "Fault": "_faults",
    "Faults": "_fault_queue",
    "Journal": "_journal",
    "create_app": "_app",
    "embed_text": "_embedded_text",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # it takes as long as all the rest of this

        return version("nhncloud-ocr-emulator")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
