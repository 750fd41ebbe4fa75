"""The landlord's rent ledger in a simulated year: made-up people who live, move and answer, and its nightly exports."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

from arrears.model import Step
from tests.local import habits
from tests.local.brakes import a_hundred_times_too_much, every_number_the_same, half_the_rows
from tests.local.homes import AREAS
from tests.local.portfolio import Portfolio
from tests.simulator.scenario import Scenario, Trouble

Rows = list[dict[str, Any]]
SPOILED = (a_hundred_times_too_much, half_the_rows, every_number_the_same)
KEPT = 12  # evenings


class Books:
    """The books evening by evening."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        with risky() if scenario.intense else nullcontext():
            self._portfolio = Portfolio(scenario.tenancies, scenario.seed, scenario.first - timedelta(days=1))
        self._evenings: dict[str, Rows] = {}
        self._moves = cache(self._move_of)

    def evening(self, day: date) -> Rows:
        """Everybody, as the books stand that evening; the past is remembered for a while."""
        name = f"{day}"
        if name not in self._evenings:
            self._portfolio.advance(day)
            rows = [row for row in self._portfolio.export(day, everyone=True) if self._lives(row)]
            self._evenings[name] = [self._moved(row, day) for row in rows]
            for old in list(self._evenings)[:-KEPT]:
                del self._evenings[old]
        return self._evenings[name]

    def owing(self, name: str) -> Rows:
        """Those of that evening who owe or are in court."""
        return [row for row in self._evenings[name] if row["open_items"] or row["court"]]

    def spoiled(self, day: date) -> Rows:
        """An export of that evening that went wrong."""
        wrong = self._scenario.dice("spoiled", day).one_of(SPOILED)
        return wrong(deepcopy(self.evening(day)), [])

    def hear(self, step: Step, tenancy_id: str, on: date) -> None:
        """A message arrived; what people do about it comes on later days."""
        self._portfolio.react(step, tenancy_id, on)

    def _lives(self, row: dict[str, Any]) -> bool:
        return self._scenario.flats is None or flat_of(row["tenancy_id"]) in self._scenario.flats

    def _moved(self, row: dict[str, Any], day: date) -> dict[str, Any]:
        """Every fifth tenancy has another number or another area from some month on; every ninth flat has the number
        of the flat before it."""
        if Trouble.MOVES not in self._scenario:
            return row
        flat = flat_of(row["tenancy_id"])
        since, area = self._moves(flat)
        if since and day >= since:
            if area:
                row["area"] = area
            else:
                row["tenants"][0]["phone"] = f"045 77{flat:05}"
        if flat % 9 < 2:
            row["tenants"][0]["phone"] = f"040 88{flat // 9:05}"
        return row

    def _move_of(self, flat: int) -> tuple[date | None, str | None]:
        """Since when a flat's people have another number, or its flat another area, if ever."""
        dice = self._scenario.dice("moves", flat)
        if not dice.chance(0.2):
            return None, None
        since = self._scenario.first + timedelta(days=dice.between(10, 350))
        return since, dice.one_of(list(AREAS)) if dice.chance(0.5) else None


@contextmanager
def risky() -> Iterator[None]:
    """A world of people who come into debt easily."""
    with patch.object(habits, "risk", lambda area, age: 4.5):
        yield


def flat_of(tenancy_id: str) -> int:
    """The number of a tenancy's flat."""
    return int(tenancy_id.partition("-")[0])
