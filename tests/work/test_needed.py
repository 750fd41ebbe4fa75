"""Which rows of an export are kept: those to whom anything can be due, and those of whom there is news."""

from datetime import date
from typing import Any

import pytest

from arrears.work.import_ import NEWS, needs_row
from tests.makers import TODAY, a_snapshot, owing

PAID = owing("0.00")
OLD, NEW = date(2025, 1, 1), TODAY - NEWS


def agreed(status: str, on: date) -> dict[str, Any]:
    """A payment agreement of that day."""
    ended = {"broken_on": f"{on}"} if status == "broken" else {}
    return {"agreement": {"agreed_on": f"{on}", "status": status, **ended}}


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({}, False),
        (owing("0.01"), True),
        ({"court": {"opened_on": f"{OLD}", "status": "pending"}}, True),
        ({"court": {"opened_on": f"{OLD}", "status": "decided"}}, False),
        (agreed("active", OLD), True),
        (agreed("completed", OLD), False),
        (agreed("completed", NEW - (TODAY - date(2026, 11, 22))), False),
        (agreed("completed", NEW), True),
        ({"contacted_on": f"{NEW}"}, True),
        ({"contacted_on": f"{OLD}"}, False),
        (agreed("completed", OLD) | {"contacted_on": f"{NEW}"}, True),
        (agreed("completed", NEW) | {"contacted_on": f"{OLD}"}, True),
    ],
)
def test_a_row_is_kept_when_anything_can_be_due_or_there_is_news(facts: dict[str, Any], kept: bool) -> None:
    assert needs_row(a_snapshot(**(PAID | facts))) is kept
