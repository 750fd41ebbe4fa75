"""The monthly text message: who gets one, and what stands against it."""

from decimal import Decimal

from arrears.calendar import month_of
from arrears.model import Reason, Step
from arrears.rules.people import by_mobile
from arrears.rules.situations import Rule, Situation, holding


def area_in_rollout(at: Situation) -> Reason | None:
    """Everyone who owes rent, where the text messages have been taken into use."""
    return Reason.AREA_IN_ROLLOUT if at.snapshot.area in at.policy.sms.areas else None


def small_debt(at: Situation) -> Reason | None:
    """A little is missing: easily forgotten, easily paid."""
    below = at.policy.sms.small_debt_below
    return Reason.SMALL_DEBT if below is not None and 0 < at.debt < below else None


def rent_multiple(at: Situation) -> Reason | None:
    """Two months' rent or more."""
    multiple = at.policy.sms.rent_multiple
    return Reason.RENT_MULTIPLE if multiple is not None and rents_reached(at, multiple) else None


def deductible_multiple(at: Situation) -> Reason | None:
    """Four times what the tenant pays after the allowance, or more."""
    multiple = at.policy.sms.deductible_multiple
    return Reason.DEDUCTIBLE_MULTIPLE if multiple is not None and deductibles_reached(at, multiple) else None


CRITERIA: tuple[Rule, ...] = (area_in_rollout, small_debt, rent_multiple, deductible_multiple)


def no_criterion(at: Situation) -> Reason | None:
    """None of the landlord's criteria for a text is met, or texts are not in use at all."""
    in_use = Step.SMS_REMINDER in at.policy.scope.steps
    return None if in_use and holding(CRITERIA, at) else Reason.NO_CRITERION


def reminded_this_month(at: Situation) -> Reason | None:
    """One reminder a month, whatever became of it."""
    month = month_of(at.today)
    done = any(past.step is Step.SMS_REMINDER and month_of(past.on) == month for past in at.history)
    return Reason.REMINDED_THIS_MONTH if done else None


def no_mobile(at: Situation) -> Reason | None:
    """No main tenant has a number that a text can reach."""
    return None if by_mobile(at) else Reason.NO_MOBILE


def rents_reached(at: Situation, multiple: Decimal) -> bool:
    """Whether so many months' rent are owed."""
    return at.debt >= multiple * at.snapshot.monthly_rent


def deductibles_reached(at: Situation, multiple: Decimal) -> bool:
    """Whether so many deductibles are owed; without an allowance, or where it pays everything, there is none."""
    if not at.snapshot.housing_allowance:
        return False
    deductible = at.snapshot.deductible
    return deductible > 0 and at.debt >= multiple * deductible
