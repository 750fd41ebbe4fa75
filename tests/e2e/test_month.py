"""A month of tenancies on the deployed stack, each door under its own role; and what is left of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from arrears.ledger import RunStatus, Status
from tests.e2e import aftermath
from tests.e2e.aftermath import CHECKS, Aftermath, Check
from tests.e2e.month import Month
from tests.e2e.stack import Stack

pytestmark = pytest.mark.deployed


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_month_left_nothing_to_complain_of(after: Aftermath, check: Check) -> None:
    assert list(check(after)) == []


def test_every_export_was_taken_whole(month: Month) -> None:
    reports = [answer for what, answer in month.answers.items() if what.startswith("import")]
    assert [(report["refused"], report["rejected_rows"]) for report in reports] == [(None, 0), (None, 0)]


def test_a_first_run_waited_for_a_person(month: Month) -> None:
    assert month.answers["select_tenants"]["status"] == "HELD"


def test_an_export_that_does_not_agree_with_its_manifest_is_refused(stack: Stack, month: Month) -> None:
    last = month.exports[-1]
    short = b"".join(last.read_bytes().splitlines(keepends=True)[:-1])
    assert stack.drop(last.name, short)["refused"] is not None


def row_changed(which: Callable[[Any], bool], **changes: Any) -> Callable[[Aftermath], Aftermath]:
    """Another world, in which the first such row is different."""

    def change(after: Aftermath) -> Aftermath:
        place = next(place for place, row in enumerate(after.rows) if which(row))
        changed = after.rows[place].model_copy(update=changes)
        return replace(after, rows=[*after.rows[:place], changed, *after.rows[place + 1 :]])

    return change


def stood_down(row: Any) -> bool:
    """Whether the row was no longer due when it was looked at again."""
    return row.status is Status.STOOD_DOWN


# Each line is a world with one thing wrong; the check that must notice is named first.
SPOILT: list[tuple[Check, str, Callable[[Aftermath], Aftermath]]] = [
    (
        aftermath.as_decided,
        "somebody was forgotten",
        lambda after: replace(after, rows=[row for row in after.rows if not stood_down(row)]),
    ),
    (aftermath.once, "a text left twice", lambda after: replace(after, taken=[*after.taken, after.taken[0]])),
    (aftermath.once, "a text was lost", lambda after: replace(after, taken=after.taken[1:])),
    (
        aftermath.one_a_number,
        "two flats, one number",
        lambda after: replace(after, taken=[*after.taken, replace(after.taken[0], reference="another")]),
    ),
    (
        aftermath.fit_to_leave,
        "a sum in a text",
        lambda after: replace(after, taken=[replace(after.taken[0], text="Hei! Velkasi on 812,40 euroa. Heka")]),
    ),
    (aftermath.news_heeded, "who had paid was texted", row_changed(stood_down, status=Status.DELIVERED)),
    (aftermath.nobody_waits, "a case was left behind", row_changed(stood_down, status=Status.PLANNED)),
    (
        aftermath.letters_drawn,
        "a letter was lost",
        lambda after: replace(after, letters=dict([*after.letters.items()][1:])),
    ),
    (
        aftermath.letters_drawn,
        "a letter was printed twice",
        lambda after: replace(after, batches=[*after.batches, "again"]),
    ),
    (
        aftermath.runs_done,
        "a run never ended",
        lambda after: replace(after, runs=[after.runs[0].model_copy(update={"status": RunStatus.APPROVED})]),
    ),
    (aftermath.receipts_recorded, "a forger was believed", lambda after: replace(after, forged=[204])),
    (
        aftermath.receipts_recorded,
        "a receipt was lost",
        lambda after: replace(after, told=after.told + Counter(["FAILED"])),
    ),
    (aftermath.nothing_dead, "a message was given up", lambda after: replace(after, dead={"NoticesDlq": 1})),
    (
        aftermath.quiet_logs,
        "a log names a tenant",
        lambda after: replace(after, logs={"send_notice": [f"to {min(after.people)}"]}),
    ),
    (aftermath.quiet_logs, "a door never opened", lambda after: replace(after, logs={"send_notice": []})),
    (aftermath.report_published, "no report", lambda after: replace(after, report={})),
]


@pytest.mark.parametrize(("check", "what", "spoil"), SPOILT, ids=[what for _, what, _ in SPOILT])
def test_a_month_that_went_wrong_is_noticed(
    after: Aftermath, check: Check, what: str, spoil: Callable[[Aftermath], Aftermath]
) -> None:
    assert list(check(spoil(after))), what
