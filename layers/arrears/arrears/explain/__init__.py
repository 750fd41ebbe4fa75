"""The judgement in sentences: what is due, why, and how far this tenancy is from every threshold.

No name, number or address is in them: who is meant is a tenancy and a tenant's id.
"""

from datetime import date

from arrears.explain.ahead import next_step
from arrears.explain.because import because
from arrears.explain.standing import clocks, criteria, owed
from arrears.model import Case, Decision, Past, Step
from arrears.outcomes.words import day_said
from arrears.policy import Policy
from arrears.rules import decide, situation

DUE = {
    Step.COURT_NOTICE: "the notice that court proceedings have begun is due to tenant {who}",
    Step.COURT_WARNING_LETTER: "the last letter before court is due to tenant {who}",
    Step.AGREEMENT_BROKEN_LETTER: "the letter about the broken payment agreement is due to tenant {who}",
    Step.COLLECTION_LETTER: "the collection letter is due to tenant {who}",
    Step.SMS_REMINDER: "the monthly text message is due to tenant {who}",
    Step.HAND_TO_PERSON: "a person has to go on",
    Step.NONE: "nothing is due",
}
CALLED = {
    Step.COURT_NOTICE: "the notice that court proceedings have begun",
    Step.COURT_WARNING_LETTER: "the last letter before court",
    Step.AGREEMENT_BROKEN_LETTER: "the letter about the broken payment agreement",
    Step.COLLECTION_LETTER: "the collection letter",
    Step.SMS_REMINDER: "the monthly text message",
    Step.HAND_TO_PERSON: "handing the case to a person",
}
USED = (
    "scope.steps",
    "debt.limitation_years",
    "debt.limitation_years_after_judgment",
    "debt.transit_banking_days",
    "sms.areas",
    "sms.small_debt_below",
    "sms.rent_multiple",
    "sms.deductible_multiple",
    "letter.clear_days_to_answer",
    "letter.clear_days_between_fees",
    "letter.days_to_pay",
    "letter.contact_stops_letters",
    "court.rent_multiple",
    "court.deductible_multiple",
    "court.notice_within_days",
    "court.notice_min_age",
    "court.notice_max_age",
    "court.notice_channels",
)


def explain(case: Case, policy: Policy, today: date) -> list[str]:
    """The same judgement as `decide`, in plain sentences, each threshold with the tenancy's own number beside it."""
    at, decision = situation(case, policy, today), decide(case, policy, today)
    told = DUE[decision.step].format(who=decision.recipient)
    return [
        f"Tenancy {decision.tenancy_id}: on {day_said(today)} {told}.",
        *(because(reason, at) for reason in decision.reasons),
        *owed(at),
        *criteria(at),
        *clocks(at),
        *(_done(past) for past in sorted(case.history, key=lambda past: past.on)),
        _ahead(case, policy, decision),
        *sources(policy),
    ]


def sources(policy: Policy) -> list[str]:
    """The numbers that were used, and where each comes from."""
    used = [(name, name.split(".")) for name in USED if name in policy.basis]
    told = {name: getattr(getattr(policy, section), key) for name, (section, key) in used}
    return [
        f"Policy {policy.name}, in force from {day_said(policy.in_force_from)}, with these numbers:",
        *(f"{name} is {_number(value)}: {policy.basis[name]}." for name, value in told.items()),
    ]


def _number(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _done(past: Past) -> str:
    fee = f", with a fee of EUR {past.fee}" if past.fee else ""
    return f"Already done: {CALLED.get(past.step, past.step)} on {day_said(past.on)}, {past.outcome}{fee}."


def _ahead(case: Case, policy: Policy, decision: Decision) -> str:
    if decision.step is Step.HAND_TO_PERSON:
        return "Next: whatever the person decides; the machine does nothing by itself while this stands."
    found = next_step(case, policy, decision)
    if found is None:
        return "Next: if nothing changes, nothing within a year."
    after = "" if decision.step is Step.NONE else ", when this step has been taken"
    return f"Next: if nothing changes{after}, {CALLED[found.step]} on {day_said(found.on)} at the earliest."
