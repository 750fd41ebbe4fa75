"""What every sender asks when it looks again, just before anything leaves."""

from datetime import date, datetime, time, timedelta

from arrears.calendar import DAY, HELSINKI, month_of
from arrears.ledger import Row, case_of
from arrears.model import Decision, Step
from arrears.policy import Policy
from arrears.ports import Seen
from arrears.rules import decide


def is_over(row: Row, today: date) -> bool:
    """Whether the case's period has passed. A court notice has no month: the judgement says when it is no news."""
    return row.key.step is not Step.COURT_NOTICE and row.key.period != month_of(today)


def on_old_books(seen: Seen, policy: Policy, now: datetime) -> bool:
    """Whether the ledger day that a look rests on is too long ago: who has paid since must not be written to (AHVL
    s. 35). A run may be halted for days, or the nights' exports stay away, while its cases wait."""
    if seen.snapshot is None:
        return False
    day_over = datetime.combine(seen.snapshot.as_of + DAY, time(0), HELSINKI)
    return now - day_over > timedelta(hours=policy.guards.snapshot_hours)


def judge_again(seen: Seen, today: date, policy: Policy) -> Decision | None:
    """The same judgement on the facts of now; None for a tenancy that has left the ledger: it owes nothing."""
    if seen.snapshot is None or seen.row is None:
        return None
    case = case_of(seen.snapshot, (), seen.standing)
    return decide(case.model_copy(update={"history": seen.row.history}), policy, today)


def why_not(decision: Decision | None) -> str:
    """The reason for standing down, as codes."""
    if decision is None:
        return "no_debt"
    return ",".join(decision.reasons) if decision.step is Step.NONE else f"now_{decision.step}"
