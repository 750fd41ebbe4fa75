from datetime import UTC, datetime
from typing import Any

import pytest

from tests.local.street import news
from tests.local.tenancy import Row
from tests.makers import a_snapshot_row, an_item_row

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "event"),
    [
        ({"open_items": []}, "paid"),
        ({"unallocated_credit": "800.00"}, "paid"),
        ({"unallocated_credit": "799.99"}, None),
        ({"agreement": {"agreed_on": "2026-11-23", "status": "active", "broken_on": None}}, "agreed"),
        ({"agreement": {"agreed_on": "2026-11-22", "status": "active", "broken_on": None}}, None),
        ({"holds": [{"kind": "dispute", "until": None}]}, "disputed"),
        ({"holds": [{"kind": "manual", "until": None}]}, None),
        ({"contacted_on": "2026-11-23"}, None),
    ],
)
def test_the_feed_tells_who_paid_agreed_or_disputed_today(now: dict[str, Any], event: str | None) -> None:
    assert _events([a_snapshot_row()], [a_snapshot_row(**now)]) == ([event] if event else [])


def test_who_has_left_the_export_has_paid() -> None:
    assert _events([a_snapshot_row()], []) == ["paid"]


def test_who_owed_nothing_that_was_due_last_night_is_no_news() -> None:
    not_due = a_snapshot_row(open_items=[an_item_row(due_date="2026-11-23")])
    assert _events([not_due], []) == []


def test_a_dispute_of_yesterday_is_no_news() -> None:
    disputed = a_snapshot_row(holds=[{"kind": "dispute", "until": None}])
    assert _events([disputed], [disputed]) == []


def _events(before: list[Row], after: list[Row]) -> list[str]:
    told = news(before, after, AT)
    assert all(line["tenancy_id"] == "T-1" and line["at"] == AT.isoformat() for line in told)
    return [line["event"] for line in told]
