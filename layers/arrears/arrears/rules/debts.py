"""What is owed: the charges that count on a day, and their sum."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from arrears.calendar import due_day, years_after
from arrears.model import ZERO, CourtStatus, OpenItem, Snapshot
from arrears.policy import Policy


def debt(snapshot: Snapshot, policy: Policy, today: date) -> Decimal:
    """What is owed today: unpaid charges due before today less payments not yet matched; never below zero."""
    return owed(counted_items(snapshot, policy, today), snapshot, today)


def counted_items(snapshot: Snapshot, policy: Policy, today: date) -> tuple[OpenItem, ...]:
    """The unpaid charges that are due before today and have not expired."""
    return tuple(
        [
            item
            for item in snapshot.open_items
            if item.unpaid
            and item.due_date < today
            and due_day(item.due_date) < today
            and not expired(item, snapshot, policy, today)
        ]
    )


def owed(items: Iterable[OpenItem], snapshot: Snapshot, day: date) -> Decimal:
    """How much of those charges was due before that day, less payments not yet matched; never below zero."""
    due = sum([item.unpaid for item in items if due_day(item.due_date) < day], ZERO)
    return max(due - snapshot.unallocated_credit, ZERO)


def expired(item: OpenItem, snapshot: Snapshot, policy: Policy, today: date) -> bool:
    """Whether the claim is too old to collect: three years from the due date, five from a judgment (728/2003).

    The third anniversary itself is still in time. A court case opened in time, and not withdrawn, keeps the claim
    alive; the day of the judgment is not in the ledger, so the five years are counted from the opening.
    """
    lapses = years_after(item.due_date, policy.debt.limitation_years)
    court = snapshot.court
    if court is None or court.status is CourtStatus.WITHDRAWN or not item.due_date < court.opened_on <= lapses:
        return today > lapses
    after_judgment = years_after(court.opened_on, policy.debt.limitation_years_after_judgment)
    return court.status is CourtStatus.DECIDED and today > after_judgment
