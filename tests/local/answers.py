"""How made-up tenants answer a text or a letter, and what comes of an agreement.

Nothing here happens yet: an answer is a list of deeds for a diary, and a deed is whose method is called on what day.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from arrears.calendar import due_day
from arrears.model import HoldKind, Step
from tests.local.dice import Dice
from tests.local.tenancy import Tenancy

# What a message moves tenants to do within two weeks; the rest of a hundred do nothing because of it. Some would have
# acted without it, so that of all who get a text about 55 % pay or make contact, of the young before court about 75 %.
ANSWERS: dict[Step, dict[str, float]] = {
    Step.SMS_REMINDER: {"pay": 20, "pay_part": 4, "agree": 8, "contact": 7, "dispute": 0.8, "halt": 0.6, "": 59.6},
    Step.COLLECTION_LETTER: {"pay": 18, "pay_part": 5, "agree": 12, "contact": 7, "dispute": 2, "halt": 1, "": 55},
    Step.AGREEMENT_BROKEN_LETTER: {"pay": 9, "pay_part": 5, "agree": 20, "contact": 9, "dispute": 1, "": 56},
    Step.COURT_WARNING_LETTER: {"pay": 11, "pay_part": 4, "agree": 18, "contact": 9, "dispute": 1, "": 57},
    Step.COURT_NOTICE: {"pay": 6, "agree": 22, "contact": 18, "": 54},
}
YOUNG_BEFORE_COURT: dict[str, float] = {"pay_part": 7, "agree": 40, "contact": 24, "": 29}
AGREEMENTS = {"kept": 70, "broken": 26, "cancelled": 4}


class Deed(NamedTuple):
    """Something that will happen to a tenancy on a day."""

    on: date
    what: Callable[..., None]
    how: tuple[Any, ...] = ()


def answer(step: Step, tenancy: Tenancy, on: date, dice: Dice) -> Iterator[Deed]:
    """What a tenant does about a message that arrived that day: something within two weeks, or nothing at all."""
    debt = tenancy.account.debt(on)
    if not debt or tenancy.agreed or tenancy.estate:
        return
    young = step is Step.COURT_NOTICE and tenancy.young(on)
    does = dice.by_weight(YOUNG_BEFORE_COURT if young else ANSWERS[step])
    if does == "agree" and debt < 100_00:
        does = "pay"  # nobody agrees about instalments of so little
    elif does == "pay" and debt > 2 * tenancy.home.rent and dice.chance(0.6):
        does = "agree"  # nor is there the money for so much
    yield from deeds(does, tenancy, banking_day(on, dice.soon(1, 12)), dice)


def deeds(does: str, tenancy: Tenancy, on: date, dice: Dice) -> Iterator[Deed]:
    """What follows when somebody in debt does this: pay, pay_part, agree, contact, dispute, halt."""
    if does in ("pay_part", "contact", "dispute", "halt") or (does == "pay" and dice.chance(0.15)):
        yield Deed(on, tenancy.contact)
    if does == "pay":
        yield Deed(on, tenancy.account.receive_for_debt)
    elif does == "pay_part":
        yield Deed(on, tenancy.account.receive_for_debt, (dice.between(2, 4),))
    elif does == "agree":
        yield from agreement(tenancy, on, dice)
    elif does == "dispute":
        yield from left_alone(HoldKind.DISPUTE, tenancy, on, dice)
    elif does == "halt":
        yield from left_alone(HoldKind.HALT_REQUEST, tenancy, on, dice)


def agreement(tenancy: Tenancy, on: date, dice: Dice) -> Iterator[Deed]:
    """A payment agreement made that day, and what comes of it."""
    yield Deed(on, tenancy.agree)
    parts = dice.between(1, 5)
    becomes = dice.by_weight(AGREEMENTS)
    day = banking_day(on, dice.between(7, 21))
    for paid in range(parts if becomes == "kept" else dice.between(0, 1)):
        yield Deed(day, tenancy.pay_instalment, (on, parts - paid))
        day = banking_day(day, 30)
    if becomes == "broken":
        yield Deed(banking_day(day, 4), tenancy.break_agreement, (on,))
    elif becomes == "cancelled":
        yield Deed(day, tenancy.cancel_agreement, (on,))


def left_alone(kind: HoldKind, tenancy: Tenancy, on: date, dice: Dice) -> Iterator[Deed]:
    """A hold, with an end in sight or until somebody has looked."""
    until = on + timedelta(days=dice.between(14, 60)) if dice.chance(0.5) else None
    yield Deed(on, tenancy.hold, (kind, until))
    if until is None:
        yield Deed(banking_day(on, dice.between(25, 80)), tenancy.release, (kind,))


@cache
def banking_day(day: date, later: int = 0) -> date:
    """The first banking day at least so many days later: when money or an officer can be there."""
    return due_day(day + timedelta(days=later))
