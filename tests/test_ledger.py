"""What is known beside a snapshot, laid over it: holds with their ends, news of payments and agreements. And what the
judgement and the report read from a row."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from arrears.calendar import HELSINKI
from arrears.ledger import Standing, StandingHold, Status, age_group
from arrears.model import Agreement, AgreementStatus, Hold, HoldKind, Outcome, Past, Step
from tests.makers import TODAY, a_hold, a_snapshot
from tests.rows import a_letter_row

NOON = datetime.combine(TODAY, datetime.min.time(), HELSINKI) + timedelta(hours=12)
SNAPSHOT = a_snapshot(as_of=TODAY)


def test_a_hold_that_a_person_put_on_ends_when_that_person_said() -> None:
    put_on = StandingHold(kind=HoldKind.MANUAL, until=TODAY, by="test", why="moving", since=NOON)
    before = a_snapshot(as_of=TODAY, holds=[a_hold(HoldKind.GUARDIAN)])
    after = Standing(tenancy_id="T-1", holds=(put_on,)).applied_to(before)
    assert after.holds == (*before.holds, Hold(kind=HoldKind.MANUAL, until=TODAY))


@pytest.mark.parametrize("days_old", [0, 1], ids=["same day", "the day before"])
def test_a_payment_counts_at_once_and_an_older_one_is_in_the_snapshot_already(days_old: int) -> None:
    paid = Standing(tenancy_id="T-1", paid_at=NOON - timedelta(days=days_old))
    assert (paid.applied_to(SNAPSHOT).open_items == ()) == (days_old == 0)


def test_an_agreement_counts_at_once() -> None:
    agreed = Standing(tenancy_id="T-1", agreed_at=NOON).applied_to(SNAPSHOT)
    assert agreed.agreement == Agreement(agreed_on=TODAY, status=AgreementStatus.ACTIVE)


def test_an_agreement_older_than_the_snapshot_is_in_it_already_or_was_ended() -> None:
    assert Standing(tenancy_id="T-1", agreed_at=NOON - timedelta(days=1)).applied_to(SNAPSHOT) == SNAPSHOT


def test_a_letter_that_left_is_remembered_with_its_fee() -> None:
    letter = a_letter_row(status=Status.SENT, fee=Decimal("5.00"))
    sent = Past(step=Step.COLLECTION_LETTER, on=TODAY, outcome=Outcome.SENT, fee=Decimal("5.00"))
    assert letter.past == sent


@pytest.mark.parametrize(
    ("birthday", "group"),
    [(29, "18-29"), (30, "30-44"), (44, "30-44"), (45, "45-64"), (64, "45-64"), (65, "65+")],
)
def test_the_report_knows_a_tenant_by_one_of_four_age_groups(birthday: int, group: str) -> None:
    assert age_group(date(2026 - birthday, 11, 23), TODAY) == group
