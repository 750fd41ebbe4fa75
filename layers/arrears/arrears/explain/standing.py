"""How far a tenancy is from each threshold: the policy's number and the tenancy's own, side by side."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from arrears.calendar import due_day
from arrears.explain.because import euros
from arrears.model import ZERO, OpenItem
from arrears.outcomes.words import day_said
from arrears.rules import expired
from arrears.rules.bars import arrived_from
from arrears.rules.letters import answer_over, fee_allowed, payment_over
from arrears.rules.people import of_notice_age
from arrears.rules.situations import Situation


def owed(at: Situation) -> Iterator[str]:
    """What is owed and what is left out of it, and the rent that it is measured by."""
    counted, credit = _unpaid(at.items), at.snapshot.unallocated_credit
    yield f"The debt is {euros(at.debt)}: {_charges(at.items)} due by now, less {euros(credit)} not matched yet."
    others = [item for item in at.snapshot.open_items if item.unpaid and item not in at.items]
    if old := [item for item in others if expired(item, at.snapshot, at.policy, at.today)]:
        yield f"Not counted: {_charges(old)} too old to collect, due over {at.policy.debt.limitation_years} years ago."
    if coming := [item for item in others if due_day(item.due_date) >= at.today]:
        yield f"Not counted: {_charges(coming)} not due before this day."
    if credit > counted:
        yield "More was paid than is owed: the debt is never below zero."
    rent, allowance, left = at.snapshot.monthly_rent, at.snapshot.housing_allowance, at.snapshot.deductible
    yield f"The rent is {euros(rent)} a month, of which the allowance pays {euros(allowance)} and leaves {euros(left)}."


def criteria(at: Situation) -> Iterator[str]:
    """The criteria for a text, and where court is near."""
    terms, court = at.policy.sms, at.policy.court
    in_use = at.snapshot.area in terms.areas
    yield f"Everyone gets a text in {', '.join(terms.areas) or 'no area'}; this is {at.snapshot.area}: {_met(in_use)}."
    if terms.small_debt_below is not None:
        small = 0 < at.debt < terms.small_debt_below
        yield f"A small debt is below {euros(terms.small_debt_below)}; this is {euros(at.debt)}: {_met(small)}."
    if terms.rent_multiple is not None:
        yield f"For a text: {_rents(at, terms.rent_multiple)}."
    if terms.deductible_multiple is not None:
        yield f"For a text: {_deductibles(at, terms.deductible_multiple)}."
    yield f"For the last letter before court: {_rents(at, court.rent_multiple)}."
    yield f"Or: {_deductibles(at, court.deductible_multiple)}."


def clocks(at: Situation) -> Iterator[str]:
    """The day from which each clock no longer stands in the way."""
    debt, letter = at.policy.debt, at.policy.letter
    if at.oldest_due:
        yield f"The oldest charge fell due on {day_said(at.oldest_due)}{_ago(at.oldest_due, at)}."
    yield from _clock(f"Time for a payment to arrive: {debt.transit_banking_days} banking days", arrived_from(at), at)
    yield from _clock(f"Time to answer the reminder: {letter.clear_days_to_answer} clear days", answer_over(at), at)
    since = "clear days since the due date and the last fee"
    yield from _clock(f"Time until a letter with a fee: {letter.clear_days_between_fees} {since}", fee_allowed(at), at)
    yield from _clock(f"Time to pay after the last letter: {letter.days_to_pay} days", payment_over(at), at)
    if court := at.snapshot.court:
        opened, days = day_said(court.opened_on), at.policy.court.notice_within_days
        yield f"The court case was opened on {opened}{_ago(court.opened_on, at)} and is {court.status}."
        yield f"It is news for {days} days; of its notice's age are {len(of_notice_age(at))} main tenants."


def _clock(what: str, over: date | None, at: Situation) -> Iterator[str]:
    if over:
        yield f"{what}, over on {day_said(over)}{_ago(over, at)}: {'passed' if over <= at.today else 'still running'}."


def _ago(day: date, at: Situation) -> str:
    days = (at.today - day).days
    told = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f" ({told} ago)" if days > 0 else f" (in {told})" if days else " (today)"


def _rents(at: Situation, times: Decimal) -> str:
    return _against(f"{times} rents", times * at.snapshot.monthly_rent, at.debt)


def _deductibles(at: Situation, times: Decimal) -> str:
    if at.snapshot.housing_allowance == 0:
        return f"{times} deductibles: there is no allowance, so there is no deductible to multiply"
    if at.snapshot.deductible <= 0:
        return f"{times} deductibles: the allowance pays the whole rent, so there is no deductible to multiply"
    return _against(f"{times} deductibles", times * at.snapshot.deductible, at.debt)


def _against(what: str, limit: Decimal, debt: Decimal) -> str:
    short = f"not reached, {euros(limit - debt)} short" if debt < limit else "reached"
    return f"{what} are {euros(limit)}, the debt is {euros(debt)}: {short}"


def _met(met: bool) -> str:
    return "met" if met else "not met"


def _charges(items: tuple[OpenItem, ...] | list[OpenItem]) -> str:
    return f"{euros(_unpaid(items))} in {len(items)} unpaid charge{'' if len(items) == 1 else 's'}"


def _unpaid(items: tuple[OpenItem, ...] | list[OpenItem]) -> Decimal:
    return sum((item.unpaid for item in items), ZERO)
