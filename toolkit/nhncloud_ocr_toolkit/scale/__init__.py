"""Past one machine: a column of images into columns of results, whatever engine calls it.

An engine tries again what failed, and computes again what it has lost or thrown away. A ledger
outside of it keeps that from being paid again.
"""

from .column import recognize_column
from .ledger import Ledger, LedgerError

__all__ = ["Ledger", "LedgerError", "recognize_column"]
