"""A sentence for every reason, with the number or the day that it stands on."""

from collections.abc import Callable
from datetime import date

from arrears.calendar import DAY
from arrears.model import HoldKind, Past, Reason
from arrears.outcomes.words import day_said
from arrears.rules.bars import arrived_from
from arrears.rules.letters import answer_over, fee_allowed, payment_over
from arrears.rules.situations import Situation


def because(reason: Reason, at: Situation) -> str:
    """Why, for this tenancy on this day."""
    said = SENTENCES[reason]
    return f"Because {said if isinstance(said, str) else said(at)}."


def euros(amount: object) -> str:
    """Money as it is told: EUR 1,234.50."""
    return f"EUR {amount:,.2f}"


def _held(kind: HoldKind, what: str) -> Callable[[Situation], str]:
    def told(at: Situation) -> str:
        ends = [hold.until for hold in at.snapshot.holds if hold.kind is kind and hold.on(at.today)]
        until = "until a person ends it" if None in ends else f"until {day_said(max(filter(None, ends)))}"
        return f"{what}, {until}"

    return told


def _multiple(at: Situation) -> str:
    rent, times = at.snapshot.monthly_rent, at.policy.sms.rent_multiple
    return f"{euros(at.debt)} are owed, at least {times} times the rent of {euros(rent)}"


def _deductibles(at: Situation) -> str:
    left, times = at.snapshot.deductible, at.policy.sms.deductible_multiple
    return f"{euros(at.debt)} are owed, at least {times} times the {euros(left)} that the allowance leaves to pay"


def _time(at: Situation) -> str:
    running = [day - DAY for day in (answer_over(at), payment_over(at)) if day and at.today < day]
    return f"the tenant still has time to answer what was sent, until {_day(*running)}"


def _day(*days: date | None) -> str:
    known = [day for day in days if day]
    return day_said(max(known)) if known else "a day not known"


def _on(past: Past | None) -> str:
    return _day(past.on if past else None)


def _opened(at: Situation) -> str:
    court = at.snapshot.court
    return f"a court case was opened on {_day(court.opened_on if court else None)}"


SENTENCES: dict[Reason, str | Callable[[Situation], str]] = {
    Reason.NO_DEBT: "nothing is owed on this day",
    Reason.DISPUTED: _held(HoldKind.DISPUTE, "the debt is disputed"),
    Reason.COLLECTION_HALTED: _held(HoldKind.HALT_REQUEST, "the tenant asked for collection to halt"),
    Reason.DEBT_ADJUSTMENT: _held(HoldKind.DEBT_ADJUSTMENT, "the debt is under debt adjustment"),
    Reason.DECEASED: _held(HoldKind.DECEASED, "a tenant has died"),
    Reason.ON_HOLD: _held(HoldKind.MANUAL, "rent control said to wait"),
    Reason.PAYMENT_AGREEMENT: "a payment agreement is kept",
    Reason.LEASE_ENDED: lambda at: f"the lease ended on {_day(at.snapshot.lease_ended_on)}",
    Reason.PAYMENT_IN_TRANSIT: lambda at: f"a payment may be on its way until {_day(arrived_from(at))}",
    Reason.COURT_PENDING: lambda at: f"{_opened(at)} and is pending in the district court",
    Reason.AREA_IN_ROLLOUT: lambda at: f"everyone who owes rent in the area {at.snapshot.area} gets a text",
    Reason.SMALL_DEBT: lambda at: f"{euros(at.debt)} are owed, less than {euros(at.policy.sms.small_debt_below)}",
    Reason.RENT_MULTIPLE: _multiple,
    Reason.DEDUCTIBLE_MULTIPLE: _deductibles,
    Reason.NO_CRITERION: "none of the criteria for a text is met",
    Reason.REMINDED_THIS_MONTH: "a text already belongs to this calendar month",
    Reason.NO_MOBILE: "nobody to write to has a mobile number that a text can reach",
    Reason.CONTACT_FORBIDDEN: "whoever could be reached may not be contacted by machine",
    Reason.GUARDIAN: _held(HoldKind.GUARDIAN, "there is a guardian, so a person decides whom to write to"),
    Reason.NOT_REMINDED: "no reminder of this debt is waiting for an answer, and a letter only follows a reminder",
    Reason.TIME_TO_ANSWER: _time,
    Reason.FEE_TOO_EARLY: lambda at: f"a letter may carry a fee from {_day(fee_allowed(at))} only",
    Reason.CONTACTED: lambda at: f"the tenant made contact on {_day(at.snapshot.contacted_on)}",
    Reason.REMINDER_UNANSWERED: lambda at: f"the reminder of {_on(at.reminder)} was not answered",
    Reason.AGREEMENT_BROKEN: "the payment agreement was broken and no letter was sent since",
    Reason.LETTER_UNANSWERED: lambda at: f"the letter of {_on(at.letter)} was not answered",
    Reason.WARNING_UNANSWERED: lambda at: f"the warning of {_on(at.warning)} was not answered",
    Reason.COURT_OPENED: lambda at: f"{_opened(at)}, and nobody was told yet",
    Reason.AGE_OUTSIDE: lambda at: f"no main tenant was of the court notice's age when {_opened(at)}",
}
