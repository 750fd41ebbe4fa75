"""What is known beside a snapshot, laid over it: holds with their ends, news of payments and agreements."""

from datetime import datetime, timedelta

import pytest

from arrears.calendar import HELSINKI
from arrears.ledger import Standing, StandingHold
from arrears.model import Agreement, AgreementStatus, Hold, HoldKind
from tests.makers import TODAY, a_hold, a_snapshot

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
