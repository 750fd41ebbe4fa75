"""Twelve months of one tenancy on the real errands, from the first silence to a person's hands."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from arrears.calendar import clear_days, due_day, is_working_day
from arrears.ledger import Row
from arrears.model import LETTERS, Step
from tests.local.timeline import BEHAVIOURS, timeline, year

Year = list[tuple[date, Decimal, Row]]


@pytest.fixture(scope="module")
def years() -> dict[str, Year]:
    """The year of every behaviour, lived once."""
    return {name: list(year(name)) for name in BEHAVIOURS}


def steps(lived: Year) -> list[Step]:
    """What was done, in order."""
    return [row.key.step for _, _, row in lived]


def test_silence_leads_from_text_to_letter_to_warning_and_then_to_a_person(years: dict[str, Year]) -> None:
    first = list(dict.fromkeys(steps(years["never pays"])))
    ladder = [Step.SMS_REMINDER, Step.COLLECTION_LETTER, Step.COURT_WARNING_LETTER, Step.HAND_TO_PERSON]
    assert first == ladder


def test_after_the_last_warning_the_machine_writes_no_more(years: dict[str, Year]) -> None:
    done = steps(years["never pays"])
    assert set(done[done.index(Step.HAND_TO_PERSON) :]) == {Step.HAND_TO_PERSON}


def test_who_pays_late_but_pays_gets_texts_and_never_a_letter(years: dict[str, Year]) -> None:
    assert set(steps(years["pays late"])) == {Step.SMS_REMINDER}


def test_a_broken_agreement_is_met_by_its_own_letter_before_anything_else(years: dict[str, Year]) -> None:
    done = steps(years["agrees and breaks it"])
    assert done[done.index(Step.COLLECTION_LETTER) + 1] is Step.AGREEMENT_BROKEN_LETTER


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_no_month_has_two_texts(years: dict[str, Year], name: str) -> None:
    months = [day.strftime("%Y-%m") for day, _, row in years[name] if row.key.step is Step.SMS_REMINDER]
    assert len(months) == len(set(months))


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_letters_keep_fourteen_clear_days_and_leave_on_working_days(years: dict[str, Year], name: str) -> None:
    letters = [(day, row) for day, _, row in years[name] if row.key.step in LETTERS]
    for (earlier, _), (later, _) in pairwise(letters):
        assert clear_days(earlier, later) >= 14
    for day, row in letters:
        assert is_working_day(day)
        assert row.fee_month is not None
        assert clear_days(due_day(date.fromisoformat(f"{row.fee_month}-04")), day) >= 14


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_fees_of_a_year_stay_under_the_legal_cap(years: dict[str, Year], name: str) -> None:
    assert sum(row.fee or 0 for _, _, row in years[name]) <= Decimal("210.00")


def test_the_year_can_be_read_as_a_timeline() -> None:
    lines = timeline("pays late")
    assert lines[0].startswith("A tenant who pays late")
    assert len(lines) == 13
    assert "sms_reminder" in lines[1]
