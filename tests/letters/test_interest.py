"""Late interest to the cent and the day: by half-year, and never with a rate that nobody entered."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arrears.calendar import due_day
from arrears.letters.interest import Interest, half_year, late_interest
from arrears.model import ZERO, OpenItem
from tests.makers import POLICY, an_item

RATES = POLICY.interest


def lines_of(unpaid: str, due: str, on: date, rates: Mapping[str, Decimal] = RATES) -> list[tuple[str, ...]]:
    """Each line of interest as the letter tells it: rate, first day, last day, euros."""
    found = late_interest([an_item(unpaid, due)], on, rates)
    return [(f"{line.rate}", f"{line.first}", f"{line.last}", f"{line.amount}") for line in found]


@pytest.mark.parametrize(
    ("unpaid", "due", "on", "expected"),
    [
        # 1 day, from the day after the due day
        ("800.00", "2026-03-04", date(2026, 3, 5), [("9.5", "2026-03-05", "2026-03-05", "0.21")]),
        # nothing on the due day itself
        ("800.00", "2026-03-04", date(2026, 3, 4), []),
        # 118 days of 365 at 9.5 %
        ("800.00", "2026-03-04", date(2026, 6, 30), [("9.5", "2026-03-05", "2026-06-30", "24.57")]),
        # due on a Saturday before Easter Monday: Tuesday 7 April is the due day, so one day on the 8th
        ("800.00", "2026-04-04", date(2026, 4, 8), [("9.5", "2026-04-08", "2026-04-08", "0.21")]),
        ("800.00", "2026-04-04", date(2026, 4, 7), []),
        # over a half-year with another rate: 27 days at 10.5 %, 1 day at 9.5 %
        (
            "1000.00",
            "2025-06-03",
            date(2025, 7, 1),
            [("10.5", "2025-06-04", "2025-06-30", "7.77"), ("9.5", "2025-07-01", "2025-07-01", "0.26")],
        ),
        # two half-years at the same rate are one line: 365 days are exactly the rate
        ("1000.00", "2025-06-30", date(2026, 6, 30), [("9.5", "2025-07-01", "2026-06-30", "95.00")]),
        # a leap year has 366 days: the whole of 2024 is exactly 11.5 %
        (
            "1000.00",
            "2023-12-29",
            date(2024, 12, 31),
            [("11.0", "2023-12-30", "2023-12-31", "0.60"), ("11.5", "2024-01-01", "2024-12-31", "115.00")],
        ),
        # half a cent is rounded up, after an even cent too: 0.0475 a day, so 0.285 in 6 days and 0.475 in 10
        ("182.50", "2026-03-04", date(2026, 3, 10), [("9.5", "2026-03-05", "2026-03-10", "0.29")]),
        ("182.50", "2026-03-04", date(2026, 3, 14), [("9.5", "2026-03-05", "2026-03-14", "0.48")]),
        # what rounds to nothing is not asked for
        ("0.10", "2026-03-04", date(2026, 3, 5), []),
    ],
)
def test_interest_is_right_to_the_cent_and_the_day(
    unpaid: str, due: str, on: date, expected: list[tuple[str, ...]]
) -> None:
    assert lines_of(unpaid, due, on) == expected


def test_interest_ends_where_the_known_rates_end() -> None:
    assert "2026H2" not in RATES
    assert lines_of("800.00", "2026-03-04", date(2026, 11, 23)) == lines_of("800.00", "2026-03-04", date(2026, 6, 30))


def test_a_debt_of_a_half_year_without_a_rate_bears_no_interest() -> None:
    assert lines_of("800.00", "2026-09-04", date(2026, 11, 23)) == []


def test_a_half_year_without_a_rate_in_between_is_left_out_and_the_lines_say_so() -> None:
    rates = {key: rate for key, rate in RATES.items() if key != "2025H2"}
    found = lines_of("1000.00", "2025-06-03", date(2026, 1, 2), rates)
    assert [(first, last) for _, first, last, _ in found] == [
        ("2025-06-04", "2025-06-30"),
        ("2026-01-01", "2026-01-02"),
    ]


def test_an_entered_rate_is_used_at_once() -> None:
    rates = {**RATES, "2026H2": Decimal("9.0")}
    assert lines_of("800.00", "2026-06-30", date(2026, 7, 1), rates) == [("9.0", "2026-07-01", "2026-07-01", "0.20")]


def test_the_table_of_rates_has_no_gap() -> None:
    """When a half-year begins, enter its rate in policy/interest.toml as the Bank of Finland publishes it."""
    years = [int(key[:4]) * 2 + int(key[5]) for key in RATES]
    assert all(following == year + 1 for year, following in pairwise(years)), (
        "policy/interest.toml: a half-year is missing"
    )


def test_a_rate_belongs_to_its_half_year() -> None:
    assert (half_year(date(2026, 6, 30)), half_year(date(2026, 7, 1))) == ("2026H1", "2026H2")


DUES = st.dates(date(2023, 1, 1), date(2026, 12, 31))
ITEMS = st.lists(st.tuples(st.integers(1, 500000), DUES), min_size=1, max_size=6)


@example([(700, date(2023, 1, 1))], date(2027, 1, 1))
@given(ITEMS, st.dates(date(2023, 1, 1), date(2027, 6, 30)))
def test_the_lines_are_what_counting_day_by_day_gives(charges: list[tuple[int, date]], on: date) -> None:
    items = [an_item(f"{Decimal(cents) / 100:.2f}", f"{due}") for cents, due in charges]
    found = late_interest(items, on, RATES)
    for line in found:
        # A day's interest has no end of decimals: their sum lies a hair beside the half cent.
        assert abs(line.amount - day_by_day(items, line)) <= Decimal("0.005000001")
    for earlier, later in pairwise(found):
        assert earlier.last < later.first
    assert all(line.last <= on and half_year(line.last) in RATES for line in found)


def day_by_day(items: list[OpenItem], line: Interest) -> Decimal:
    """The slow way: one day after another."""
    days = (line.first + timedelta(days=n) for n in range((line.last - line.first).days + 1))
    return sum((owed_on(day, items) * line.rate / 100 / (366 if day.year % 4 == 0 else 365) for day in days), ZERO)


def owed_on(day: date, items: list[OpenItem]) -> Decimal:
    """What was overdue that day."""
    return sum((item.unpaid for item in items if due_day(item.due_date) < day), ZERO)


def test_a_charge_that_is_paid_begins_no_line() -> None:
    unpaid, day = an_item("800.00", "2026-03-04"), date(2026, 6, 30)
    assert late_interest([an_item("0.00", "2026-01-05"), unpaid], day, RATES) == late_interest([unpaid], day, RATES)


def test_nothing_unpaid_bears_nothing() -> None:
    assert late_interest([], date(2026, 6, 30), RATES) == ()
