"""When the ledger was looked at: the days' runs, each with the ledger day that its snapshot showed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from arrears.calendar import DAY, days_between, is_working_day
from arrears.guards import Guard
from arrears.ledger import Run, RunStatus
from arrears.outcomes.figures import HeldRun, Month
from arrears.policy import Policy
from arrears.ports import Runs

_CODES = frozenset({*Guard, "approval", "snapshot_changed", "plan_changed", "plan_expired"})


class Look(NamedTuple):
    """One day's run: its name, and the snapshot it looked at, whose name begins with its ledger day."""

    run: str
    version: str

    @property
    def ledger_day(self) -> date:
        """The day that the snapshot showed."""
        return date.fromisoformat(self.version[:10])


@dataclass(frozen=True, slots=True)
class Looks:
    """A month, the looks that its report needs, the oldest first, and the months on its page."""

    month: Month
    looks: tuple[Look, ...]
    months: tuple[str, ...]

    @classmethod
    def of(cls, name: str, runs: Runs, policy: Policy) -> "Looks | None":
        """The looks of that month and of the days before it that a message's answer may lie in; None without any."""
        first, last = ends_of(name)
        found = [
            Look(f"{day}", run.snapshot)
            for day in days_between(first - timedelta(days=31 + max(policy.report.answer_days)), last)
            if is_working_day(day) and (run := runs.run(f"{day}")) and run.status is not RunStatus.PLANNING
        ]
        here = [look for look in found if look.run.startswith(name)]
        before = [look for look in found if f"{first - DAY:%Y-%m}" == look.run[:7]]
        if not here:
            return None
        planned = runs.run(name)
        month = Month(
            name=name,
            until=max(look.ledger_day for look in here),
            since=max((look.ledger_day for look in before), default=None),
            planned_on=planned.day if planned else None,
        )
        return cls(month, tuple(found), tuple(months_until(last, policy.report.months)))

    @property
    def versions(self) -> tuple[str, ...]:
        """The snapshots from the one that the month before ended with to the one that this month ended with."""
        since = self.month.since or date.min
        return tuple(dict.fromkeys(look.version for look in self.looks if look.ledger_day >= since))


def held_runs(looks: Looks, runs: Runs) -> tuple[HeldRun, ...]:
    """The month's runs that had to wait or were stopped, and why; who did it is not told."""
    names = [looks.month.name, *(look.run for look in looks.looks if look.run.startswith(looks.month.name))]
    return tuple(held for name in names if (run := runs.run(name)) and (held := held_run(run)))


def held_run(run: Run) -> HeldRun | None:
    """What held or stopped a run; None when nothing did."""
    said = [_of_reason(why) for why in run.why] + [_of_event(event) for event in run.events]
    why = tuple(dict.fromkeys(code for code in said if code))
    return HeldRun(run=run.run, status=run.status, why=why) if why else None


def _of_reason(why: str) -> str | None:
    """What a sentence begins with: the guard that said it; a person's own words are not repeated."""
    code = why.split(":")[0]
    return code if code in _CODES else "person" if code.startswith("held by ") else None


def _of_event(event: str) -> str | None:
    """What an event says of the run's being stopped: by a person, by the provider's answers, by time."""
    if " halted by " in event:
        return "halted"
    if event.startswith("provider: ") or event.endswith(("stop the run.", "stops the run.")):
        return "failing"
    return event if event in _CODES else None


def months_until(day: date, number: int) -> list[str]:
    """So many months up to the one of that day, the oldest first."""
    latest = day.year * 12 + day.month - 1
    return [f"{month // 12}-{month % 12 + 1:02}" for month in range(latest - number + 1, latest + 1)]


def ends_of(month: str) -> tuple[date, date]:
    """The first and the last day of a month."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - DAY
