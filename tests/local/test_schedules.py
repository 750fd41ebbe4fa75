"""Schedules tick when AWS would let them, in Helsinki, whatever the clocks do."""

from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from tests.local.schedules import Schedule

HELSINKI = ZoneInfo("Europe/Helsinki")
AUTUMN = datetime(2026, 10, 24, 12, tzinfo=UTC)  # clocks go back on Sunday 25 October at 4
SPRING = datetime(2027, 3, 27, 12, tzinfo=UTC)  # clocks go forward on Sunday 28 March at 3


def ticks(expression: str, after: datetime, number: int = 3) -> list[str]:
    """The next ticks on the clock on the wall in Helsinki."""
    found = islice(Schedule(expression, "Europe/Helsinki").after(after), number)
    return [f"{tick.astimezone(HELSINKI):%a %Y-%m-%d %H:%M}" for tick in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(15 9 ? * 3#2 *)", ["Tue 2026-11-10 09:15", "Tue 2026-12-08 09:15", "Tue 2027-01-12 09:15"]),
        ("cron(30 9 * * ? *)", ["Sun 2026-10-25 09:30", "Mon 2026-10-26 09:30", "Tue 2026-10-27 09:30"]),
        ("cron(0 7 1 * ? *)", ["Sun 2026-11-01 07:00", "Tue 2026-12-01 07:00", "Fri 2027-01-01 07:00"]),
        ("cron(0 7 ? * 3L *)", ["Tue 2026-10-27 07:00", "Tue 2026-11-24 07:00", "Tue 2026-12-29 07:00"]),
        ("cron(0 7 ? * 1 *)", ["Sun 2026-10-25 07:00", "Sun 2026-11-01 07:00", "Sun 2026-11-08 07:00"]),
        ("cron(0 7 ? * 2-6 *)", ["Mon 2026-10-26 07:00", "Tue 2026-10-27 07:00", "Wed 2026-10-28 07:00"]),
        ("cron(0 7 ? * MON,FRI *)", ["Mon 2026-10-26 07:00", "Fri 2026-10-30 07:00", "Mon 2026-11-02 07:00"]),
        ("cron(0/20 23 * * ? *)", ["Sat 2026-10-24 23:00", "Sat 2026-10-24 23:20", "Sat 2026-10-24 23:40"]),
        ("cron(0 7 L * ? *)", ["Sat 2026-10-31 07:00", "Mon 2026-11-30 07:00", "Thu 2026-12-31 07:00"]),
    ],
)
def test_a_schedule_ticks_as_aws_reads_it(expression: str, expected: list[str]) -> None:
    assert ticks(expression, AUTUMN) == expected


def test_an_hour_that_comes_twice_ticks_once() -> None:
    utc = [f"{tick:%H:%M}" for tick in islice(Schedule("cron(5 * * * ? *)", "Europe/Helsinki").after(AUTUMN), 16)]
    assert utc[11:15] == ["23:05", "00:05", "02:05", "03:05"]  # 2:05 and 3:05 by summer time, then 4:05 by winter time


def test_an_hour_that_is_skipped_does_not_tick() -> None:
    assert ticks("cron(30 3 * * ? *)", SPRING, 2) == ["Mon 2027-03-29 03:30", "Tue 2027-03-30 03:30"]


def test_a_moment_in_the_hour_that_comes_twice_is_not_ticked_again() -> None:
    second_three = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 3:00 by winter time
    assert ticks("cron(5 3 * * ? *)", second_three, 1) == ["Mon 2026-10-26 03:05"]


def test_the_tick_of_the_moment_itself_has_been() -> None:
    at = datetime(2026, 10, 26, 9, 30, tzinfo=HELSINKI)
    assert ticks("cron(30 9 * * ? *)", at, 1) == ["Tue 2026-10-27 09:30"]


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("rate(1 day)", "expected cron"),
        ("cron(30 9 * * ?)", "expected cron"),
        ("cron(30 9 * * * *)", "for one of day-of-month and day-of-week"),
        ("cron(30 9 ? * ? *)", "for one of day-of-month and day-of-week"),
        ("cron(61 9 * * ? *)", "not a cron expression"),
        ("cron(30 9 * * ? 2026)", "a year is not used here"),
    ],
)
def test_what_aws_would_refuse_is_refused(expression: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Schedule(expression, "Europe/Helsinki")


def test_a_schedule_that_never_ticks_ends() -> None:
    assert ticks("cron(0 9 30 2 ? *)", AUTUMN) == []
