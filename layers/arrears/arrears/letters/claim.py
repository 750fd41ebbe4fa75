"""What a letter asks for: the charges, the interest, the fees and their sum, to the cent."""

from datetime import date
from decimal import Decimal

from arrears.calendar import due_day, month_of
from arrears.letters.fees import earlier_fees, fee, outstanding
from arrears.letters.interest import Interest, late_interest
from arrears.model import ZERO, Case, Day, Facts, Money, OpenItem, Snapshot
from arrears.policy import Policy
from arrears.rules.debts import counted_items


class Incomplete(Exception):
    """A letter that may not leave, because something that the law asks for is missing: a person completes it.

    `field` names what is missing and `expected` what should be there; never what a tenant's record holds.
    """

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: {expected}")
        self.field, self.expected = field, expected


class Charge(Facts):
    """One month's rent: what was charged, what has been paid and what is missing, in euros."""

    due_date: Day
    charged: Money
    paid: Money
    unpaid: Money


class Claim(Facts):
    """The sum and its parts: charges less credit are the principal; with interest and fees it is the total.

    `credit` is money that the landlord holds and has not matched to a charge. `fee_month` is the due month that the
    fee belongs to: the oldest still owed, whose clock made the fee lawful.
    """

    charges: tuple[Charge, ...]
    credit: Money
    principal: Money
    interest: tuple[Interest, ...]
    earlier_fees: Money
    fee: Money
    fee_month: str
    total: Money

    @property
    def interest_until(self) -> date | None:
        """The last day for which interest is asked; None when none is."""
        return self.interest[-1].last if self.interest else None


def claim(case: Case, on: date, policy: Policy, *, waived: bool = False) -> Claim:
    """What the tenancy owes that day. Raises Incomplete when nothing is owed, or a charge cannot be right."""
    owed = outstanding(case.snapshot, policy, on)
    if not owed:
        raise Incomplete("open_items", "expected a debt that is due and not expired")
    principal = sum((item.unpaid for item in owed), ZERO)
    interest = late_interest(owed, on, policy.interest)
    earlier, now = earlier_fees(case, owed, waived=waived), fee(case, on, policy, waived=waived)
    return Claim(
        charges=_charges(case.snapshot, policy, on),
        credit=case.snapshot.unallocated_credit,
        principal=principal,
        interest=interest,
        earlier_fees=earlier,
        fee=now,
        fee_month=month_of(due_day(owed[0].due_date)),
        total=principal + _sum(interest) + earlier + now,
    )


def _charges(snapshot: Snapshot, policy: Policy, on: date) -> tuple[Charge, ...]:
    items = sorted(counted_items(snapshot, policy, on), key=lambda item: item.due_date)
    return tuple(_charge(item) for item in items)


def _charge(item: OpenItem) -> Charge:
    if item.unpaid > item.charged:
        raise Incomplete("open_items.charged", "expected at least what is unpaid")
    return Charge(due_date=item.due_date, charged=item.charged, paid=item.charged - item.unpaid, unpaid=item.unpaid)


def _sum(interest: tuple[Interest, ...]) -> Decimal:
    return sum((line.amount for line in interest), ZERO)
