"""Would a run of this go out? The guards' answer, from files alone."""

from datetime import datetime

from arrears.guards import Figures, Guard, Verdict, judge
from arrears.intake import Report
from arrears.model import LETTERS, Step
from arrears.work.preview.counting import Counted


def verdicts(
    now: Counted, report: Report, before: tuple[Counted, Report] | None, moment: datetime
) -> tuple[Verdict, ...]:
    """What each guard says of the month's texts, and the daily cap of the day's letters and court notices.

    Without an earlier export there is no earlier run, and the first run always waits for a person.
    """
    here = _figures(now, report, moment)
    if before is None:
        return (*judge(here, [], now.policy, moment), _daily_cap(now))
    earlier, then = _figures(*before, moment), {line.key.tenancy_id for line in before[0].planned()}
    compared = here.model_copy(
        update={
            "known": len(now.sample.known_here(before[0].sample)),
            "missing": now.sample.missing(before[0].sample),
            "balance_ratio": now.sample.balance_ratio(before[0].sample, before[0].day),
            "new_cases": sum(line.key.tenancy_id not in then for line in now.planned()),
        }
    )
    return (*judge(compared, [earlier], now.policy, moment), _daily_cap(now))


def _figures(counted: Counted, report: Report, moment: datetime) -> Figures:
    if report.as_of is None:
        raise ValueError("an accepted export has a ledger day")
    return Figures(
        as_of=report.as_of,
        published_at=moment,
        rows=report.rows,
        debt_total=report.debt_total,
        manifest_rows=report.manifest_rows,
        manifest_debt_total=report.manifest_debt_total,
        people=counted.sample.people,
        numbers=counted.sample.numbers,
        selected=len(counted.planned()),
    )


def _daily_cap(counted: Counted) -> Verdict:
    """Letters and court notices have a cap of their own, a day's."""
    due = sum(number for step, number in counted.steps.items() if step in LETTERS or step is Step.COURT_NOTICE)
    most = counted.policy.guards.daily_cap
    told = f"{due:,} letters and court notices are due; the cap of one day is {most:,}."
    return Verdict(guard=Guard.CAP, passed=due <= most, sentence=told)
