"""What the hourly errand looks at so that silence is heard: a run that never came, receipts that stopped."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from arrears.calendar import helsinki_day, month_of
from arrears.ledger import Run, RunStatus

TICKED_BY = 14  # the monthly tick comes on the weekday nearest the 12th, the 13th at the latest
RECEIPTS_COME = timedelta(hours=6)  # most come within minutes; phones that are off keep theirs for days
ENOUGH = 10  # answers below which a share says nothing
NEVER_WENT = frozenset({RunStatus.PLANNING, RunStatus.EXPIRED})
STANDS = frozenset({RunStatus.HELD, RunStatus.HALTED})


def monthly_run_missing(runs: Iterable[Run], now: datetime) -> bool:
    """Whether the month's run should have been made by now, and was not."""
    today = helsinki_day(now)
    went = any(run.run == month_of(today) and run.status not in NEVER_WENT for run in runs)
    return today.day >= TICKED_BY and not went


def stopped_runs(runs: Iterable[Run], now: datetime) -> int:
    """How many runs of this month and the last days wait for a person's word. An older month's is over anyway."""
    month = month_of(helsinki_day(now))
    return sum(run.status in STANDS for run in runs if run.run == month or not run.monthly)


def permanent_failures_percent(runs: Iterable[Run]) -> float:
    """The highest share of numbers refused for good in any of the runs."""
    return max((100 * run.rejected / run.claimed for run in runs if run.claimed >= ENOUGH), default=0.0)


def receipts_missing_percent(runs: Iterable[Run], silent: Mapping[str, int]) -> float:
    """The highest share of messages, in any of the runs, of which the provider has told nothing for hours; how many
    those are of each run is `silent`."""
    return max((100 * silent.get(run.run, 0) / run.claimed for run in runs if run.claimed >= ENOUGH), default=0.0)
