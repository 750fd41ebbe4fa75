"""How a run is let out: a canary first, and a breaker that stops it by itself. Source: RELIABILITY, "Guards"."""

from dataclasses import dataclass
from decimal import ROUND_CEILING

from arrears.guards.shares import percent, share
from arrears.policy import Policy


@dataclass(frozen=True, slots=True)
class Tally:
    """The provider's answers in one run so far.

    `answers` counts them all; `unknown` those that left nobody knowing, server errors among them; `permanent` those
    that refused a number for good; `streak` how many unknown ones came last, with no other between them.
    """

    answers: int
    unknown: int
    permanent: int
    streak: int


def next_wave(total: int, released: int, policy: Policy, *, unknown: int = 0) -> int:
    """How many more cases of the run to let out: the first few, then up to a tenth of it, then all the rest. None
    while even one text is UNKNOWN, and none when all are out."""
    if unknown:
        return 0
    tenth = int((policy.run.canary_share * total).to_integral_value(ROUND_CEILING))
    waves = (min(policy.run.canary_first, total), tenth, total)
    return next((wave - released for wave in waves if wave > released), 0)


def breaker(tally: Tally, policy: Policy) -> str | None:
    """Why the run must stop now, in a sentence; None while it may go on."""
    terms = policy.guards
    if tally.streak >= terms.breaker_streak:
        return f"{tally.streak} answers in a row left nobody knowing; {terms.breaker_streak} stop the run."
    unknown = share(tally.unknown, tally.answers)
    if tally.answers >= terms.breaker_after and unknown >= terms.breaker_share:
        lost = f"{percent(unknown)} of {tally.answers:,} answers left nobody knowing"
        return f"{lost}; {percent(terms.breaker_share)} stops the run."
    # One wrong number among the very first is no sign of anything: the first wave is heard out.
    permanent = share(tally.permanent, tally.answers)
    if tally.answers >= policy.run.canary_first and permanent > terms.permanent_share:
        refused = f"{percent(permanent)} of {tally.answers:,} numbers were refused for good"
        return f"{refused}; more than {percent(terms.permanent_share)} stops the run."
    return None
