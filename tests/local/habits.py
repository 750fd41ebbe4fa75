"""How made-up tenants live: how they pay, and what else a month brings them.

The shares are chosen so that about 15 % are in debt in the middle of a month, half of them such that a text is due.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from arrears.model import HoldKind
from tests.local.account import Charge
from tests.local.answers import Deed, banking_day, deeds, left_alone
from tests.local.dice import Dice
from tests.local.homes import AREAS, allowance
from tests.local.people import typed_phone
from tests.local.tenancy import Tenancy

# How people pay, and the share who do so where debt is as likely as on average.
STEADY, SLOW, FORGETFUL, PIECEMEAL, FRAGILE = "steady", "slow", "forgetful", "piecemeal", "fragile"
HABITS = {SLOW: 0.018, FORGETFUL: 0.062, PIECEMEAL: 0.012, FRAGILE: 0.098}
OFTEN_LATE = {SLOW: 0.85, FRAGILE: 0.07}
# How likely a month begins a time in which no money comes in, and how likely it ends one.
MONEY_ENDS = {STEADY: 0.0012, SLOW: 0.006, FORGETFUL: 0.002, PIECEMEAL: 0.012, FRAGILE: 0.065}
MONEY_RETURNS = 0.17
# What else a month brings to a hundred tenancies.
BEFALLS = {"": 97.93, "phone": 0.6, "move": 0.7, "allowance": 0.4, "twice": 0.3, "death": 0.07}
BEFALLS_IN_DEBT = {
    "": 70.0,
    "pay": 9.0,
    "pay_part": 7.0,
    "agree": 3.5,
    "contact": 4.0,
    "dispute": 1.0,
    "halt": 0.7,
    "debt_adjustment": 0.4,
    "guardian": 0.4,
    "manual": 0.8,
}


def risk(area: str, age: int) -> float:
    """How easily people come into debt, against the average: the young more easily, most of all in the northeast."""
    by_age = 1.45 if age < 30 else 0.55 if age >= 65 else 1.0
    return AREAS[area].risk * by_age * (1.25 if age < 30 and area == "northeast" else 1.0)


def habit(at_risk: float, dice: Dice) -> str:
    """How somebody pays."""
    weights = {each: share * at_risk for each, share in HABITS.items()}
    return dice.by_weight(weights | {STEADY: 1 - sum(weights.values())})


def owe_from_before(tenancy: Tenancy, first: date, dice: Dice) -> None:
    """What somebody already owes on the portfolio's first day, from months or from years ago."""
    charges = tenancy.account.charges
    if dice.chance(0.004):
        charges.append(Charge(_months_before(first, dice.between(12, 72)), 600_00, dice.between(40_00, 300_00), None))
    if tenancy.habit == FRAGILE and dice.chance(0.52):
        tenancy.broke = dice.chance(0.55)
        unpaid = tenancy.share or tenancy.home.rent * 2 // 5  # from before the allowance covered it all
        for ago in range(dice.by_weight({1: 30, 2: 22, 3: 16, 4: 12, 5: 8, 6: 6, 8: 4, 12: 2}), 0, -1):
            due = _months_before(first, ago)
            charges.append(Charge(due, tenancy.home.rent, unpaid, tenancy.account.reference))
    charges.sort(key=lambda charge: charge.due)


def month(tenancy: Tenancy, first: date, growth: float, dice: Dice) -> Iterator[Deed]:
    """What the month that begins that day brings; `growth` is how much likelier than at first money runs out."""
    yield Deed(first, tenancy.account.charge, (tenancy.home.rent,))
    if tenancy.allowance:
        yield Deed(banking_day(first, 1), tenancy.account.receive_allowance, (tenancy.allowance,))
    if tenancy.estate:
        return
    if tenancy.broke:
        tenancy.broke = not dice.chance(MONEY_RETURNS)
    else:
        tenancy.broke = dice.chance(MONEY_ENDS[tenancy.habit] * tenancy.risk * growth)
    if tenancy.share:
        yield from _rent(tenancy, first, dice)
    yield from _befalls(tenancy, first, dice)
    if tenancy.account.debt(first):
        yield from _befalls_in_debt(tenancy, first, dice)


def _rent(tenancy: Tenancy, first: date, dice: Dice) -> Iterator[Deed]:
    day = dice.between(0, 3)
    if dice.chance(OFTEN_LATE.get(tenancy.habit, 0)):
        day = dice.between(5, 26)
    if tenancy.broke:
        if dice.chance(0.25):
            yield from _without_reference(tenancy, first, dice.between(5, 22), dice.between(10, 60), dice)
    elif tenancy.habit == PIECEMEAL:
        yield from _without_reference(tenancy, first, day, dice.between(40, 80), dice)
        yield Deed(banking_day(first, dice.between(9, 27)), tenancy.account.receive, (tenancy.share,))
    else:
        short = dice.between(1_00, 19_99) if tenancy.habit == FORGETFUL and dice.chance(0.42) else 0
        yield Deed(banking_day(first, day), tenancy.account.receive, (max(tenancy.share - short, 0),))


def _without_reference(tenancy: Tenancy, first: date, day: int, percent: int, dice: Dice) -> Iterator[Deed]:
    arrives = banking_day(first, day)
    yield Deed(arrives, tenancy.account.receive_unmatched, (tenancy.share * percent // 100,))
    yield Deed(banking_day(arrives, dice.between(2, 9)), tenancy.account.match)


def _befalls(tenancy: Tenancy, first: date, dice: Dice) -> Iterator[Deed]:
    what = dice.by_weight(BEFALLS)
    if not what:
        return
    day = banking_day(first, dice.between(0, 24))
    if what == "phone":
        yield Deed(day, tenancy.change_phone, (typed_phone(dice),))
    elif what == "move":
        yield Deed(day, tenancy.end_lease, (last_day(day),))
    elif what == "allowance":
        yield Deed(day, tenancy.change_allowance, (allowance(tenancy.home.rent, dice),))
    elif what == "twice":
        yield Deed(day, tenancy.account.overpay, (tenancy.share,))
        yield Deed(banking_day(first, 40), tenancy.account.match)
    elif what == "death":
        yield Deed(day, tenancy.hold, (HoldKind.DECEASED,))
        yield Deed(day, tenancy.end_lease, (last_day(last_day(day) + timedelta(days=1)),))


def _befalls_in_debt(tenancy: Tenancy, first: date, dice: Dice) -> Iterator[Deed]:
    debt, rent = tenancy.account.debt(first), tenancy.home.rent
    day = banking_day(first, dice.between(1, 26))
    what = dice.by_weight(BEFALLS_IN_DEBT)
    if debt < 20_00 and dice.chance(0.25):
        what = "pay"
    elif debt > 2 * rent and what == "pay" and dice.chance(0.6):
        what = ""
    if debt >= 2.5 * rent and not tenancy.holds and dice.chance(0.16):
        yield from _court(tenancy, day, dice)
    elif what in tuple(HoldKind):
        yield from left_alone(HoldKind(what), tenancy, day, dice)
    elif not tenancy.agreed:
        yield from deeds(what, tenancy, day, dice)


def _court(tenancy: Tenancy, day: date, dice: Dice) -> Iterator[Deed]:
    decided = banking_day(day, dice.between(40, 110))
    yield Deed(day, tenancy.open_court)
    yield Deed(decided, tenancy.close_court)
    if dice.chance(0.5):
        yield Deed(banking_day(decided, 20), tenancy.evict, (last_day(decided + timedelta(days=45)),))


def last_day(of: date) -> date:
    """The last day of that day's month."""
    return (of.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _months_before(first: date, ago: int) -> date:
    months = first.year * 12 + first.month - 1 - ago
    return date(months // 12, months % 12 + 1, 4)
