"""What keeps a tenancy from being written to at all."""

from datetime import date, timedelta

import pytest

from arrears.model import Agreement, AgreementStatus, Court, CourtStatus, HoldKind, Reason, Step
from arrears.rules import decide
from tests.makers import POLICY, TODAY, a_case, a_hold, a_policy, a_reminder, a_tenant, an_item

DAY = timedelta(days=1)
BARRING = [kind for kind in HoldKind if kind is not HoldKind.GUARDIAN]


def test_the_ordinary_case_is_not_barred() -> None:
    assert decide(a_case(), POLICY, TODAY).step is Step.SMS_REMINDER


def test_nobody_who_owes_nothing_is_written_to() -> None:
    decision = decide(a_case(open_items=[]), POLICY, TODAY)
    assert (decision.step, decision.reasons, decision.recipient) == (Step.NONE, (Reason.NO_DEBT,), None)


def test_a_contested_debt_is_left_alone() -> None:
    assert barred_by_hold(HoldKind.DISPUTE) == (Reason.DISPUTED, Reason.NOT_REMINDED)


def test_whoever_asked_for_a_halt_is_left_alone() -> None:
    assert barred_by_hold(HoldKind.HALT_REQUEST) == (Reason.COLLECTION_HALTED, Reason.NOT_REMINDED)


def test_a_debt_under_debt_adjustment_is_left_alone() -> None:
    assert barred_by_hold(HoldKind.DEBT_ADJUSTMENT) == (Reason.DEBT_ADJUSTMENT, Reason.NOT_REMINDED)


def test_the_estate_of_a_tenant_who_died_is_not_written_to() -> None:
    assert barred_by_hold(HoldKind.DECEASED) == (Reason.DECEASED, Reason.NOT_REMINDED)


def test_rent_control_can_put_a_tenancy_on_hold() -> None:
    assert barred_by_hold(HoldKind.MANUAL) == (Reason.ON_HOLD, Reason.NOT_REMINDED)


def barred_by_hold(kind: HoldKind) -> tuple[Reason, ...]:
    decision = decide(a_case(holds=[a_hold(kind)]), POLICY, TODAY)
    assert (decision.step, decision.recipient) == (Step.NONE, None)
    return decision.reasons


@pytest.mark.parametrize("kind", BARRING)
@pytest.mark.parametrize(("until", "step"), [(-1, Step.SMS_REMINDER), (0, Step.NONE), (1, Step.NONE)])
def test_a_hold_holds_through_its_last_day(kind: HoldKind, until: int, step: Step) -> None:
    assert decide(a_case(holds=[a_hold(kind, TODAY + until * DAY)]), POLICY, TODAY).step is step


def test_one_hold_that_is_over_does_not_end_another_of_its_kind() -> None:
    holds = [a_hold(HoldKind.DISPUTE, TODAY - DAY), a_hold(HoldKind.DISPUTE)]
    assert Reason.DISPUTED in decide(a_case(holds=holds), POLICY, TODAY).reasons


def test_whoever_keeps_a_payment_agreement_is_left_alone() -> None:
    assert with_agreement(AgreementStatus.ACTIVE) == (Step.NONE, (Reason.PAYMENT_AGREEMENT, Reason.NOT_REMINDED))


@pytest.mark.parametrize("status", [AgreementStatus.COMPLETED, AgreementStatus.CANCELLED])
def test_an_agreement_that_is_over_bars_nothing(status: AgreementStatus) -> None:
    assert with_agreement(status) == (Step.SMS_REMINDER, (Reason.AREA_IN_ROLLOUT,))


def with_agreement(status: AgreementStatus) -> tuple[Step, tuple[Reason, ...]]:
    agreement = Agreement(agreed_on=date(2026, 11, 10), status=status)
    decision = decide(a_case(agreement=agreement), POLICY, TODAY)
    return decision.step, decision.reasons


def test_former_tenants_are_another_process() -> None:
    decision = decide(a_case(lease_ended_on=TODAY - DAY), POLICY, TODAY)
    assert decision.reasons == (Reason.LEASE_ENDED, Reason.NOT_REMINDED)


@pytest.mark.parametrize(("ended", "step"), [(-1, Step.NONE), (0, Step.SMS_REMINDER), (1, Step.SMS_REMINDER)])
def test_the_last_day_of_the_lease_is_still_a_tenants_day(ended: int, step: Step) -> None:
    assert decide(a_case(lease_ended_on=TODAY + ended * DAY), POLICY, TODAY).step is step


def test_a_payment_made_on_the_due_day_may_still_be_on_its_way() -> None:
    decision = decide(a_case(open_items=[an_item(due_date="2026-11-19")]), POLICY, TODAY)
    assert decision.reasons == (Reason.PAYMENT_IN_TRANSIT, Reason.NOT_REMINDED, Reason.FEE_TOO_EARLY)


@pytest.mark.parametrize(
    ("due", "step"), [("2026-11-17", Step.SMS_REMINDER), ("2026-11-18", Step.SMS_REMINDER), ("2026-11-19", Step.NONE)]
)
def test_three_banking_days_after_the_due_day_a_payment_has_arrived(due: str, step: Step) -> None:
    """From Wednesday the 18th: Thursday, Friday, and Monday the 23rd."""
    assert decide(a_case(open_items=[an_item(due_date=due)]), POLICY, TODAY).step is step


def test_the_banking_days_are_counted_from_the_weekday_after_a_weekend() -> None:
    """Due on Sunday the 15th means Monday the 16th; the third banking day after it is Thursday."""
    case = a_case(open_items=[an_item(due_date="2026-11-15")])
    assert decide(case, POLICY, date(2026, 11, 18)).step is Step.NONE
    assert decide(case, POLICY, date(2026, 11, 19)).step is Step.SMS_REMINDER


def test_an_older_charge_that_is_unpaid_too_is_not_on_its_way() -> None:
    items = [an_item(due_date="2026-11-19"), an_item("10.00", "2026-10-05")]
    assert decide(a_case(open_items=items), POLICY, TODAY).step is Step.SMS_REMINDER


def test_an_older_charge_that_was_paid_does_not_speak_against_a_payment_on_its_way() -> None:
    items = [an_item(due_date="2026-11-19"), an_item("0.00", "2026-10-05")]
    assert Reason.PAYMENT_IN_TRANSIT in decide(a_case(open_items=items), POLICY, TODAY).reasons


@pytest.mark.parametrize(("days", "step"), [(2, Step.SMS_REMINDER), (3, Step.NONE)])
def test_how_long_a_payment_travels_is_policy(days: int, step: Step) -> None:
    case = a_case(open_items=[an_item(due_date="2026-11-19")])
    assert decide(case, a_policy({"debt.transit_banking_days": days}), TODAY).step is step


def test_while_the_court_has_the_case_nothing_but_its_notice_is_sent() -> None:
    court = Court(opened_on=date(2026, 1, 7), status=CourtStatus.PENDING)
    decision = decide(a_case(court=court), POLICY, TODAY)
    assert decision.step is Step.NONE
    assert decision.reasons == (Reason.COURT_PENDING, Reason.NOT_REMINDED, Reason.AGE_OUTSIDE)


@pytest.mark.parametrize("status", [CourtStatus.DECIDED, CourtStatus.WITHDRAWN])
def test_a_case_that_the_court_no_longer_has_bars_nothing(status: CourtStatus) -> None:
    court = Court(opened_on=date(2026, 1, 7), status=status)
    assert decide(a_case(court=court), POLICY, TODAY).step is Step.SMS_REMINDER


def test_every_bar_that_holds_is_told_in_a_fixed_order() -> None:
    case = a_case(
        open_items=[an_item(due_date="2026-11-19")],
        holds=[a_hold(kind) for kind in reversed(HoldKind)],
        agreement=Agreement(agreed_on=date(2026, 11, 10), status=AgreementStatus.ACTIVE),
        lease_ended_on=TODAY - DAY,
        court=Court(opened_on=date(2026, 1, 7), status=CourtStatus.PENDING),
    )
    assert decide(case, POLICY, TODAY).reasons == (
        Reason.DISPUTED,
        Reason.COLLECTION_HALTED,
        Reason.DEBT_ADJUSTMENT,
        Reason.DECEASED,
        Reason.ON_HOLD,
        Reason.PAYMENT_AGREEMENT,
        Reason.LEASE_ENDED,
        Reason.PAYMENT_IN_TRANSIT,
        Reason.COURT_PENDING,
        Reason.NOT_REMINDED,
        Reason.FEE_TOO_EARLY,
        Reason.AGE_OUTSIDE,
    )


def test_with_no_debt_only_the_bars_are_told() -> None:
    changes = {"area": "east", "tenants": [a_tenant(phone=None)], "holds": [a_hold(HoldKind.MANUAL)]}
    case = a_case(a_reminder(date(2026, 11, 20)), open_items=[], **changes)
    assert decide(case, POLICY, TODAY).reasons == (Reason.NO_DEBT, Reason.ON_HOLD)
