"""What is owed on a day."""

from datetime import date
from decimal import Decimal

import pytest

from arrears.model import Court, CourtStatus, Reason, Step
from arrears.rules import debt, decide
from arrears.rules.debts import counted_items
from tests.makers import POLICY, TODAY, a_case, a_snapshot, an_item, owing


def owed(today: date = TODAY, **changes: object) -> Decimal:
    return debt(a_snapshot(**changes), POLICY, today)


def test_debt_is_the_sum_of_what_is_unpaid_less_the_payments_not_yet_matched() -> None:
    assert owed(**owing("800.00", "12.34"), unallocated_credit="100.04") == Decimal("712.30")


def test_a_part_payment_leaves_the_rest_owed() -> None:
    assert owed(open_items=[an_item("0.10", charged="800.00")]) == Decimal("0.10")


@pytest.mark.parametrize(("credit", "left"), [("799.99", "0.01"), ("800.00", "0.00"), ("800.01", "0.00")])
def test_a_credit_as_large_as_the_debt_or_larger_leaves_nothing(credit: str, left: str) -> None:
    assert owed(unallocated_credit=credit) == Decimal(left)


def test_a_credit_larger_than_the_debt_is_no_debt_and_never_a_negative_one() -> None:
    case = a_case(unallocated_credit="5000.00")
    assert debt(case.snapshot, POLICY, TODAY) == 0
    assert decide(case, POLICY, TODAY).reasons == (Reason.NO_DEBT,)


@pytest.mark.parametrize(
    ("due", "counted"), [("2026-11-19", True), ("2026-11-20", True), ("2026-11-23", False), ("2026-11-24", False)]
)
def test_a_charge_counts_from_the_day_after_it_fell_due(due: str, counted: bool) -> None:
    assert bool(owed(open_items=[an_item(due_date=due)])) is counted


def test_a_charge_due_today_is_not_owed_yet() -> None:
    assert decide(a_case(open_items=[an_item(due_date="2026-11-23")]), POLICY, TODAY).reasons == (Reason.NO_DEBT,)


@pytest.mark.parametrize("weekend", ["2026-11-21", "2026-11-22"])
def test_a_charge_due_on_a_weekend_falls_due_on_monday_and_is_owed_from_tuesday(weekend: str) -> None:
    items = [an_item(due_date=weekend)]
    assert owed(date(2026, 11, 23), open_items=items) == 0
    assert owed(date(2026, 11, 24), open_items=items) == 800


def test_a_charge_due_on_a_weekend_is_not_told_on_its_monday() -> None:
    monday = date(2026, 10, 5)
    assert counted_items(a_snapshot(open_items=[an_item(due_date="2026-10-04")]), POLICY, monday) == ()


def test_a_charge_due_on_independence_day_is_owed_from_the_next_weekday_but_one() -> None:
    items = [an_item(due_date="2027-12-06")]  # a Monday
    assert owed(date(2027, 12, 7), open_items=items) == 0
    assert owed(date(2027, 12, 8), open_items=items) == 800


@pytest.mark.parametrize(
    ("due", "counted"), [("2023-11-24", True), ("2023-11-23", True), ("2023-11-22", False), ("1999-01-04", False)]
)
def test_a_charge_past_the_limitation_period_is_left_out(due: str, counted: bool) -> None:
    assert bool(owed(open_items=[an_item(due_date=due)])) is counted


def test_whoever_owes_only_expired_charges_is_not_written_to() -> None:
    decision = decide(a_case(open_items=[an_item("9999.00", "2023-11-22")]), POLICY, TODAY)
    assert (decision.step, decision.reasons) == (Step.NONE, (Reason.NO_DEBT,))


def test_a_charge_of_a_leap_day_expires_after_the_last_day_of_february() -> None:
    items = [an_item(due_date="2024-02-29")]
    assert owed(date(2027, 2, 28), open_items=items) == 800
    assert owed(date(2027, 3, 1), open_items=items) == 0


@pytest.mark.parametrize("status", [CourtStatus.PENDING, CourtStatus.DECIDED])
@pytest.mark.parametrize(("opened", "counted"), [("2026-01-03", True), ("2026-01-04", True), ("2026-01-05", False)])
def test_a_court_case_keeps_a_claim_alive_when_it_was_opened_in_time(
    status: CourtStatus, opened: str, counted: bool
) -> None:
    court = Court(opened_on=date.fromisoformat(opened), status=status)
    assert bool(owed(open_items=[an_item(due_date="2023-01-04")], court=court)) is counted


def test_a_case_that_was_withdrawn_keeps_nothing_alive() -> None:
    court = Court(opened_on=date(2026, 1, 2), status=CourtStatus.WITHDRAWN)
    assert owed(open_items=[an_item(due_date="2023-01-04")], court=court) == 0


def test_a_case_opened_before_a_charge_fell_due_is_not_about_that_charge() -> None:
    court = Court(opened_on=date(2023, 1, 4), status=CourtStatus.DECIDED)
    assert owed(open_items=[an_item(due_date="2023-01-04")], court=court) == 0


@pytest.mark.parametrize(("today", "counted"), [(date(2031, 1, 2), True), (date(2031, 1, 3), False)])
def test_a_judgment_keeps_a_claim_alive_for_five_years_more(today: date, counted: bool) -> None:
    court = Court(opened_on=date(2026, 1, 2), status=CourtStatus.DECIDED)
    assert bool(owed(today, open_items=[an_item(due_date="2023-01-04")], court=court)) is counted


def test_while_the_court_still_has_the_case_the_claim_does_not_expire() -> None:
    court = Court(opened_on=date(2026, 1, 2), status=CourtStatus.PENDING)
    assert owed(date(2040, 1, 2), open_items=[an_item(due_date="2023-01-04")], court=court) == 800
