"""The landlord's rent ledger in a simulated year: made-up people who live, move and answer, and its nightly exports."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple
from unittest.mock import patch

from pydantic_core import from_json, to_json

from arrears.model import Step
from tests.local import habits
from tests.local.brakes import a_hundred_times_too_much, every_number_the_same, half_the_rows
from tests.local.homes import AREAS
from tests.local.portfolio import Portfolio
from tests.local.tenancy import Tenancy, euros
from tests.simulator.scenario import Scenario, Trouble
from tests.world import export_of

Rows = list[dict[str, Any]]
SPOILED = (a_hundred_times_too_much, half_the_rows, every_number_the_same)
KEPT = 12  # evenings
DAY = b'"as_of":"'
LENGTH = len("2025-07-01")


class Shown(NamedTuple):
    """A tenancy's row, its line in an export before and after the day, and what is unpaid in it, in cents. They stay
    as they are for as long as the facts do; the row's own day is the one on which it was first shown."""

    facts: tuple[object, ...]
    row: dict[str, Any]
    before: bytes
    after: bytes
    unpaid: int


class Books:
    """The books evening by evening."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        with risky() if scenario.intense else nullcontext():
            self._portfolio = Portfolio(scenario.tenancies, scenario.seed, scenario.first - timedelta(days=1))
        self._evenings: dict[str, list[Shown]] = {}
        self._shown: dict[str, Shown] = {}
        self._owing = lru_cache(KEPT)(self._owing_on)
        self._moves = cache(self._move_of)

    def live(self, day: date) -> None:
        """Everybody lives on until that evening; the past is remembered for a while."""
        name = f"{day}"
        if name not in self._evenings:
            self._portfolio.advance(day)
            self._evenings[name] = [
                self._show(one, day) for one in self._portfolio.on_the_books(day) if self._lives(one)
            ]
            for old in list(self._evenings)[:-KEPT]:
                del self._evenings[old]

    def owing(self, name: str) -> Rows:
        """Those of that evening who owe or are in court."""
        return self._owing(name)

    def export(self, day: date) -> bytes:
        """That evening's export: what `export_of` makes of everybody's rows."""
        shown, day_ = self._evenings[f"{day}"], f"{day}".encode()
        unpaid = sum([one.unpaid for one in shown])
        manifest = {"as_of": f"{day}", "rows": len(shown), "debt_total": euros(unpaid)}
        parts = [part for one in shown for part in (one.before, day_, one.after)]
        return b"".join([to_json({"manifest": manifest}), b"\n", *parts])

    def spoiled(self, day: date) -> bytes:
        """An export of that evening that went wrong."""
        wrong = self._scenario.dice("spoiled", day).one_of(SPOILED)
        rows = from_json(to_json([one.row for one in self._evenings[f"{day}"]]))
        return export_of(day, wrong(rows, []))

    def hear(self, step: Step, tenancy_id: str, on: date) -> None:
        """A message arrived; what people do about it comes on later days."""
        self._portfolio.react(step, tenancy_id, on)

    def _owing_on(self, name: str) -> Rows:
        shown = [one.row for one in self._evenings[name]]
        return [row | {"as_of": name} for row in shown if row["open_items"] or row["court"]]

    def _lives(self, tenancy: Tenancy) -> bool:
        return self._scenario.flats is None or flat_of(tenancy.tenancy_id) in self._scenario.flats

    def _show(self, tenancy: Tenancy, day: date) -> Shown:
        since, area, phones = self._moves(tenancy.tenancy_id)
        moved = since is not None and day >= since
        facts = *tenancy.facts(), moved
        known = self._shown.get(tenancy.tenancy_id)
        if known is None or known.facts != facts:
            row = tenancy.row(day)
            if moved and area:
                row["area"] = area
            if phone := phones[moved]:
                row["tenants"][0]["phone"] = phone
            known = self._shown[tenancy.tenancy_id] = shown(facts, row)
        return known

    def _move_of(self, tenancy_id: str) -> tuple[date | None, str | None, tuple[str | None, str | None]]:
        """Since when a flat's people have another number, or its flat another area, if ever: every fifth tenancy; and
        the number before and since. Every ninth flat has the number of the flat before it."""
        flat = flat_of(tenancy_id)
        if Trouble.MOVES not in self._scenario:
            return None, None, (None, None)
        shared = f"040 88{flat // 9:05}" if flat % 9 < 2 else None
        dice = self._scenario.dice("moves", flat)
        if not dice.chance(0.2):
            return None, None, (shared, shared)
        since = self._scenario.first + timedelta(days=dice.between(10, 350))
        area = dice.one_of(list(AREAS)) if dice.chance(0.5) else None
        return since, area, (shared, shared if shared or area else f"045 77{flat:05}")


def shown(facts: tuple[object, ...], row: dict[str, Any]) -> Shown:
    """The row as it is shown from now on."""
    line = to_json(row) + b"\n"
    day = line.index(DAY) + len(DAY)
    unpaid = sum(int(item["unpaid"].replace(".", "")) for item in row["open_items"])
    return Shown(facts, row, line[:day], line[day + LENGTH :], unpaid)


@contextmanager
def risky() -> Iterator[None]:
    """A world of people who come into debt easily."""
    with patch.object(habits, "risk", lambda area, age: 4.5):
        yield


def flat_of(tenancy_id: str) -> int:
    """The number of a tenancy's flat."""
    return int(tenancy_id.partition("-")[0])
