"""What comes next if nobody pays, agrees or makes contact: the same judgement, asked about the days ahead."""

from arrears.calendar import DAY, days_between
from arrears.model import Case, Decision, Outcome, Past, Step
from arrears.policy import Policy
from arrears.rules import decide

YEAR = 365 * DAY


def next_step(case: Case, policy: Policy, decision: Decision) -> Decision | None:
    """The first later day on which anything is due, taking today's step as done; None when nothing is within a year.

    Days of rest are not left out: a step that falls due on one leaves on the next day that it may.
    """
    if decision.step is not Step.NONE:
        done = Past(step=decision.step, on=decision.on, outcome=Outcome.SENT)
        case = case.model_copy(update={"history": (*case.history, done)})
    ahead = (decide(case, policy, day) for day in days_between(decision.on + DAY, decision.on + YEAR))
    return next((found for found in ahead if found.step is not Step.NONE), None)
