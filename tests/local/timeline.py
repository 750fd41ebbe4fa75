"""A year of one tenancy, printed: `python -m tests.local.timeline`. The real errands, in memory, day by day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from arrears.ledger import Row, Status
from arrears.model import ZERO, Step
from tests.makers import a_snapshot_row, an_item_row
from tests.world import World

START, DAYS = date(2025, 7, 1), 365  # a year whose rates of late interest are known
RENT = Decimal("800.00")
AGREEMENT_BREAKS_AFTER = timedelta(days=40)


@dataclass
class Tenancy:
    """One test tenancy in the north: a rent each month from the start, and what the tenant does about it."""

    name: str
    behave: Callable[["Tenancy", date, list[Row]], None]
    unpaid: dict[date, Decimal] = field(default_factory=dict)
    agreement: dict[str, Any] | None = None

    def row(self, day: date) -> dict[str, Any]:
        """The tenancy in that evening's export."""
        items = [
            an_item_row(due_date=f"{due}", charged=f"{RENT}", unpaid=f"{owed}")
            for due, owed in sorted(self.unpaid.items())
            if owed
        ]
        return a_snapshot_row(tenancy_id="T-1", open_items=items, agreement=self.agreement)

    def live(self, day: date, written: list[Row]) -> None:
        """One more day."""
        if day.day == 1:
            self.unpaid[day.replace(day=4)] = RENT
        self.behave(self, day, written)

    @property
    def debt(self) -> Decimal:
        """Everything unpaid."""
        return sum(self.unpaid.values(), ZERO)


def never_pays(tenancy: Tenancy, day: date, written: list[Row]) -> None:
    """Says and pays nothing."""


def pays_late(tenancy: Tenancy, day: date, written: list[Row]) -> None:
    """Pays everything on the twentieth: after the text, before a letter."""
    if day.day == 20:
        tenancy.unpaid.clear()


def agrees_and_breaks_it(tenancy: Tenancy, day: date, written: list[Row]) -> None:
    """Agrees to pay by instalments two days after the first letter, pays one, and then no more."""
    letters = [row for row in written if row.key.step is Step.COLLECTION_LETTER]
    if not letters:
        return
    agreed = letters[0].on + timedelta(days=2)
    if day == agreed:
        tenancy.agreement = {"agreed_on": f"{day}", "status": "active", "broken_on": None}
    elif day == agreed + timedelta(days=10):
        oldest = min(due for due, owed in tenancy.unpaid.items() if owed)
        tenancy.unpaid[oldest] -= Decimal("200.00")
    elif day == agreed + AGREEMENT_BREAKS_AFTER:
        tenancy.agreement = {"agreed_on": f"{agreed}", "status": "broken", "broken_on": f"{day}"}


BEHAVIOURS = {"never pays": never_pays, "pays late": pays_late, "agrees and breaks it": agrees_and_breaks_it}


def year(name: str) -> Iterator[tuple[date, Decimal, Row]]:
    """Every message, letter and hand-over of the year, with the debt of its day."""
    tenancy, world = Tenancy(name, BEHAVIOURS[name]), World()
    told: set[str] = set()
    for number in range(DAYS):
        day = START + timedelta(days=number)
        world.live(day, [tenancy.row(day)])
        rows = sorted(world.ledger.rows.values(), key=lambda row: row.planned_at)
        tenancy.live(day, rows)
        for row in rows:
            if str(row.key) not in told and row.status in (Status.SENT, Status.OPEN):
                told.add(str(row.key))
                yield day, tenancy.debt, row


def timeline(name: str) -> list[str]:
    """The year as lines that a person reads."""
    lines = [f"A tenant who {name}; rent EUR {RENT} a month, due on the 4th"]
    for day, debt, row in year(name):
        fee = f", fee EUR {row.fee} for {row.fee_month}" if row.fee else ""
        lines.append(f"  {day:%a} {day}  {row.key.step:<24} owes EUR {debt:>8}{fee}  ({', '.join(row.reasons)})")
    return lines


def main() -> None:
    """All three years."""
    for name in BEHAVIOURS:
        print("\n".join(timeline(name)), end="\n\n")


if __name__ == "__main__":
    main()
