"""A tenancy's rent account: charges and what came in for them. Money is whole cents; the day always comes first."""

from dataclasses import dataclass, field
from datetime import date, timedelta

EXPIRES = timedelta(days=3 * 365)


@dataclass(slots=True)
class Charge:
    """A month's rent that is not wholly paid."""

    due: date
    charged: int
    unpaid: int
    reference: str | None


@dataclass(slots=True)
class Account:
    """Unpaid charges, the oldest first, and money that is not yet matched to one."""

    reference: str
    charges: list[Charge] = field(default_factory=list)
    credit: int = 0

    def overdue(self, day: date) -> int:
        """What fell due before that day and is unpaid, however old."""
        return sum(charge.unpaid for charge in self.charges if charge.due < day)

    def debt(self, day: date) -> int:
        """What is overdue and can still be asked for, less the money that waits to be matched."""
        if not self.charges:
            return 0
        due = sum(charge.unpaid for charge in self.charges if day - EXPIRES < charge.due < day)
        return max(due - self.credit, 0)

    def charge(self, day: date, rent: int) -> None:
        """The month's rent is charged, due on the 4th."""
        self.charges.append(Charge(day.replace(day=4), rent, rent, self.reference))

    def receive_allowance(self, _: date, cents: int) -> None:
        """Kela pays its part of the newest rent."""
        self._settle(self.charges[-1:], cents)

    def receive(self, day: date, cents: int) -> None:
        """Rent comes in with its reference: for the newest rent, as people mean it, then for the oldest debt."""
        live = self._live(day)
        self._take(day, cents)
        self.credit = self._settle(live[-1:] + live[:-1], self.credit)

    def receive_for_debt(self, day: date, parts: int = 1) -> None:
        """The debt is paid, or one of so many parts of it: the oldest charge first."""
        self._take(day, -(-self.debt(day) // parts))
        self.match(day)

    def receive_unmatched(self, day: date, cents: int) -> None:
        """Money comes in without its reference and waits until somebody looks."""
        self._take(day, cents)

    def overpay(self, _: date, cents: int) -> None:
        """Money comes in that nobody asked for."""
        self.credit += cents

    def match(self, day: date) -> None:
        """Somebody looks: what waits is matched to the oldest debt."""
        self.credit = self._settle(self._live(day), self.credit)

    def _take(self, day: date, cents: int) -> None:
        owed = sum(charge.unpaid for charge in self._live(day)) - self.credit
        self.credit += max(min(cents, owed), 0)

    def _live(self, day: date) -> list[Charge]:
        return [charge for charge in self.charges if charge.due > day - EXPIRES]

    def _settle(self, charges: list[Charge], cents: int) -> int:
        for charge in charges:
            part = min(charge.unpaid, cents)
            charge.unpaid -= part
            cents -= part
        self.charges = [charge for charge in self.charges if charge.unpaid]
        return cents
