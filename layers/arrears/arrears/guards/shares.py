"""Shares of a run, and how they are told."""

from decimal import Decimal


def share(part: int, whole: int) -> Decimal:
    """The part in the whole, from 0 to 1; of nothing, none."""
    return Decimal(part) / whole if whole else Decimal(0)


def percent(part: Decimal) -> str:
    """A share as people read it: 0.005 is "0.50 %"."""
    return f"{part * 100:.2f} %"
