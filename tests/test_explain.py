"""The judgement in sentences."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from arrears.explain import explain
from arrears.explain.ahead import next_step
from arrears.explain.because import SENTENCES
from arrears.model import Agreement, AgreementStatus, Case, HoldKind, Outcome, Past, Reason, Step
from arrears.policy import Policy
from arrears.rules import decide
from tests.makers import (
    MOBILE,
    POLICY,
    TODAY,
    a_case,
    a_hold,
    a_letter,
    a_policy,
    a_reminder,
    a_tenant,
    an_item,
    owing,
)
from tests.rules.worlds import cases, policies

DAY = timedelta(days=1)


def told(case: Case, policy: Policy = POLICY, today: date = TODAY) -> str:
    return "\n".join(explain(case, policy, today))


def test_the_ordinary_case_is_told_from_the_decision_to_where_each_number_comes_from() -> None:
    sentences = explain(a_case(), POLICY, TODAY)
    assert sentences[:14] == [
        "Tenancy T-1: on 23 November 2026 the monthly text message is due to tenant P-1.",
        "Because everyone who owes rent in the area north gets a text.",
        "The debt is EUR 800.00: EUR 800.00 in 1 unpaid charge due by now, less EUR 0.00 not matched yet.",
        "The rent is EUR 800.00 a month, of which the allowance pays EUR 0.00 and leaves EUR 800.00.",
        "Everyone gets a text in north; this is north: met.",
        "A small debt is below EUR 20.00; this is EUR 800.00: not met.",
        "For a text: 2 rents are EUR 1,600.00, the debt is EUR 800.00: not reached, EUR 800.00 short.",
        "For a text: 4 deductibles: there is no allowance, so there is no deductible to multiply.",
        "For the last letter before court: 2 rents are EUR 1,600.00, the debt is EUR 800.00: not reached, "
        "EUR 800.00 short.",
        "Or: 4 deductibles: there is no allowance, so there is no deductible to multiply.",
        "The oldest charge fell due on 4 November 2026 (19 days ago).",
        "Time for a payment to arrive: 3 banking days, over on 9 November 2026 (14 days ago): passed.",
        "Time until a letter with a fee: 14 clear days since the due date and the last fee, "
        "over on 19 November 2026 (4 days ago): passed.",
        "Next: if nothing changes, when this step has been taken, the monthly text message on 1 December 2026 "
        "at the earliest.",
    ]
    assert sentences[14] == "Policy 2024-10-01, in force from 1 October 2024, with these numbers:"
    assert f"sms.small_debt_below is 20.00: {POLICY.basis['sms.small_debt_below']}." in sentences


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(reason: Reason) -> None:
    assert reason in SENTENCES


@given(cases, policies)
def test_every_case_can_be_explained_with_a_sentence_for_each_reason(case: Case, policy: Policy) -> None:
    sentences = explain(case, policy, TODAY)
    because = [sentence for sentence in sentences if sentence.startswith("Because ")]
    assert len(because) == len(decide(case, policy, TODAY).reasons)
    assert all(sentence.endswith((".", ":")) and "None" not in sentence for sentence in sentences)
    assert "a day not known" not in " ".join(sentences)


@given(cases)
def test_no_name_number_or_address_is_in_an_explanation(case: Case) -> None:
    words = told(case)
    for private in ("Testi", "Testinen", MOBILE, "example.com", "Testikatu", "00999", "Helsinki", "1986"):
        assert private not in words


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (owing("1600.00"), "2 rents are EUR 1,600.00, the debt is EUR 1,600.00: reached"),
        (owing("1599.99"), "2 rents are EUR 1,600.00, the debt is EUR 1,599.99: not reached, EUR 0.01 short"),
        ({"housing_allowance": "600.00"}, "4 deductibles are EUR 800.00, the debt is EUR 800.00: reached"),
        ({"housing_allowance": "800.00"}, "the allowance pays the whole rent, so there is no deductible"),
        (owing("19.99"), "A small debt is below EUR 20.00; this is EUR 19.99: met"),
        (owing("20.00"), "A small debt is below EUR 20.00; this is EUR 20.00: not met"),
        ({"area": "east"}, "Everyone gets a text in north; this is east: not met"),
        ({"unallocated_credit": "900.00"}, "More was paid than is owed: the debt is never below zero"),
        ({"open_items": [an_item(due_date="2020-01-04")]}, "Not counted: EUR 800.00 in 1 unpaid charge too old"),
        ({"open_items": [an_item(due_date="2026-11-23")]}, "Not counted: EUR 800.00 in 1 unpaid charge not due"),
        ({"court": {"opened_on": TODAY, "status": "pending"}}, "opened on 23 November 2026 (today) and is pending"),
    ],
)
def test_each_threshold_has_the_tenancys_own_number_beside_it(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in told(a_case(**changes))


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (a_case(a_reminder(date(2026, 11, 9))), "clear days, over on 24 November 2026 (in 1 day): still running."),
        (a_case(a_reminder(date(2026, 11, 8))), "clear days, over on 23 November 2026 (today): passed."),
        (a_case(a_letter(date(2026, 11, 5))), "to pay after the last letter: 18 days, over on 24 November 2026"),
        (
            a_case(a_letter(date(2026, 11, 5))),
            "the collection letter on 5 November 2026, sent, with a fee of EUR 5.00.",
        ),
        (a_case(a_reminder(date(2026, 11, 9))), "still has time to answer what was sent, until"),
        (a_case(holds=[a_hold(HoldKind.DISPUTE)]), "the debt is disputed, until a person ends it."),
        (a_case(holds=[a_hold(HoldKind.DISPUTE, TODAY)]), "the debt is disputed, until 23 November 2026."),
        (
            a_case(holds=[a_hold(HoldKind.DISPUTE, TODAY), a_hold(HoldKind.MANUAL)]),
            "the debt is disputed, until 23 November 2026.",
        ),
    ],
)
def test_each_clock_tells_the_day_on_which_it_runs_out(case: Case, sentence: str) -> None:
    assert sentence in told(case)


# --- what comes next ---


def coming(case: Case) -> tuple[Step, date] | None:
    found = next_step(case, POLICY, decide(case, POLICY, TODAY))
    return (found.step, found.on) if found else None


@pytest.mark.parametrize(
    ("case", "step", "on"),
    [
        (a_case(a_reminder(date(2026, 11, 20))), Step.SMS_REMINDER, date(2026, 12, 1)),
        (a_case(a_reminder(date(2026, 11, 12))), Step.COLLECTION_LETTER, date(2026, 11, 27)),
        (a_case(holds=[a_hold(HoldKind.MANUAL, date(2026, 12, 9))]), Step.SMS_REMINDER, date(2026, 12, 10)),
        (a_case(open_items=[an_item(due_date="2026-11-19")]), Step.SMS_REMINDER, date(2026, 11, 24)),
        (a_case(open_items=[an_item(due_date="2026-12-04")]), Step.SMS_REMINDER, date(2026, 12, 9)),
    ],
)
def test_the_next_step_is_told_with_the_first_day_on_which_it_can_be_due(case: Case, step: Step, on: date) -> None:
    assert coming(case) == (step, on)


def test_where_nothing_can_come_nothing_is_announced() -> None:
    assert coming(a_case(open_items=[])) is None
    assert "Next: if nothing changes, nothing within a year." in told(a_case(open_items=[]))
    agreement = Agreement(agreed_on=TODAY, status=AgreementStatus.ACTIVE)
    assert coming(a_case(agreement=agreement)) is None


def test_when_a_person_goes_on_the_machine_announces_nothing() -> None:
    assert "Next: whatever the person decides" in told(a_case(tenants=[a_tenant(contact_forbidden=True)]))


@given(cases)
def test_what_is_announced_is_what_the_judgement_says_on_that_day_and_on_none_before(case: Case) -> None:
    now = decide(case, POLICY, TODAY)
    found = next_step(case, POLICY, now)
    if found is None or now.step is not Step.NONE:
        return
    before = [TODAY + ahead * DAY for ahead in range((found.on - TODAY).days)]
    assert decide(case, POLICY, found.on).step is found.step
    assert {decide(case, POLICY, day).step for day in before} == {Step.NONE}


def test_a_policy_without_a_criterion_does_not_speak_of_it() -> None:
    policy = a_policy({"sms.small_debt_below": None, "sms.rent_multiple": None, "sms.deductible_multiple": None})
    words = told(a_case(), policy)
    assert "small debt" not in words
    assert "For a text:" not in words


def test_the_past_is_told_in_its_order() -> None:
    case = a_case(a_letter(date(2026, 10, 30)), Past(step=Step.SMS_REMINDER, on=TODAY - 40 * DAY, outcome=Outcome.SENT))
    words = told(case)
    assert words.index("Already done: the monthly text") < words.index("Already done: the collection letter")
