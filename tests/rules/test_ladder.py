"""The order of the steps, and what is told when none is due."""

from datetime import date, timedelta
from typing import Any

import pytest

from arrears.model import Agreement, AgreementStatus, Case, Outcome, Past, Reason, Step
from arrears.rules import decide
from tests.makers import POLICY, TODAY, a_case, a_letter, a_policy, a_reminder, a_tenant, an_item

WARNED = a_letter(date(2026, 9, 25), Step.COURT_WARNING_LETTER)
WRITTEN = a_letter(date(2026, 10, 12))
REMINDED = a_reminder(date(2026, 10, 28))
BROKEN = Agreement(agreed_on=date(2026, 10, 1), status=AgreementStatus.BROKEN, broken_on=TODAY)
COURT = {"opened_on": TODAY, "status": "pending"}


def everything(*without: Past, **changes: Any) -> Case:
    """Everything is due at once: a text, three letters, a person, and the court notice."""
    history = [past for past in (WARNED, WRITTEN, REMINDED) if past not in without]
    facts: dict[str, Any] = {
        "open_items": [an_item("1600.00", "2026-08-04")],
        "tenants": [a_tenant(birth_date="2003-02-01")],
        "agreement": BROKEN,
        "court": COURT,
    }
    return a_case(*history, **facts | changes)


@pytest.mark.parametrize(
    ("case", "step"),
    [
        (everything(), Step.COURT_NOTICE),
        (everything(court=None), Step.COURT_WARNING_LETTER),
        (everything(WRITTEN, court=None), Step.AGREEMENT_BROKEN_LETTER),
        (everything(WRITTEN, court=None, agreement=None), Step.HAND_TO_PERSON),
        (everything(WRITTEN, WARNED, court=None, agreement=None), Step.COLLECTION_LETTER),
        (everything(WRITTEN, WARNED, REMINDED, court=None, agreement=None), Step.SMS_REMINDER),
        (everything(open_items=[]), Step.NONE),
    ],
)
def test_the_most_serious_step_that_is_due_is_the_decision(case: Case, step: Step) -> None:
    assert decide(case, POLICY, TODAY).step is step


def test_a_step_that_is_not_the_policys_is_not_taken() -> None:
    policy = a_policy({"scope.steps": ["sms_reminder", "hand_to_person"]})
    assert decide(everything(WARNED, court=None), policy, TODAY).step is Step.SMS_REMINDER


def test_where_no_step_is_the_policys_nothing_is_due_and_a_reason_is_told() -> None:
    decision = decide(everything(), a_policy({"scope.steps": []}), TODAY)
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.COURT_PENDING, Reason.NO_CRITERION))


def test_none_tells_what_speaks_against_each_rung_that_has_started() -> None:
    """The warning waits for its day to pay by, the breach for its fee, the text for next month and a number."""
    history = [a_letter(TODAY - timedelta(days=10)), a_reminder(TODAY - timedelta(days=9))]
    agreement = Agreement(agreed_on=date(2026, 10, 1), status=AgreementStatus.BROKEN, broken_on=TODAY)
    case = a_case(
        *history,
        open_items=[an_item("1600.00", "2026-08-04")],
        agreement=agreement,
        area="east",
        tenants=[a_tenant(phone=None)],
    )
    decision = decide(case, POLICY, TODAY)
    assert (decision.step, decision.reasons) == (
        Step.NONE,
        (Reason.REMINDED_THIS_MONTH, Reason.NO_MOBILE, Reason.TIME_TO_ANSWER, Reason.FEE_TOO_EARLY),
    )


def test_a_rung_that_has_not_started_is_not_spoken_of() -> None:
    assert Reason.AGE_OUTSIDE not in decide(a_case(area="east"), POLICY, TODAY).reasons


def test_the_order_in_which_the_past_is_told_changes_nothing() -> None:
    same_day = [a_letter(date(2026, 10, 12), outcome=outcome) for outcome in (Outcome.FAILED, Outcome.SENT)]
    facts: dict[str, Any] = {"open_items": [an_item("1600.00", "2026-08-04")]}
    assert decide(a_case(*same_day, **facts), POLICY, TODAY) == decide(
        a_case(*reversed(same_day), **facts), POLICY, TODAY
    )
