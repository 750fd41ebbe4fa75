"""The days: what is a working day, when a charge falls due, how days are counted, and when a message may leave."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.calendar import (
    DAY,
    HELSINKI,
    after_clear_days,
    age,
    banking_day_after,
    clear_days,
    days_between,
    due_day,
    helsinki_day,
    is_working_day,
    may_leave,
    month_of,
    next_opening,
    years_after,
)
from arrears.model import Reason, Step
from arrears.rules import decide
from tests.makers import POLICY, a_case, a_policy, a_reminder

ANY_DAY = st.dates(date(2021, 1, 1), date(2060, 12, 31))
MONDAY = date(2026, 11, 23)


# --- working days ---


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 6),  # Epiphany
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 14),  # Ascension
        date(2026, 6, 19),  # Midsummer Eve
        date(2027, 12, 6),  # Independence Day
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2028, 12, 26),
    ],
)
def test_a_finnish_holiday_on_a_weekday_is_no_working_day(day: date) -> None:
    assert day.weekday() < 5
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_saturday_and_sunday_are_no_working_days(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [MONDAY, date(2026, 4, 2), date(2026, 12, 23), date(2026, 12, 28), date(2026, 12, 31)])
def test_an_ordinary_weekday_is_a_working_day_also_beside_a_holiday(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("due", "falls_due"),
    [
        (date(2026, 11, 4), date(2026, 11, 4)),
        (date(2026, 10, 4), date(2026, 10, 5)),  # a Sunday
        (date(2026, 7, 4), date(2026, 7, 6)),  # a Saturday
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday: past the weekend and Easter Monday
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas Eve: past Christmas and the weekend
        (date(2027, 1, 1), date(2027, 1, 4)),  # over the end of a year
    ],
)
def test_a_charge_falls_due_on_the_next_working_day(due: date, falls_due: date) -> None:
    assert due_day(due) == falls_due


@given(ANY_DAY)
def test_a_charge_never_falls_due_early_nor_on_a_day_of_rest(due: date) -> None:
    assert due <= due_day(due) <= due + 6 * DAY
    assert is_working_day(due_day(due))


# --- counting ---


@pytest.mark.parametrize(
    ("start", "number", "arrived"),
    [
        (date(2026, 11, 4), 0, date(2026, 11, 4)),
        (date(2026, 11, 4), 1, date(2026, 11, 5)),
        (date(2026, 11, 4), 3, date(2026, 11, 9)),  # Thursday, Friday, Monday
        (date(2026, 12, 23), 1, date(2026, 12, 28)),
        (date(2026, 12, 31), 3, date(2027, 1, 7)),  # New Year, a weekend and Epiphany do not count
    ],
)
def test_banking_days_skip_weekends_and_holidays(start: date, number: int, arrived: date) -> None:
    assert banking_day_after(start, number) == arrived


@given(ANY_DAY, st.integers(0, 10))
def test_so_many_working_days_lie_between_a_day_and_its_banking_day(start: date, number: int) -> None:
    until = banking_day_after(start, number)
    assert sum(is_working_day(day) for day in days_between(start + DAY, until)) == number


def test_fourteen_clear_days_after_the_fourth_is_the_nineteenth() -> None:
    assert after_clear_days(date(2026, 12, 4), 14) == date(2026, 12, 19)
    assert clear_days(date(2026, 12, 4), date(2026, 12, 19)) == 14
    assert clear_days(date(2026, 12, 4), date(2026, 12, 18)) == 13


@given(ANY_DAY, st.integers(0, 60))
def test_clear_days_counted_forwards_and_backwards_agree(start: date, number: int) -> None:
    assert clear_days(start, after_clear_days(start, number)) == number


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2023, 11, 23), 3, date(2026, 11, 23)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_years_later_is_the_same_day_or_the_last_of_february(day: date, years: int, later: date) -> None:
    assert years_after(day, years) == later


@pytest.mark.parametrize(
    ("birth", "today", "years"),
    [
        (date(1996, 11, 24), MONDAY, 29),
        (date(1996, 11, 23), MONDAY, 30),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_a_year_of_age_is_full_on_the_birthday(birth: date, today: date, years: int) -> None:
    assert age(birth, today) == years


# --- Helsinki ---


def test_the_last_evening_of_january_in_utc_is_february_in_helsinki() -> None:
    assert helsinki_day(datetime(2026, 1, 31, 22, 30, tzinfo=UTC)) == date(2026, 2, 1)
    assert month_of(helsinki_day(datetime(2026, 1, 31, 22, 30, tzinfo=UTC))) == "2026-02"
    assert helsinki_day(datetime(2026, 1, 31, 21, 59, tzinfo=UTC)) == date(2026, 1, 31)


def test_a_text_of_the_last_evening_of_january_in_utc_belongs_to_february() -> None:
    """A month counted in UTC would let a second text of February leave, or hold back January's."""
    case = a_case(
        a_reminder(helsinki_day(datetime(2026, 1, 31, 22, 30, tzinfo=UTC))),
        open_items=[{"due_date": "2026-02-04", "charged": "800.00", "unpaid": "800.00", "reference": None}],
    )
    assert Reason.REMINDED_THIS_MONTH in decide(case, POLICY, date(2026, 2, 27)).reasons


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29)),  # 2:59, then the clocks go to 4:00
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 20, 59, tzinfo=UTC), date(2026, 3, 29)),  # 23:59, now three hours ahead
        (datetime(2026, 3, 29, 21, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),  # 3:30, for the first time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25)),  # 3:30 again
        (datetime(2026, 10, 25, 21, 59, tzinfo=UTC), date(2026, 10, 25)),  # 23:59, now two hours ahead
        (datetime(2026, 10, 25, 22, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_day_in_helsinki_follows_its_clocks_through_their_gap_and_their_fold(moment: datetime, day: date) -> None:
    assert helsinki_day(moment) == day


def test_a_moment_without_a_zone_cannot_be_placed() -> None:
    with pytest.raises(ValueError, match="a moment without a time zone"):
        helsinki_day(datetime(2026, 1, 31, 22, 30))  # noqa: DTZ001


# --- when a message may leave ---


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [(at(8, 59), False), (at(9), True), (at(12), True), (at(17, 59), True), (at(18), False), (at(0), False)],
)
def test_a_text_leaves_from_nine_to_six(moment: datetime, leaves: bool) -> None:
    assert may_leave(Step.SMS_REMINDER, moment, POLICY) is leaves


@pytest.mark.parametrize(("moment", "leaves"), [(at(8, 59), False), (at(9), True), (at(15, 59), True), (at(16), False)])
def test_a_court_notice_leaves_while_somebody_still_answers_that_day(moment: datetime, leaves: bool) -> None:
    assert may_leave(Step.COURT_NOTICE, moment, POLICY) is leaves


def test_the_hours_are_those_of_helsinki() -> None:
    assert may_leave(Step.SMS_REMINDER, datetime(2026, 11, 23, 7, 0, tzinfo=UTC), POLICY)  # 9:00
    assert not may_leave(Step.SMS_REMINDER, datetime(2026, 11, 23, 16, 0, tzinfo=UTC), POLICY)  # 18:00
    assert may_leave(Step.SMS_REMINDER, datetime(2026, 6, 22, 6, 0, tzinfo=UTC), POLICY)  # 9:00 in summer


@pytest.mark.parametrize(
    ("day", "leaves"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 1, 6), False),  # Epiphany
        (date(2026, 1, 5), False),  # its eve
        (date(2026, 4, 2), False),  # Maundy Thursday, the eve of Good Friday
        (date(2026, 4, 30), False),  # the eve of the First of May
        (date(2026, 6, 18), False),  # the day before Midsummer Eve
        (date(2026, 12, 23), False),
        (date(2026, 12, 31), False),
        (date(2026, 12, 28), True),
    ],
)
def test_nothing_leaves_on_a_day_of_rest_or_its_eve(day: date, leaves: bool) -> None:
    assert may_leave(Step.SMS_REMINDER, at(12, day=day), POLICY) is leaves


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(12), at(12)),
        (at(7), at(9)),
        (at(18), at(9, day=date(2026, 11, 24))),
        (at(20, day=date(2026, 11, 20)), at(9)),  # Friday evening: Monday
        (at(12, day=date(2026, 12, 23)), at(9, day=date(2026, 12, 28))),  # over Christmas
        (at(12, day=date(2026, 3, 28)), at(9, day=date(2026, 3, 30))),  # over the night the clocks change
    ],
)
def test_a_message_that_may_not_leave_waits_for_the_next_opening(moment: datetime, opens: datetime) -> None:
    assert next_opening(Step.SMS_REMINDER, moment, POLICY) == opens


@given(st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)), st.sampled_from(Step))  # noqa: DTZ001
def test_the_next_opening_is_open_and_never_in_the_past(moment: datetime, step: Step) -> None:
    opening = next_opening(step, moment, POLICY)
    assert may_leave(step, opening, POLICY)
    assert moment <= opening <= moment + timedelta(days=10)


def test_the_hours_are_policy() -> None:
    policy = a_policy({"sending.opens_hour": 10, "sending.closes_hour": 11})
    assert [may_leave(Step.SMS_REMINDER, at(hour), policy) for hour in (9, 10, 11)] == [False, True, False]
