"""A ledger as files: lines of any kind in any order, put in the order of tenancies on the disk."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Self

from arrears.calendar import DAY, month_of
from arrears.ledger import Row, Run, case_of, is_month
from arrears.model import Decision, Snapshot
from arrears.outcomes.figures import Figures, HeldRun, Month
from arrears.outcomes.lives import Told, booked_by
from arrears.policy import Policy
from arrears.rules import decide
from arrears.scratch import scratch
from arrears.work.report.filed_lines import History, fact_of, row_of
from arrears.work.report.looks import held_run


class Filed:
    """Everything that the files say, on the disk; only what is asked for comes into memory."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._rows, self.runs, self.figures = database, dict[str, Run](), dict[str, Figures]()
        database.execute("CREATE TABLE told (tenancy_id TEXT, kind TEXT, day TEXT, line BLOB)")

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """An empty one, gone afterwards."""
        with scratch() as database:
            yield cls(database)

    def add(self, line: bytes, folder: str = "") -> None:
        """One line of a file in that folder. Raises NotOurs for one that is none of the kinds."""
        match fact_of(line):
            case Row(key=key, on=on):
                self._put(key.tenancy_id, "row", on, line)
            case History(tenancy_id=tenancy_id, on=on) as past:
                self._put(tenancy_id, "row", on, row_of(past).model_dump_json().encode())
            case Decision(tenancy_id=tenancy_id, on=on):
                self._put(tenancy_id, "planned" if is_month(folder) else "decision", on, line)
            case Snapshot(tenancy_id=tenancy_id, as_of=as_of):
                self._put(tenancy_id, "export", as_of, line)
            case Run() as run:
                self.runs[run.run] = run
            case Figures() as figures:
                self.figures[figures.month.name] = figures

    def months(self) -> list[str]:
        """Every month that something was sent, decided or kept in."""
        found = self._rows.execute("SELECT DISTINCT substr(day, 1, 7) FROM told")
        return sorted({name for (name,) in found} | set(self.figures))

    def month(self, name: str) -> Month:
        """What the files have of a month."""
        if kept := self.figures.get(name):
            return kept.month
        looks = self._looks()
        here = [day for on, day in looks.items() if month_of(on) == name]
        before = [day for on, day in looks.items() if month_of(on) == month_of(date.fromisoformat(f"{name}-01") - DAY)]
        planned = [on for on in self._days("planned", "decision") if month_of(on) == name]
        run = self.runs.get(name)
        anything = self._days("row", "planned", "decision", "export")
        return Month(
            name=name,
            until=max(here or [day for day in anything if month_of(day) == name]),
            since=max(before, default=None),
            planned_on=run.day if run else min(planned, default=None),
        )

    def looked(self, month: Month, policy: Policy) -> list[date]:
        """The banking days on which the ledger was looked at, as far back as the month's answers may lie."""
        return sorted({booked_by(day) for day in self._looks().values() if _oldest(month, policy) <= day})

    def held(self, name: str) -> tuple[HeldRun, ...]:
        """The month's runs that had to wait or were stopped."""
        runs = (run for key, run in sorted(self.runs.items()) if key.startswith(name))
        return tuple(held for run in runs if (held := held_run(run)))

    def told(self, month: Month, policy: Policy) -> Iterator[Told]:
        """Everything about the month and the days before it that its answers may lie in, tenancy by tenancy."""
        looks, decided, planned = self._looks(), bool(self._days("decision")), bool(self._days("planned"))
        query = "SELECT tenancy_id, kind, day, line FROM told WHERE kind = 'row' OR day >= ? ORDER BY tenancy_id, kind"
        for tenancy_id, kind, on, line in self._rows.execute(query, (f"{_oldest(month, policy)}",)):
            day = date.fromisoformat(on)
            if kind == "row":
                yield Told(tenancy_id, (Row.model_validate_json(line),))
            elif kind == "export" and day <= month.until:
                snapshot = Snapshot.model_validate_json(line)
                yield Told(tenancy_id, snapshot, day)
                if not decided:
                    yield Told(tenancy_id, decide(case_of(snapshot, ()), policy, day + DAY), day)
            elif kind != "export":
                decision = Decision.model_validate_json(line)
                if day == month.planned_on and (kind == "planned" or not planned):
                    yield Told(tenancy_id, decision, planned=True)
                if kind == "decision" and looks[day] <= month.until:
                    yield Told(tenancy_id, decision, looks[day])

    def _looks(self) -> dict[date, date]:
        """The days on which somebody looked, each with the ledger day they saw: the export before it, else the day
        before. Without decisions each export is a look."""
        exports = self._days("export")
        if decided := self._days("decision"):
            return {on: max((day for day in exports if day < on), default=on - DAY) for on in decided}
        return {day + DAY: day for day in exports}

    def _days(self, *kinds: str) -> list[date]:
        named = "SELECT DISTINCT day FROM told WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY day"
        found = self._rows.execute(named, [json.dumps(kinds)])
        return [date.fromisoformat(day) for (day,) in found]

    def _put(self, tenancy_id: str, kind: str, day: date, line: bytes) -> None:
        self._rows.execute("INSERT INTO told VALUES (?, ?, ?, ?)", (tenancy_id, kind, f"{day}", line))


def _oldest(month: Month, policy: Policy) -> date:
    return (month.since or date.fromisoformat(f"{month.name}-01")) - timedelta(days=31 + max(policy.report.answer_days))
