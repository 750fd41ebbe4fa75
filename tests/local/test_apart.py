from datetime import date
from pathlib import Path

import pytest

from arrears.calendar import days_between
from arrears.model import Step
from tests.local.apart import Apart
from tests.local.portfolio import DAY, Portfolio

FRIDAY, TUESDAY = date(2026, 2, 27), date(2026, 3, 3)
FLATS, SEED = 40, 21


def test_it_lives_and_exports_as_it_would_in_this_process(tmp_path: Path) -> None:
    here = Portfolio(FLATS, SEED, FRIDAY - DAY)
    with Apart(FLATS, SEED, FRIDAY - DAY) as apart:
        for day in days_between(FRIDAY, TUESDAY):
            for tenancy in [row["tenancy_id"] for row in here.export(here.today)]:
                for portfolio in (here, apart):
                    portfolio.react(Step.SMS_REMINDER, tenancy, day - DAY)
            assert apart.export() == here.export(here.today)
            if day.weekday() < 5:
                theirs = apart.write_export(tmp_path / "apart")
                assert (
                    theirs.read_bytes() == here.write_export(here.today, tmp_path / "here", everyone=True).read_bytes()
                )
            for portfolio in (here, apart):
                portfolio.advance(day)
    assert [file.name for file in sorted((tmp_path / "apart").iterdir())] == [
        "snapshot-2026-02-26.jsonl", "snapshot-2026-03-01.jsonl", "snapshot-2026-03-02.jsonl",
    ]  # fmt: skip


def test_no_export_comes_before_a_day_off(tmp_path: Path) -> None:
    with Apart(1, SEED, FRIDAY) as apart, pytest.raises(LookupError, match="no export comes after 2026-02-27"):
        apart.write_export(tmp_path)


def test_what_it_could_not_do_is_not_passed_over() -> None:
    with Apart(1, SEED, FRIDAY) as apart:
        apart.react(Step.SMS_REMINDER, "nobody's", FRIDAY)
        with pytest.raises(KeyError, match="nobody's"):
            apart.advance(FRIDAY + DAY)


def test_nor_what_it_could_not_do_on_the_last_day() -> None:
    with pytest.raises(KeyError, match="nobody's"), Apart(1, SEED, FRIDAY) as apart:
        apart.react(Step.SMS_REMINDER, "nobody's", FRIDAY)
