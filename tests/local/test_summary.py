import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from arrears.ledger import Row, Status
from arrears.model import Decision, Reason, Step
from tests.local.summary import summary, who_got_nothing
from tests.rows import a_key, a_row

FEBRUARY, MARCH = date(2026, 2, 12), date(2026, 3, 12)


def test_each_month_has_its_column_and_all_have_one_together() -> None:
    table = _table([_text(on=FEBRUARY), _text(on=FEBRUARY), _text(on=MARCH)])
    assert table["columns"] == ["2026-02", "2026-03", "together"]
    assert table["Text messages, selected"] == ["2", "1", "3"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.DELIVERED, "arrived"),
        (Status.UNDELIVERED, "did not arrive"),
        (Status.NO_RECEIPT, "nothing heard"),
        (Status.SENT, "on its way"),
    ],
)
def test_what_left_is_sent_whatever_became_of_it(status: Status, said: str) -> None:
    table = _table([_text(status=status)])
    assert table["sent"] == table[said] == ["1", "1"]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.OPEN, Status.CLOSED}))
def test_every_selected_case_is_on_a_line_that_says_how_it_ended(status: Status) -> None:
    table = _table([_text(status=status)])
    ends = {name: cells for name, cells in table.items() if name not in ("columns", "Text messages, selected")}
    assert table["Text messages, selected"] == ["1", "1"]
    assert ["1", "1"] in ends.values()


def test_who_stood_down_did_so_for_a_reason_in_words() -> None:
    paid = _text(status=Status.STOOD_DOWN, why="no_debt,not_reminded")
    shared = _text(status=Status.STOOD_DOWN, why="number_taken")
    table = _table([paid, paid, shared])
    assert table["stood down"] == ["3", "3"]
    assert table["paid meanwhile"] == ["2", "2"]
    assert table["another flat has the same number"] == ["1", "1"]


def test_fees_are_those_of_letters_that_left() -> None:
    letter = _of(Step.COLLECTION_LETTER)
    rows = [letter(status=Status.DELIVERED, fee="5.00"), letter(status=Status.SENT, fee="0.00")]
    assert _table([*rows, letter(status=Status.PLANNED, fee="5.00")])["fees, EUR"] == ["5.00", "5.00"]


def test_people_are_told_why_a_case_is_theirs() -> None:
    by_hand = _of(Step.HAND_TO_PERSON)
    table = _table([by_hand(status=Status.OPEN, reasons=(Reason.GUARDIAN,))])
    assert table["Handed to people"] == table["has a guardian"] == ["1", "1"]


def test_one_sentence_says_why_most_got_nothing_each_for_the_first_thing_in_its_way() -> None:
    texts = [_decision(Step.SMS_REMINDER, Reason.SMALL_DEBT)] * 3
    paid, agreed = (
        _decision(Step.NONE, Reason.NO_DEBT),
        _decision(Step.NONE, Reason.PAYMENT_AGREEMENT, Reason.NO_MOBILE),
    )
    assert who_got_nothing("2026-02", [*texts, paid, agreed, paid]) == (
        "February 2026: 6 tenancies were judged, 3 of them got nothing: "
        "owes nothing (2), a payment agreement holds (1)."
    )


def test_the_rarer_reasons_are_counted_together() -> None:
    whys = [Reason.NO_DEBT, Reason.DISPUTED, Reason.ON_HOLD, Reason.LEASE_ENDED, Reason.NO_CRITERION, Reason.NO_MOBILE]
    told = who_got_nothing("2026-03", [_decision(Step.NONE, why) for why in whys])
    assert told.startswith("March 2026: 6 tenancies were judged, 6 of them got nothing: ")
    assert told.endswith(", other reasons (2).")


def test_a_month_in_which_everybody_got_something_needs_no_reasons() -> None:
    told = who_got_nothing("2026-03", [_decision(Step.SMS_REMINDER, Reason.SMALL_DEBT)])
    assert told == "March 2026: 1 tenancies were judged, 0 of them got nothing."


def _decision(step: Step, *reasons: Reason) -> Decision:
    return Decision(tenancy_id="T-1", on=FEBRUARY, step=step, reasons=reasons, recipient=None, policy="2024-10-01")


def _of(step: Step) -> Callable[..., Row]:
    def row(**changes: Any) -> Row:
        return a_row(a_key(step=step), **({"on": FEBRUARY} | changes))

    return row


_text = _of(Step.SMS_REMINDER)


def _table(rows: list[Row]) -> dict[str, list[str]]:
    """The printed table: its columns, and the cells of each line."""
    printed = io.StringIO()
    Console(file=printed, width=200).print(summary(rows))
    lines = [line.strip("┃│ \n") for line in printed.getvalue().splitlines() if line[:1] in "┃│"]
    columns, *cells = [[part.strip() for part in line.replace("┃", "│").split("│")] for line in lines]
    return {"columns": columns} | {name: numbers for name, *numbers in cells}
