"""Sums of money, in whatever currency the price is in: none is published, so none is built in."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation


def amount(text: str) -> Decimal:
    """Read an option's amount. Raises ArgumentTypeError."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value <= 0:
        raise argparse.ArgumentTypeError("must be a positive number")
    return value


def calls_for(most: Decimal, price: Decimal) -> int:
    """Return how many calls a sum pays."""
    return int(most // price)


def in_words(calls: int, price: Decimal | str | None) -> str:
    """Return what so many calls cost, ", cost 1,200"; nothing without a price."""
    if price is None:
        return ""
    cost = Decimal(price) * calls
    return f", cost {cost.normalize():,f}" if cost else ", cost 0"
