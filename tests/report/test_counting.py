"""What is counted of a tenancy: one ordinary text and what followed it, and one fact changed at a time."""

from datetime import date, timedelta
from typing import Any

import pytest

from arrears.ledger import Row, Status
from arrears.model import Reason, Step
from arrears.outcomes import counting, lives
from arrears.outcomes.counting import counted
from arrears.outcomes.figures import Counts, Month
from arrears.outcomes.lives import Told, booked_by
from tests.makers import POLICY, a_decision, a_snapshot, an_item_row
from tests.rows import a_key, a_row

SENT = date(2026, 11, 9)  # a Monday: its seven days end on Monday the 16th
MONTH = Month(name="2026-11", until=date(2026, 11, 30), since=date(2026, 10, 29), planned_on=SENT)
DAYS = [day for n in range(22) if (day := SENT + timedelta(days=n)).weekday() < 5]


def a_text(**changes: Any) -> Row:
    """November's text, sent on the Monday and delivered."""
    facts: dict[str, Any] = {"on": SENT, "status": Status.DELIVERED, "segments": 1, "channel": "sms"}
    return a_row(**facts | changes)


def owes(day: date, *reasons: Reason) -> Told:
    """The run that saw the ledger of that day found a debt."""
    decision = a_decision(Step.NONE, *(reasons or (Reason.REMINDED_THIS_MONTH,)), recipient=None, on=day)
    return Told("T-1", decision, day)


def a_life(*told: Told, row: Row | None = None, until: date = DAYS[-1]) -> list[Told]:
    """A tenancy that got the ordinary text and owed all month, but for what is told of a day instead."""
    changed = {one.day for one in told}
    return [Told("T-1", (row or a_text(),)), *(owes(day) for day in DAYS if day <= until and day not in changed), *told]


def counts_of(told: list[Told], month: Month = MONTH) -> Counts:
    """The month's counts of one tenancy."""
    return counted(told, month, POLICY, DAYS)


def within(counts: Counts, days: int, what: str) -> int:
    """How many of the ordinary group did that within so many days of a text."""
    return counts[f"answers|sms_reminder|north|30-44|{days}|{what}"]


def test_a_text_without_an_answer_is_counted_and_not_answered() -> None:
    counts = counts_of(a_life())
    assert [within(counts, days, "of") for days in (7, 14, 30)] == [1, 1, 0]
    assert [within(counts, 14, what) for what in counting.ANSWERS] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("after", "hits"), [(-1, (0, 0)), (0, (1, 1)), (7, (1, 1)), (8, (0, 1)), (14, (0, 1)), (15, (0, 0))]
)
def test_a_contact_counts_from_the_day_of_the_text_to_the_last_of_its_days(after: int, hits: tuple[int, int]) -> None:
    contact = a_snapshot(as_of="2026-11-30", contacted_on=f"{SENT + timedelta(days=after)}")
    counts = counts_of([*a_life(), Told("T-1", contact, contact.as_of)])
    assert (within(counts, 7, "contacted"), within(counts, 14, "contacted")) == hits
    assert within(counts, 14, "answered") == hits[1]


def test_an_earlier_contact_is_not_forgotten_when_there_is_a_later_one() -> None:
    exports = [a_snapshot(as_of=day, contacted_on=day) for day in ("2026-11-12", "2026-11-26")]
    counts = counts_of([*a_life(), *(Told("T-1", export, export.as_of) for export in exports)])
    assert within(counts, 7, "contacted") == 1


@pytest.mark.parametrize(("after", "hits"), [(4, (1, 1)), (7, (1, 1)), (8, (0, 1)), (14, (0, 1)), (15, (0, 0))])
def test_who_has_no_debt_on_one_of_the_days_has_paid(after: int, hits: tuple[int, int]) -> None:
    counts = counts_of(a_life(owes(SENT + timedelta(days=after), Reason.NO_DEBT)))
    assert (within(counts, 7, "paid"), within(counts, 14, "paid")) == hits


def paid_by_friday() -> int:
    """A text of a Friday, paid on the Friday after it, of which only Sunday's ledger can tell."""
    friday, sunday = date(2026, 11, 6), date(2026, 11, 15)
    text = Told("T-1", (a_text(on=friday),))
    return within(counted([text, owes(sunday, Reason.NO_DEBT)], MONTH, POLICY, [lives.booked_by(sunday)]), 7, "paid")


def test_a_payment_of_the_last_friday_is_not_lost() -> None:
    assert paid_by_friday() == 1


def test_without_the_banking_day_it_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "booked_by", lambda day: day)
    assert paid_by_friday() == 0


def test_who_is_not_in_the_ledger_any_more_has_paid() -> None:
    counts = counts_of(a_life(until=DAYS[3]))
    assert within(counts, 7, "paid") == within(counts, 7, "answered") == 1
    assert within(counts, 7, "contacted") == 0


def test_who_agrees_has_made_contact_and_has_not_paid() -> None:
    counts = counts_of(a_life(owes(DAYS[4], Reason.PAYMENT_AGREEMENT)))
    assert [within(counts, 7, what) for what in counting.ANSWERS] == [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("status", "counted_as_arrived"),
    [
        (Status.DELIVERED, True),
        (Status.SENT, True),
        (Status.NO_RECEIPT, True),
        (Status.UNDELIVERED, False),
        (Status.UNKNOWN, False),
        (Status.STOOD_DOWN, False),
        (Status.HELD_OUT, False),
        (Status.IMPOSSIBLE, False),
        (Status.PLANNED, False),
    ],
)
def test_only_a_message_that_may_have_arrived_can_be_answered(status: Status, counted_as_arrived: bool) -> None:
    assert within(counts_of(a_life(row=a_text(status=status))), 7, "of") == counted_as_arrived


@pytest.mark.parametrize(
    ("until", "since", "months"),
    [
        (date(2026, 11, 15), date(2026, 10, 29), 0),
        (date(2026, 11, 16), date(2026, 10, 29), 1),
        (date(2026, 11, 30), date(2026, 11, 15), 1),
        (date(2026, 11, 30), date(2026, 11, 16), 0),
        (date(2026, 11, 30), None, 1),
    ],
)
def test_a_message_is_counted_in_the_one_month_in_which_its_days_end(
    until: date, since: date | None, months: int
) -> None:
    month = MONTH.model_copy(update={"until": until, "since": since})
    assert within(counts_of(a_life(), month), 7, "of") == months


def test_where_nobody_looked_nothing_is_known_of_answers() -> None:
    counts = counted([Told("T-1", (a_text(),))], MONTH, POLICY, [])
    assert not [name for name in counts if name.startswith("answers") or name == "month|answered"]
    assert counts["month|texted"] == 1


@pytest.mark.parametrize(
    ("day", "booked"),
    [
        (date(2026, 11, 13), date(2026, 11, 13)),  # a Friday
        (date(2026, 11, 15), date(2026, 11, 13)),  # the Sunday after it
        (date(2026, 12, 6), date(2026, 12, 4)),  # Independence Day, a Sunday
        (date(2026, 12, 26), date(2026, 12, 23)),  # Christmas: the 24th to the 26th
    ],
)
def test_what_a_sundays_ledger_shows_was_there_on_friday(day: date, booked: date) -> None:
    assert booked_by(day) == booked


@pytest.mark.parametrize(
    ("status", "lot"),
    [
        (Status.HELD_OUT, "held_out"),
        (Status.DELIVERED, "texted"),
        (Status.STOOD_DOWN, "texted"),  # paid in between: it would have paid without a text too
        (Status.UNDELIVERED, "texted"),
        (Status.IMPOSSIBLE, None),  # nobody drew a lot for it
    ],
)
def test_everyone_counts_in_the_group_that_the_lot_put_them_in(status: Status, lot: str | None) -> None:
    row = a_text(status=status, planned_at="2026-11-09T08:00:00Z")
    counts = counts_of(a_life(row=row))
    found = {name for name in counts if name.startswith("lot|2026-11") and name.endswith("|7|of")}
    assert found == ({f"lot|2026-11|{lot}|7|of"} if lot else set())


def test_a_letter_is_no_lot() -> None:
    letter = a_text(key=a_key(step=Step.COLLECTION_LETTER))
    assert not [name for name in counts_of(a_life(row=letter)) if name.startswith("lot")]


def at_ends(before: str | None, now: str | None) -> Counts:
    """The counts of a tenancy that owed so much when the month before ended, and when this one did."""
    ends = ((MONTH.since, before), (MONTH.until, now))
    exports = [
        a_snapshot(as_of=f"{day}", open_items=[an_item_row(due_date="2026-10-05", unpaid=unpaid)])
        for day, unpaid in ends
        if unpaid is not None
    ]
    return counts_of([Told("T-1", export, export.as_of) for export in exports])


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (None, "812.40", {"debtors": 1, "debt": 81240, "newcomers": 1, "leavers": 0}),
        ("0.00", "812.40", {"debtors": 1, "debt": 81240, "newcomers": 1, "leavers": 0}),
        ("10.00", "812.40", {"debtors": 1, "debt": 81240, "newcomers": 0, "leavers": 0}),
        ("812.40", "0.00", {"debtors": 0, "debt": 0, "newcomers": 0, "leavers": 1}),
        ("812.40", None, {"debtors": 0, "debt": 0, "newcomers": 0, "leavers": 1}),
        ("0.00", None, {"debtors": 0, "debt": 0, "newcomers": 0, "leavers": 0}),
    ],
)
def test_who_came_into_debt_and_who_left_it(before: str | None, now: str | None, found: dict[str, int]) -> None:
    counts = at_ends(before, now)
    assert {what: counts[f"{what}|north|30-44"] for what in found} == found


def test_without_a_month_before_nobody_is_a_newcomer() -> None:
    export = a_snapshot(as_of="2026-11-30")
    counts = counts_of([Told("T-1", export, export.as_of)], MONTH.model_copy(update={"since": None}))
    assert counts["debtors|north|30-44"] == 1
    assert not [name for name in counts if name.startswith("newcomers")]


def not_written(step: Step, *reasons: Reason) -> Counts:
    """The counts of one decision of the month's own run."""
    return counts_of([Told("T-1", a_decision(step, *reasons, recipient=None), None, planned=True)])


def test_what_stood_first_in_the_way_of_a_text_and_everything_that_did() -> None:
    counts = not_written(Step.NONE, Reason.NO_CRITERION, Reason.NO_MOBILE, Reason.NOT_REMINDED)
    assert counts["not_written|first|no_criterion"] == counts["not_written|any|no_mobile"] == 1
    assert counts["not_written|first|no_mobile"] == counts["not_written|any|not_reminded"] == 0


def test_who_owes_nothing_is_not_somebody_who_was_not_written_to() -> None:
    assert not not_written(Step.NONE, Reason.NO_DEBT)


def test_who_gets_another_step_is_not_somebody_who_was_not_written_to() -> None:
    counts = not_written(Step.COLLECTION_LETTER, Reason.REMINDER_UNANSWERED)
    assert counts == {"month|owed": 1}


def test_a_letters_fee_is_counted_in_cents_and_in_the_month_it_left() -> None:
    letter = a_text(key=a_key(step=Step.COLLECTION_LETTER), fee="5.00", channel="letter")
    assert counts_of(a_life(row=letter))["fees|collection_letter"] == 500
    earlier = letter.model_copy(update={"on": date(2026, 10, 30)})
    assert counts_of(a_life(row=earlier))["fees|collection_letter"] == 0


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"status": Status.IMPOSSIBLE}, "no_mobile"),
        ({"status": Status.REJECTED}, "refused"),
        ({"status": Status.UNDELIVERED, "why": "bad_number: 4"}, "dead"),
        ({"status": Status.UNDELIVERED, "why": "not_delivered: 7"}, None),
        ({"status": Status.DELIVERED}, None),
        ({"status": Status.REJECTED, "key": a_key(step=Step.COURT_NOTICE)}, None),
    ],
)
def test_a_number_that_must_be_mended_is_told_from_one_that_was_out_of_reach(
    changes: dict[str, Any], problem: str | None
) -> None:
    assert counting.problem_of(a_text(**changes)) == problem


def test_a_message_in_doubt_is_told_until_somebody_settles_it() -> None:
    old = a_text(status=Status.UNKNOWN, on=date(2026, 9, 10))
    assert counts_of(a_life(row=old))["unknown|sms_reminder"] == 1
