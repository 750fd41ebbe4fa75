"""The monthly text message: for whom, and what stands against it."""

from datetime import date

import pytest

from arrears.model import Decision, Outcome, Reason, Role, Step
from arrears.policy import policy_named
from arrears.rules import decide
from arrears.rules.reminders import small_debt
from arrears.rules.situations import situation
from tests.makers import LANDLINE, POLICY, TODAY, a_case, a_policy, a_reminder, a_tenant, an_item, owing


def elsewhere(**changes: object) -> Decision:
    """The ordinary case where not everyone gets a text: one of the three other criteria must be met."""
    return decide(a_case(area="east", **changes), POLICY, TODAY)


def test_in_an_area_in_use_everyone_who_owes_rent_gets_a_text() -> None:
    decision = decide(a_case(), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (Step.SMS_REMINDER, (Reason.AREA_IN_ROLLOUT,))
    assert (decision.tenancy_id, decision.on, decision.recipient, decision.policy) == ("T-1", TODAY, "P-1", POLICY.name)


def test_elsewhere_a_debt_that_meets_no_criterion_gets_no_text() -> None:
    decision = elsewhere()
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_CRITERION, Reason.NOT_REMINDED))


def test_another_area_is_taken_into_use_by_the_policy_alone() -> None:
    policy = a_policy({"sms.areas": ["north", "east"]})
    assert decide(a_case(area="east"), policy, TODAY).reasons == (Reason.AREA_IN_ROLLOUT,)


def test_less_than_twenty_euros_is_a_small_debt() -> None:
    assert elsewhere(**owing("19.99")).reasons == (Reason.SMALL_DEBT,)


@pytest.mark.parametrize(
    ("debt", "small"), [("0.01", True), ("19.99", True), ("20.00", False), ("20.01", False), ("0.00", False)]
)
def test_exactly_twenty_euros_is_not_less_than_twenty(debt: str, small: bool) -> None:
    assert (Reason.SMALL_DEBT in elsewhere(**owing(debt)).reasons) is small


def test_two_months_rent_is_a_reason_for_a_text() -> None:
    assert elsewhere(**owing("800.00", "800.00")).reasons == (Reason.RENT_MULTIPLE,)


@pytest.mark.parametrize(("debt", "reached"), [("1599.99", False), ("1600.00", True), ("1600.01", True)])
def test_two_months_rent_are_reached_at_twice_the_rent(debt: str, reached: bool) -> None:
    assert (elsewhere(**owing(debt)).reasons == (Reason.RENT_MULTIPLE,)) is reached


def test_four_deductibles_are_a_reason_for_a_text() -> None:
    assert elsewhere(housing_allowance="600.00", **owing("800.00")).reasons == (Reason.DEDUCTIBLE_MULTIPLE,)


@pytest.mark.parametrize(("debt", "reached"), [("799.99", False), ("800.00", True), ("800.01", True)])
def test_four_deductibles_are_reached_at_four_times_what_the_allowance_leaves(debt: str, reached: bool) -> None:
    decision = elsewhere(housing_allowance="600.00", **owing(debt))
    assert (decision.reasons == (Reason.DEDUCTIBLE_MULTIPLE,)) is reached


def test_without_an_allowance_there_is_no_deductible_to_multiply() -> None:
    policy = a_policy({"sms.rent_multiple": "9"})
    decision = decide(a_case(area="east", **owing("3200.00")), policy, TODAY)
    assert Reason.NO_CRITERION in decision.reasons


@pytest.mark.parametrize("allowance", ["800.00", "800.01", "950.00"])
def test_a_zero_or_negative_deductible_is_never_reached(allowance: str) -> None:
    """Where the allowance pays the whole rent, four times nothing would be reached by any debt."""
    assert Reason.NO_CRITERION in elsewhere(housing_allowance=allowance, **owing("1599.99")).reasons


def test_the_smallest_deductible_counts() -> None:
    assert elsewhere(housing_allowance="799.99", **owing("30.00")).reasons == (Reason.DEDUCTIBLE_MULTIPLE,)


def test_two_criteria_at_once_make_one_message_with_both_reasons() -> None:
    decision = elsewhere(housing_allowance="400.00", **owing("1600.00"))
    assert decision.step is Step.SMS_REMINDER
    assert decision.reasons == (Reason.RENT_MULTIPLE, Reason.DEDUCTIBLE_MULTIPLE)


def test_a_small_debt_in_an_area_in_use_has_both_reasons() -> None:
    assert decide(a_case(**owing("19.99")), POLICY, TODAY).reasons == (Reason.AREA_IN_ROLLOUT, Reason.SMALL_DEBT)


def test_a_rent_so_small_that_two_of_it_are_a_small_debt_has_both_reasons() -> None:
    decision = elsewhere(monthly_rent="9.00", **owing("18.00"))
    assert decision.reasons == (Reason.SMALL_DEBT, Reason.RENT_MULTIPLE)


def test_one_reminder_a_month_is_enough() -> None:
    decision = decide(a_case(a_reminder(date(2026, 11, 20))), POLICY, TODAY)
    assert decision.step is Step.NONE
    assert decision.reasons == (Reason.REMINDED_THIS_MONTH, Reason.TIME_TO_ANSWER)


@pytest.mark.parametrize(
    ("reminded", "again"),
    [(date(2026, 10, 31), True), (date(2026, 11, 1), False), (date(2026, 11, 23), False), (date(2025, 11, 23), True)],
)
def test_the_month_of_a_reminder_is_its_calendar_month(reminded: date, again: bool) -> None:
    """The charge is newer than the reminder, so no letter is due either way."""
    decision = decide(a_case(a_reminder(reminded), open_items=[an_item(due_date="2026-11-04")]), POLICY, TODAY)
    assert (Reason.REMINDED_THIS_MONTH not in decision.reasons) is again


@pytest.mark.parametrize("outcome", Outcome)
def test_a_reminder_of_this_month_counts_whatever_became_of_it(outcome: Outcome) -> None:
    decision = decide(a_case(a_reminder(date(2026, 11, 20), outcome)), POLICY, TODAY)
    assert Reason.REMINDED_THIS_MONTH in decision.reasons


def test_on_the_first_of_the_next_month_a_text_is_due_again() -> None:
    case = a_case(a_reminder(date(2026, 11, 30)))
    assert decide(case, POLICY, date(2026, 11, 30)).step is Step.NONE
    assert decide(case, POLICY, date(2026, 12, 1)).step is Step.SMS_REMINDER


def test_whoever_has_no_mobile_number_gets_no_text() -> None:
    decision = decide(a_case(tenants=[a_tenant(phone=None)]), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_MOBILE, Reason.NOT_REMINDED))


@pytest.mark.parametrize("phone", [None, "", LANDLINE, "0401111111", "+46701234567", "ask the neighbour", "112"])
def test_a_number_that_no_text_can_reach_is_no_mobile_number(phone: str | None) -> None:
    assert Reason.NO_MOBILE in decide(a_case(tenants=[a_tenant(phone=phone)]), POLICY, TODAY).reasons


def test_a_co_tenants_number_is_not_the_main_tenants() -> None:
    tenants = [a_tenant(phone=None), a_tenant("P-2", role=Role.CO)]
    assert Reason.NO_MOBILE in decide(a_case(tenants=tenants), POLICY, TODAY).reasons


def test_under_the_policy_of_2021_nobody_gets_a_monthly_text() -> None:
    decision = decide(a_case(**owing("19.99", "1600.00")), policy_named("2021-01-01"), TODAY)
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_CRITERION, Reason.NOT_REMINDED))


def test_a_policy_whose_steps_leave_the_text_out_says_that_no_criterion_is_in_use() -> None:
    policy = a_policy({"scope.steps": ["court_notice"]})
    assert decide(a_case(), policy, TODAY).reasons == (Reason.NO_CRITERION, Reason.NOT_REMINDED)


def test_no_debt_is_no_small_debt() -> None:
    assert small_debt(situation(a_case(open_items=[]), POLICY, TODAY)) is None
