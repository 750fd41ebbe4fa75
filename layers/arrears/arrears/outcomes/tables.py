"""Tables: what is under every picture, and in a file beside the page. What a small group would show is not in them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

from arrears.outcomes.rates import Difference, Rate

HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Money:
    """Euros, kept in cents."""

    cents: int

    def __str__(self) -> str:
        return f"{Decimal(self.cents) / 100:.2f}"


Cell = str | int | Money | Rate | Difference | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading. The first `names` columns say what a row is about; the others are its figures.
    A cell that is None is hidden. `note` says what a reader must know to read it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    names: int = 1
    note: str = ""


def as_csv(table: Table) -> str:
    """The table as a file: a rate is three columns, its share and its interval; what is hidden says so."""
    out = StringIO()
    sheet = csv.writer(out, lineterminator="\n")
    spread = [_spread(table.rows, place) for place in range(len(table.columns))]
    sheet.writerow(part for column, wide in zip(table.columns, spread, strict=True) for part in _heads(column, wide))
    for row in table.rows:
        sheet.writerow(part for cell, wide in zip(row, spread, strict=True) for part in _parts(cell, wide))
    return out.getvalue()


def as_shown(cell: Cell) -> str:
    """A cell as a person reads it."""
    match cell:
        case None:
            return HIDDEN
        case int():
            return f"{cell:,}"
        case Money():
            return f"{Decimal(cell.cents) / 100:,.2f}"
        case Rate(of=0):
            return "–"
        case Rate():
            return f"{percent(cell.share)} ({_bare(cell.low)}–{_bare(cell.high)})"
        case Difference():
            return f"{points(cell.share)} ({points(cell.low)} to {points(cell.high)})"
    return cell


def shown(count: int | None) -> str:
    """A count in a sentence or picture."""
    return "hidden" if count is None else f"{count:,}"


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{share:.0%}".replace("%", " %")


def points(difference: float) -> str:
    """A difference of two shares, in percentage points."""
    return f"{round(difference * 100):+d}".replace("-", "−")


def _bare(share: float) -> str:
    return f"{round(share * 100)}"


def _spread(rows: Iterable[Row], place: int) -> bool:
    return any(isinstance(row[place], Rate | Difference) for row in rows)


def _heads(column: str, wide: bool) -> list[str]:
    return [f"{column}", f"{column}, low", f"{column}, high"] if wide else [column]


def _parts(cell: Cell, wide: bool) -> list[str]:
    if isinstance(cell, Rate) and not cell.of:
        return ["", "", ""]
    if isinstance(cell, Rate | Difference):
        return [f"{cell.share:.4f}", f"{cell.low:.4f}", f"{cell.high:.4f}"]
    shown = HIDDEN if cell is None else f"{cell}"
    return [shown] * 3 if wide else [shown]
