"""What a table must not show: a group so small that a neighbour could tell who is in it, and what gives it away."""

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
WHOLE = "all"


class Sum(NamedTuple):
    """Cells of a table whose sum stands in another cell of it."""

    parts: tuple[Hashable, ...]
    whole: Hashable


def hidden(counts: Mapping[K, int], sums: Iterable[Sum], least: int) -> frozenset[K]:
    """The cells that are not shown: groups of fewer than `least` (nobody is no group), and as many others that no
    hidden group can be had back by subtracting what is shown from a sum."""
    gone = {cell for cell, count in counts.items() if 0 < count < least}
    lines = list(sums)
    while more := {cell for line in lines for cell in _also(line, counts, gone, least)}:
        gone |= more
    return frozenset(gone)


def _also(line: Sum, counts: Mapping[K, int], gone: set[K], least: int) -> set[K]:
    """What must go too, so that the line's hidden cells are several and together no small group."""
    cells = [cell for cell in counts if cell in line.parts and counts[cell]]
    out = [cell for cell in cells if cell in gone]
    whole = {cell for cell in counts if cell == line.whole} - gone
    if not out or not whole or (len(out) > 1 and sum(counts[cell] for cell in out) >= least):
        return set()
    shown = [cell for cell in cells if cell not in gone]
    return {min(shown, key=lambda cell: counts[cell])} if shown else whole


def in_line(names: Iterable[str]) -> list[Sum]:
    """The sums of a list with a total."""
    return [Sum(tuple(names), WHOLE)]


def in_cross(rows: Iterable[str], columns: Iterable[str]) -> list[Sum]:
    """The sums of a table with a total for each row and column, and one of all. Cells are (row, column)."""
    down, across = list(rows), list(columns)
    by_row = [Sum(tuple((row, column) for column in across), (row, WHOLE)) for row in [*down, WHOLE]]
    by_column = [Sum(tuple((row, column) for row in down), (WHOLE, column)) for column in [*across, WHOLE]]
    return by_row + by_column
