"""The tables of a month: what they show, what they hide, and what their files say."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest

from arrears.guards import Guard
from arrears.ledger import RunStatus, Status
from arrears.model import MESSAGES, Reason, Step
from arrears.outcomes import answers, course, debts, messages, month
from arrears.outcomes.figures import Counts, Figures, Month, name
from arrears.outcomes.rates import Difference, Rate
from arrears.outcomes.report import court_sentence
from arrears.outcomes.tables import HIDDEN, Money, Table, as_csv, as_shown
from arrears.outcomes.words import _words, day_said, place, said
from tests.makers import POLICY
from tests.report.made import a_year

TERMS = POLICY.report
MARCH = Month(name="2026-03", until=date(2026, 3, 30), since=date(2026, 2, 26), planned_on=date(2026, 3, 12))


LOT = {"of": 20, "contacted": 8, "agreed": 3, "paid": 5, "answered": 9}


def figures(**counts: int) -> Figures:
    """March with those counts; the parts of a name are divided by two underscores."""
    named = {name(*key.split("__")): count for key, count in counts.items()}
    return Figures(month=MARCH, policy=POLICY.name, made_on=date(2026, 4, 1), counts=named)


def cells(table: Table, *names: str) -> list[str]:
    """The figures of one row, as shown."""
    found = [row for row in table.rows if tuple(map(as_shown, row[: table.names])) == names]
    return [as_shown(cell) for cell in found[0][table.names :]]


def answered(step: Step, contacted: int, of: int, area: str = "north", age: str = "18-29") -> Counts:
    """So many of so many made contact within each number of days."""
    counts = Counts()
    for days in TERMS.answer_days:
        for what, count in (("of", of), ("contacted", contacted), ("answered", contacted)):
            counts[name("answers", step, area, age, f"{days}", what)] = count
    return counts


def a_month_of(*counted: Counts) -> Figures:
    """March with those answers."""
    total = Counts()
    for counts in counted:
        total.update(counts)
    return figures().model_copy(update={"counts": dict(total)})


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, "hidden"),
        (1234, "1,234"),
        (Money(123456), "1,234.56"),
        (Money(5), "0.05"),
        (Rate(0, 0), "–"),
        (Rate(75, 100), "75 % (66–82)"),
        (Difference(Rate(80, 100), Rate(70, 100)), "+10 (−2 to +22)"),
        ("North", "North"),
    ],
)
def test_a_cell_as_a_person_reads_it(cell: object, shown: str) -> None:
    assert as_shown(cell) == shown  # type: ignore[arg-type]


def test_a_file_has_a_rate_in_three_columns_and_says_what_is_hidden() -> None:
    table = Table("t", "T", ("group", "rate", "money"), (("a", Rate(1, 2), Money(150)), ("b", None, None)))
    assert list(csv.reader(StringIO(as_csv(table)))) == [
        ["group", "rate", "rate, low", "rate, high", "money"],
        ["a", "0.5000", "0.0945", "0.9055", "1.50"],
        ["b", HIDDEN, HIDDEN, HIDDEN, HIDDEN],
    ]


def test_the_stages_of_a_month() -> None:
    shown = course.stages(figures(month__owed=90, month__chosen=60, month__texted=50, month__delivered=40), 5)
    assert (shown["owed"], shown["texted"], shown["delivered"], shown["court"]) == (90, 50, 40, 0)


@pytest.mark.parametrize(("count", "seen"), [(0, 0), (4, None), (5, 5)])
def test_a_stage_of_fewer_than_five_is_not_shown(count: int, seen: int | None) -> None:
    assert course.stages(figures(month__court=count), 5)["court"] == seen


@pytest.mark.parametrize(("texted", "chosen"), [(60, 60), (59, None), (56, None), (55, 60)])
def test_how_many_were_due_is_not_shown_when_it_tells_how_few_were_not_texted(texted: int, chosen: int | None) -> None:
    assert course.stages(figures(month__chosen=60, month__texted=texted), 5)["chosen"] == chosen


@pytest.mark.parametrize("missing", [1, 4])
def test_a_status_of_few_is_not_had_back_from_its_total(missing: int) -> None:
    counts = {"messages__sms_reminder__DELIVERED": 40, "messages__sms_reminder__IMPOSSIBLE": missing}
    table = messages.messages_table(figures(**counts), 5)
    assert cells(table, "Text message", "arrived") == ["40"]
    assert cells(table, "Text message", "no number to reach") == cells(table, "Text message", "together") == [HIDDEN]


def test_a_few_that_did_not_arrive_hide_those_that_did_because_all_that_left_are_counted_elsewhere() -> None:
    counts = {"messages__sms_reminder__DELIVERED": 40, "messages__sms_reminder__UNDELIVERED": 2}
    table = messages.messages_table(figures(month__texted=42, month__delivered=40, **counts), 5)
    assert cells(table, "Text message", "did not arrive") == cells(table, "Text message", "arrived") == [HIDDEN]
    assert cells(table, "Text message", "together") == ["42"]
    assert course.stages(figures(month__texted=42, month__delivered=40, **counts), 5)["delivered"] is None


def test_numbers_to_mend_and_messages_in_doubt() -> None:
    counts = {"numbers__no_mobile": 9, "messages__sms_reminder__IMPOSSIBLE": 9, "unknown__sms_reminder": 3}
    table = messages.waiting_table(figures(**counts), 5)
    assert cells(table, "number to mend", "no usable mobile number") == ["9"]
    assert cells(table, "nobody knows whether it left", "Text message") == [HIDDEN]


def test_the_price_of_texts_is_their_segments_at_the_policys_price() -> None:
    counts = {"sent__sms_reminder__sms": 100, "segments__sms_reminder": 110}
    table = month.cost_table(figures(**counts), Decimal("0.0800"), 5)
    assert cells(table, "Text message", "text") == ["100", "110", "8.80", "0.00"]


def test_the_cost_of_a_few_is_not_shown() -> None:
    counts = {"sent__court_notice__sms": 4, "segments__court_notice": 8}
    table = month.cost_table(figures(**counts), Decimal("0.0800"), 5)
    assert cells(table, "Notice that court proceedings began", "text") == [HIDDEN] * 4


def test_rates_add_up_over_the_months() -> None:
    months = [a_month_of(answered(Step.SMS_REMINDER, 6, 10)), a_month_of(answered(Step.SMS_REMINDER, 3, 10))]
    table = answers.answers_table(months, Step.SMS_REMINDER, TERMS)
    assert cells(table, "Everyone", "30")[:2] == ["20", as_shown(Rate(9, 20))]


def test_a_rate_of_fewer_than_five_is_not_shown_nor_the_next_group_that_would_give_it_away() -> None:
    month_of = a_month_of(
        answered(Step.SMS_REMINDER, 6, 12, "north"),
        answered(Step.SMS_REMINDER, 2, 4, "east"),
        answered(Step.SMS_REMINDER, 20, 40, "west"),
    )
    table = answers.answers_table([month_of], Step.SMS_REMINDER, TERMS)
    assert [cells(table, area, "7")[0] for area in ("East", "North", "West", "Everyone")] == [
        HIDDEN,
        HIDDEN,
        "40",
        "56",
    ]


def test_a_kind_of_message_that_reached_a_few_is_not_listed_at_all() -> None:
    few, enough = answered(Step.COURT_NOTICE, 2, 4), answered(Step.SMS_REMINDER, 2, 5)
    assert answers.kinds([a_month_of(few, enough)], TERMS) == [Step.SMS_REMINDER]


@pytest.mark.parametrize(
    ("contacted", "of", "words"),
    [
        (2, 4, "Too few notices"),
        (75, 100, "lies within what chance allows"),
        (60, 100, "below the 75 %"),
        (95, 100, "above the 75 %"),
    ],
)
def test_the_court_notice_is_held_against_the_landlords_own_finding(contacted: int, of: int, words: str) -> None:
    assert words in court_sentence([a_month_of(answered(Step.COURT_NOTICE, contacted, of))], POLICY)


@pytest.mark.parametrize("step", answers.STEPS)
def test_the_75_per_cent_line_stands_in_the_court_notices_picture_alone(step: Step) -> None:
    chart = answers.answers_chart([a_month_of(answered(step, 6, 10))], step, TERMS)
    assert chart["mark"] == ({"share": 0.75, "text": "75 %"} if step is Step.COURT_NOTICE else None)


def test_those_with_a_text_are_compared_with_those_without() -> None:
    table = answers.comparison_table(a_year(held_out=True), TERMS)
    assert len(table.rows) == len(TERMS.answer_days) * 4
    assert all(isinstance(row[-1], Difference) for row in table.rows)


def test_months_without_a_comparison_group_are_not_compared() -> None:
    with_group = figures(lot__march__texted__7__of=50, lot__march__held_out__7__of=10)
    without = figures(lot__april__texted__7__of=1000)
    table = answers.comparison_table([with_group, without], TERMS)
    assert table.rows[0][2] == Rate(0, 50)


def test_a_comparison_group_of_a_few_is_not_shown() -> None:
    assert not answers.comparison_table([figures(lot__m__texted__7__of=50, lot__m__held_out__7__of=4)], TERMS).rows


def test_debts_by_area_and_age_with_every_total() -> None:
    counts = {"debtors__north__18-29": 6, "debtors__north__65+": 7, "debtors__east__18-29": 8, "debtors__east__65+": 9}
    table = debts.debts_table([figures(**counts)], "debtors", 5)
    assert cells(table, "Everyone", "Everyone") == ["30"]
    assert [cells(table, "North", "Everyone"), cells(table, "Everyone", "18-29")] == [["13"], ["14"]]


def test_the_euros_of_a_few_are_not_shown_either() -> None:
    counts = {"debtors__north__18-29": 4, "debt__north__18-29": 500000, "debtors__north__65+": 9, "debt__north__65+": 1}
    table = debts.debts_table([figures(**counts)], "debt", 5)
    assert cells(table, "North", "18-29") == cells(table, "North", "65+") == [HIDDEN]
    assert cells(table, "Everyone", "Everyone") == ["5,000.01"]


def test_a_month_that_could_not_be_compared_has_no_newcomers() -> None:
    first = figures().model_copy(update={"month": MARCH.model_copy(update={"since": None})})
    assert debts.movement_table([first, figures(**{"newcomers__north__65+": 7})], 5).rows == (("2026-03", 7, 0),)


@pytest.mark.parametrize(
    ("cents", "short"),
    [
        (0, "0"),
        (99_949, "999"),
        (100_000, "1.0k"),
        (945_100, "9.5k"),
        (994_900, "9.9k"),
        (995_000, "10k"),
        (99_949_900, "999k"),
        (99_950_000, "1.0M"),
    ],
)
def test_euros_where_there_is_little_room(cents: int, short: str) -> None:
    assert debts.in_short(cents) == short


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("step", set(Step) - {Step.NONE}),
        ("status", set(Status)),
        ("run", set(RunStatus)),
        ("held", set(Guard)),
        ("stage", set(course.STAGES)),
        # What speaks for a step, and letters alone, never stands in the way of a text.
        (
            "reason",
            set(Reason)
            - {
                Reason.NO_DEBT,
                Reason.AREA_IN_ROLLOUT,
                Reason.SMALL_DEBT,
                Reason.RENT_MULTIPLE,
                Reason.DEDUCTIBLE_MULTIPLE,
            }
            - {Reason.NOT_REMINDED, Reason.TIME_TO_ANSWER, Reason.FEE_TOO_EARLY, Reason.CONTACTED, Reason.COURT_OPENED}
            - {
                Reason.REMINDER_UNANSWERED,
                Reason.AGREEMENT_BROKEN,
                Reason.LETTER_UNANSWERED,
                Reason.WARNING_UNANSWERED,
            },
        ),
    ],
)
def test_every_code_that_may_be_seen_has_words(kind: str, codes: set[str]) -> None:
    assert codes <= set(_words()[kind])


def test_a_code_without_words_is_still_readable() -> None:
    assert said("status", "SOMETHING_NEW") == "something new"


def test_days_are_said_as_people_say_them() -> None:
    assert day_said(date(2026, 3, 5)) == "5 March 2026"


def test_the_made_up_year_has_every_kind_of_message() -> None:
    assert set(answers.kinds(a_year(), TERMS)) > MESSAGES


def test_what_waits_for_people_is_shown_unless_it_is_small_or_gives_something_small_away() -> None:
    delivered = {"messages__sms_reminder__DELIVERED": 9, "unknown__sms_reminder": 7}
    many = figures(messages__sms_reminder__UNKNOWN=7, numbers__no_mobile=6, numbers__dead=2, **delivered)
    assert [row[1:] for row in messages.waiting_table(many, 5).rows] == [
        ("a text did not arrive: the number is dead", None),
        ("no usable mobile number", 6),
        ("Text message", 7),
    ]
    few = figures(messages__sms_reminder__UNKNOWN=3, **delivered)
    assert [row[2] for row in messages.waiting_table(few, 5).rows] == [None]


def test_a_lot_that_is_counted_over_two_months_adds_up() -> None:
    counts = {name("lot", "2026-03", lot, "7", what): n for lot in ("texted", "held_out") for what, n in LOT.items()}
    both = [figures().model_copy(update={"counts": counts}) for _ in range(2)]
    rates = [row[2:4] for row in answers.comparison_table(both, TERMS).rows]
    assert rates == [(Rate(2 * LOT.get(what, 0), 40),) * 2 for what in ("contacted", "agreed", "paid", "answered")]


@pytest.mark.parametrize(
    ("unknown", "impossible", "together"),
    [(3, 0, None), (2, 2, None), (3, 3, "22"), (3, 9, None), (9, 9, "34")],
)
def test_what_is_hidden_alone_or_is_too_small_together_takes_the_total_with_it(
    unknown: int, impossible: int, together: str | None
) -> None:
    kinds = {"UNKNOWN": unknown, "IMPOSSIBLE": impossible}
    told = {f"messages__sms_reminder__{status}": count for status, count in kinds.items() if count}
    table = messages.messages_table(figures(messages__sms_reminder__DELIVERED=16, **told), 5)
    assert cells(table, "Text message", "together") == [together or HIDDEN]


@pytest.mark.parametrize(
    ("code", "said_so"),
    [("all", "Everyone"), ("unknown", "Not known"), ("north", "North"), ("city_centre", "City centre")],
)
def test_an_area_and_an_age_group_are_said_in_words(code: str, said_so: str) -> None:
    assert place(code) == said_so
