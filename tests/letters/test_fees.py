"""What a letter may cost: the clocks around holidays and month ends, the caps, and who never pays a fee."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arrears.calendar import due_day
from arrears.letters import fees
from arrears.letters.fees import cost_cap, earlier_fees, fee, fee_may_follow, outstanding
from arrears.model import ZERO, Case, Hold, HoldKind, OpenItem, Outcome, Past, Snapshot, Step
from arrears.policy import Policy
from tests.makers import POLICY, TODAY, a_case, a_hold, a_letter, a_past, a_policy, an_item, owing

FULL = Decimal("5.00")
DAY = timedelta(days=1)


def fee_on(day: date, *history: Past, policy: Policy = POLICY, waived: bool = False, **changes: Any) -> Decimal:
    """The fee of a letter of that day; `changes` are facts of the ordinary case, which owes November's rent."""
    return fees.fee(a_case(*history, **changes), day, policy, waived=waived)


def due(day: str) -> dict[str, Any]:
    """One charge that fell due that day."""
    return {"open_items": (an_item("800.00", day),)}


# due date in the lease, first day on which a letter may cost something
FIRST_DAYS = [
    ("2026-12-04", date(2026, 12, 19)),  # a Friday; in practice Monday 21 December
    ("2026-10-04", date(2026, 10, 20)),  # a Sunday, so due on Monday the 5th
    ("2026-04-04", date(2026, 4, 22)),  # Holy Saturday, so due on Tuesday the 7th
    ("2026-05-01", date(2026, 5, 19)),  # May Day on a Friday, so due on Monday the 4th
    ("2026-06-19", date(2026, 7, 7)),  # Midsummer Eve, so due on Monday the 22nd
    ("2026-12-06", date(2026, 12, 22)),  # Independence Day on a Sunday, so due on Monday the 7th
    ("2026-12-24", date(2027, 1, 12)),  # Christmas Eve, so due on Monday the 28th
    ("2026-12-31", date(2027, 1, 15)),  # over the turn of the year
    ("2027-01-31", date(2027, 2, 16)),  # a Sunday at the end of a month, so due on 1 February
    ("2027-02-16", date(2027, 3, 3)),  # over a February of 28 days
    ("2028-02-16", date(2028, 3, 2)),  # over a February of 29 days
]


@pytest.mark.parametrize(("due_date", "first"), FIRST_DAYS)
def test_a_letter_costs_nothing_until_day_fifteen_after_the_due_day(due_date: str, first: date) -> None:
    assert fee_on(first - DAY, **due(due_date)) == ZERO
    assert fee_on(first, **due(due_date)) == FULL


def test_letters_that_cost_nothing_use_up_nothing_of_what_collecting_may_cost() -> None:
    free = [a_past(Step.COLLECTION_LETTER, date(2026, 11, 5) + n * DAY, fee="0.00") for n in range(24)]
    assert fee_on(date(2026, 12, 8), *free) == FULL


@pytest.mark.parametrize(("posted", "asked"), [(date(2026, 11, 4), FULL), (date(2026, 11, 3), ZERO)])
def test_a_letter_of_the_due_day_was_about_this_debt_and_one_of_the_day_before_was_not(
    posted: date, asked: Decimal
) -> None:
    case = a_case(a_letter(posted))
    assert earlier_fees(case, outstanding(case.snapshot, POLICY, TODAY)) == asked


def test_a_fee_is_waived_only_where_a_person_said_so() -> None:
    case = a_case(a_letter(date(2026, 11, 5)))
    charges = outstanding(case.snapshot, POLICY, date(2026, 12, 8))
    assert fee(case, date(2026, 12, 8), POLICY) == FULL
    assert earlier_fees(case, charges) == FULL
    assert fee_may_follow(case, date(2026, 12, 8), POLICY)


@pytest.mark.parametrize(
    ("letter", "first"),
    [
        (a_letter(date(2026, 11, 23)), date(2026, 12, 8)),
        (a_letter(date(2026, 12, 18)), date(2027, 1, 2)),
        (a_letter(date(2026, 11, 23), Step.COURT_WARNING_LETTER), date(2026, 12, 8)),
        (a_letter(date(2026, 11, 23), outcome=Outcome.UNKNOWN), date(2026, 12, 8)),  # it may have left
        (a_past(Step.COLLECTION_LETTER, date(2026, 11, 23)), date(2026, 12, 8)),  # a fee that is not known was one
    ],
)
def test_the_next_fee_waits_until_day_fifteen_after_the_last_one(letter: Past, first: date) -> None:
    assert fee_on(first - DAY, letter) == ZERO
    assert fee_on(first, letter) == FULL


def test_a_letter_without_a_fee_starts_no_clock() -> None:
    assert fee_on(TODAY, a_past(Step.COLLECTION_LETTER, TODAY - DAY, fee="0.00")) == FULL


def test_a_text_message_starts_no_clock() -> None:
    assert fee_on(TODAY, a_past(Step.SMS_REMINDER, TODAY - DAY)) == FULL


@pytest.mark.parametrize(("owed", "expected"), [("19.99", ZERO), ("20.00", FULL), ("20.01", FULL)])
def test_a_debt_under_twenty_euros_costs_nothing(owed: str, expected: Decimal) -> None:
    assert fee_on(TODAY, **owing(owed)) == expected


def test_money_the_landlord_already_holds_lowers_the_debt_that_a_fee_is_measured_by() -> None:
    assert fee_on(TODAY, **owing("119.99"), unallocated_credit="100.00") == ZERO
    assert fee_on(TODAY, **owing("120.00"), unallocated_credit="100.00") == FULL


def test_a_charge_that_unmatched_money_covers_starts_no_clock() -> None:
    old_and_new = (an_item("800.00", "2026-09-04"), an_item("800.00", "2026-11-04"))
    day_fourteen = date(2026, 11, 18)
    assert fee_on(day_fourteen, open_items=old_and_new) == FULL
    assert fee_on(day_fourteen, open_items=old_and_new, unallocated_credit="800.00") == ZERO
    assert fee_on(day_fourteen + DAY, open_items=old_and_new, unallocated_credit="800.00") == FULL


@pytest.mark.parametrize("kind", [HoldKind.DISPUTE, HoldKind.HALT_REQUEST])
@pytest.mark.parametrize("until", [None, TODAY - 30 * DAY, TODAY + DAY])
def test_after_a_dispute_or_a_halt_request_nothing_costs_anything(kind: HoldKind, until: date | None) -> None:
    assert fee_on(TODAY, holds=(a_hold(kind, until),)) == ZERO


def test_another_hold_that_has_ended_changes_no_fee() -> None:
    assert fee_on(TODAY, holds=(a_hold(HoldKind.MANUAL, TODAY - DAY),)) == FULL


def test_a_fee_is_waived_for_a_case_or_for_a_campaign() -> None:
    assert fee_on(TODAY, waived=True) == ZERO
    assert fee_on(TODAY, policy=a_policy({"letter.waive_fees": True})) == ZERO


def test_the_fee_is_the_policys_number() -> None:
    assert fee_on(TODAY, policy=a_policy({"letter.fee": "3.50"})) == Decimal("3.50")


def test_no_policy_can_ask_for_more_than_five_euros() -> None:
    with pytest.raises(ValueError, match="less than or equal to 5"):
        a_policy({"letter.fee": "5.01"})


@pytest.mark.parametrize(
    ("principal", "cap"),
    [
        ("100.00", "60.00"),
        ("100.01", "120.00"),
        ("1000.00", "120.00"),
        ("1000.01", "210.00"),
        ("9999999999.99", "210.00"),
    ],
)
def test_the_cap_of_all_costs_grows_with_the_debt(principal: str, cap: str) -> None:
    assert cost_cap(Decimal(principal), POLICY) == Decimal(cap)


@pytest.mark.parametrize(("owed", "letters"), [("100.00", 12), ("1000.00", 24), ("1000.01", 42)])
def test_the_fees_for_one_debt_stay_below_the_cap(owed: str, letters: int) -> None:
    charge: dict[str, Any] = {"open_items": (an_item(owed, "2024-11-05"),)}
    assert fee_on(TODAY, *every_fifteen_days(date(2024, 11, 21), letters - 1), **charge) == FULL
    assert fee_on(TODAY, *every_fifteen_days(date(2024, 11, 21), letters), **charge) == ZERO


def test_a_fee_that_is_not_known_counts_as_a_full_one_against_the_cap() -> None:
    unknown = [past.model_copy(update={"fee": None}) for past in every_fifteen_days(date(2024, 11, 21), 12)]
    charge: dict[str, Any] = {"open_items": (an_item("100.00", "2024-11-05"),)}
    assert fee_on(TODAY, *unknown[1:], **charge) == FULL
    assert fee_on(TODAY, *unknown, **charge) == ZERO


def test_letters_about_an_older_debt_that_was_paid_do_not_count_against_the_cap() -> None:
    assert fee_on(TODAY, *every_fifteen_days(date(2025, 1, 2), 12), **owing("90.00")) == FULL


def test_earlier_fees_are_asked_for_while_the_debt_they_were_about_is_unpaid() -> None:
    case = a_case(a_letter(date(2026, 11, 20)), a_letter(date(2026, 10, 30)))
    owed = outstanding(case.snapshot, POLICY, TODAY)
    assert earlier_fees(case, owed) == FULL
    assert earlier_fees(case, owed, waived=True) == ZERO


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.FAILED, Outcome.IMPOSSIBLE])
def test_a_fee_of_a_letter_that_may_not_have_come_is_not_asked_for_again(outcome: Outcome) -> None:
    case = a_case(a_letter(date(2026, 11, 20), outcome=outcome))
    assert earlier_fees(case, outstanding(case.snapshot, POLICY, TODAY)) == ZERO


def test_a_fee_that_is_not_known_is_not_asked_for() -> None:
    case = a_case(a_past(Step.COLLECTION_LETTER, date(2026, 11, 20)))
    assert earlier_fees(case, outstanding(case.snapshot, POLICY, TODAY)) == ZERO


def every_fifteen_days(first: date, count: int) -> list[Past]:
    """So many letters with a full fee, each as early as the law allows."""
    return [a_letter(first + 15 * n * DAY) for n in range(count)]


# --- no letter breaks a cap or a clock ------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))  # nothing here is ever three years old
EUROS = st.integers(1, 200000).map(lambda cents: f"{Decimal(cents) / 100:.2f}")
CHARGES = st.lists(st.builds(an_item, EUROS, DAYS.map(date.isoformat)), min_size=1, max_size=5)
FEES = st.sampled_from([None, "0.00", "5.00"])
PASTS = st.lists(st.builds(a_past, st.sampled_from(Step), DAYS, st.sampled_from(Outcome), FEES), max_size=30)
HOLDS = st.lists(st.builds(a_hold, st.sampled_from(HoldKind), st.none() | DAYS), max_size=1)


@settings(deadline=None)
@given(CHARGES, EUROS | st.just("0.00"), PASTS, HOLDS, DAYS)
def test_no_fee_ever_breaks_a_cap_or_a_clock(
    items: list[OpenItem], credit: str, history: list[Past], holds: list[Hold], today: date
) -> None:
    case = a_case(*history, open_items=tuple(items), unallocated_credit=credit, holds=tuple(holds))
    asked = fee(case, today, POLICY)
    assert asked in (ZERO, FULL)
    if asked:
        assert_lawful(case, today)


def assert_lawful(case: Case, today: date) -> None:
    """513/1999 s. 4 b, 4 c and 10 a-10 d, written another way than the code under test."""
    left = left_after_credit(case.snapshot, today)
    principal, oldest = sum(left.values()), min(left)
    letters = [past for past in case.history if past.step.endswith("_letter")]
    about_this_debt = [FULL if past.fee is None else past.fee for past in letters if past.on >= oldest]
    assert principal >= 20
    assert today - oldest >= 15 * DAY
    assert all(today - past.on >= 15 * DAY for past in letters if past.fee != ZERO)
    assert sum(about_this_debt) + FULL <= (60 if principal <= 100 else 120 if principal <= 1000 else 210)
    assert not {"dispute", "halt_request"} & {hold.kind for hold in case.snapshot.holds}


def left_after_credit(snapshot: Snapshot, today: date) -> dict[date, Decimal]:
    """What is left of each due day's charges when unmatched money has paid the oldest, cent by cent."""
    credit = snapshot.unallocated_credit
    left: dict[date, Decimal] = {}
    for day, unpaid in sorted((due_day(item.due_date), item.unpaid) for item in snapshot.open_items):
        if day < today and unpaid > credit:
            left[day] = left.get(day, ZERO) + unpaid - credit
        credit = max(credit - unpaid, ZERO) if day < today else credit
    return left


@settings(deadline=None, max_examples=20)
@given(st.integers(3, 40), st.sampled_from(["25.00", "99.00", "400.00", "2500.00"]))
def test_three_years_of_letters_to_one_who_never_pays_break_no_cap_and_no_clock(every: int, owed: str) -> None:
    history: list[Past] = []
    first = day = date(2024, 1, 5)
    while day < date(2026, 12, 31):
        asked = fee_on(day, *history, open_items=(an_item(owed, f"{first}"),))
        history.append(a_past(Step.COLLECTION_LETTER, day, Outcome.SENT, f"{asked}"))
        day += every * DAY
    paid = [past.on for past in history if past.fee]
    assert paid
    assert all(later - earlier >= 15 * DAY for earlier, later in pairwise([first, *paid]))
    assert len(paid) * FULL <= cost_cap(Decimal(owed), POLICY)


# --- broken twins: each protection taken away is noticed by a test above ---------------------------------------------

TWINS: dict[str, tuple[str, Any, Callable[[], None]]] = {
    "a fee already on day 14": (
        "clear_days",
        lambda start, today: (today - start).days,
        lambda: test_a_letter_costs_nothing_until_day_fifteen_after_the_due_day(*FIRST_DAYS[0]),
    ),
    "a due day that stays on a Sunday": (
        "due_day",
        lambda due: due,
        lambda: test_a_letter_costs_nothing_until_day_fifteen_after_the_due_day(*FIRST_DAYS[1]),
    ),
    "caps that count nothing": (
        "costs_so_far",
        lambda case, owed, policy: ZERO,
        lambda: test_the_fees_for_one_debt_stay_below_the_cap("100.00", 12),
    ),
    "one cap for every debt": (
        "cost_cap",
        lambda principal, policy: Decimal("210.00"),
        lambda: test_the_fees_for_one_debt_stay_below_the_cap("1000.00", 24),
    ),
    "a fee after a dispute": (
        "contested",
        lambda case: False,
        lambda: test_after_a_dispute_or_a_halt_request_nothing_costs_anything(HoldKind.DISPUTE, None),
    ),
    "a fee on money that the landlord holds": (
        "_less",
        lambda items, credit: items,
        test_money_the_landlord_already_holds_lowers_the_debt_that_a_fee_is_measured_by,
    ),
    "a fee on 19.99": (
        "fee",
        lambda case, on, policy, waived: fee(case, on, a_policy({"letter.no_fee_below": "0.01"}), waived=waived),
        lambda: test_a_debt_under_twenty_euros_costs_nothing("19.99", ZERO),
    ),
    "no clock between letters": (
        "_too_early",
        lambda case, owed, on, policy: False,
        lambda: test_the_next_fee_waits_until_day_fifteen_after_the_last_one(
            a_letter(date(2026, 11, 23)), date(2026, 12, 8)
        ),
    ),
}


@pytest.mark.parametrize("twin", TWINS)
def test_a_broken_twin_of_the_fee_is_caught(twin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, broken, caught_by = TWINS[twin]
    caught_by()
    monkeypatch.setattr(fees, name, broken)
    with pytest.raises(AssertionError):
        caught_by()
