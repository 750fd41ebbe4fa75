"""What a letter may cost the tenant: EUR 5.00 at most, not too early, not too often, never too much in all."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from arrears.calendar import clear_days, due_day
from arrears.model import LETTERS, ZERO, Case, HoldKind, OpenItem, Past, Snapshot
from arrears.policy import Policy
from arrears.rules.debts import counted_items
from arrears.rules.situations import ARRIVED

CONTESTED = frozenset({HoldKind.DISPUTE, HoldKind.HALT_REQUEST})


def outstanding(snapshot: Snapshot, policy: Policy, on: date) -> tuple[OpenItem, ...]:
    """The charges still owed that day, oldest first, with payments not yet matched taken off the oldest.

    Nobody knows when an unmatched payment came, so it counts as if it had come in time: money that the landlord
    already holds bears no interest and starts no clock.
    """
    items = sorted(counted_items(snapshot, policy, on), key=lambda item: item.due_date)
    return tuple(_less(items, snapshot.unallocated_credit))


def fee(case: Case, on: date, policy: Policy, *, waived: bool = False) -> Decimal:
    """The policy's fee when every rule allows it, else nothing (513/1999 s. 10 a-10 d). Never a part of a fee."""
    owed = outstanding(case.snapshot, policy, on)
    costs = costs_so_far(case, owed, policy)
    free = waived or _never_again(case, owed, costs, policy) or _too_early(case, owed, on, policy)
    return ZERO if free else policy.letter.fee


def fee_may_follow(case: Case, on: date, policy: Policy, *, waived: bool = False) -> bool:
    """Whether a later letter about this debt may cost something, when a letter has left that day: only then may the
    tenant be told so (s. 4: nothing misleading)."""
    owed = outstanding(case.snapshot, policy, on)
    costs = costs_so_far(case, owed, policy) + fee(case, on, policy, waived=waived)
    return not (waived or _never_again(case, owed, costs, policy))


def earlier_fees(case: Case, owed: Iterable[OpenItem], *, waived: bool = False) -> Decimal:
    """Fees of letters about this debt that surely left. Costs are paid last (s. 11 a), so while rent of that time is
    unpaid they are too. A fee that is not known is not asked for."""
    known = (past.fee for past in _letters_about(case, owed) if past.fee and past.outcome in ARRIVED)
    return ZERO if waived else sum(known, ZERO)


def costs_so_far(case: Case, owed: Iterable[OpenItem], policy: Policy) -> Decimal:
    """What letters about this debt may have cost already; a fee that is not known counts as a full one."""
    fees = (policy.letter.fee if past.fee is None else past.fee for past in _letters_about(case, owed))
    return sum(fees, ZERO)


def cost_cap(principal: Decimal, policy: Policy) -> Decimal:
    """The most that collecting a debt of that size may cost in all (513/1999 s. 10 d)."""
    caps = policy.letter.cost_caps
    return next((cap for limit, cap in caps if principal <= limit), caps[-1][1])


def contested(case: Case) -> bool:
    """Whether the debt was ever disputed or a halt asked for: what goes on after that costs nothing (s. 4 b, 4 c)."""
    return any(hold.kind in CONTESTED for hold in case.snapshot.holds)


def _never_again(case: Case, owed: tuple[OpenItem, ...], costs: Decimal, policy: Policy) -> bool:
    """What no passing of time mends: a campaign, a contested debt, a small one, the cap of costs."""
    principal = sum((item.unpaid for item in owed), ZERO)
    return (
        policy.letter.waive_fees
        or contested(case)
        or principal < policy.letter.no_fee_below
        or costs + policy.letter.fee > cost_cap(principal, policy)
    )


def _too_early(case: Case, owed: tuple[OpenItem, ...], on: date, policy: Policy) -> bool:
    """14 clear days after the oldest due day and after every letter that cost something (s. 10 b)."""
    clocks = [due_day(item.due_date) for item in owed[:1]]
    clocks += [past.on for past in case.history if past.step in LETTERS and past.fee != ZERO]
    return any(clear_days(start, on) < policy.letter.clear_days_between_fees for start in clocks)


def _letters_about(case: Case, owed: Iterable[OpenItem]) -> Iterator[Past]:
    """Letters since the oldest charge still owed fell due: an older letter was about another debt."""
    since = min((due_day(item.due_date) for item in owed), default=date.max)
    return (past for past in case.history if past.step in LETTERS and past.on >= since)


def _less(items: Iterable[OpenItem], credit: Decimal) -> Iterator[OpenItem]:
    for item in items:
        covered = min(credit, item.unpaid)
        credit -= covered
        if item.unpaid > covered:
            yield item.model_copy(update={"unpaid": item.unpaid - covered})
