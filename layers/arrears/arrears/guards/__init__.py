"""The brakes: before a run, is it like the last ones? While it goes out, a canary, and a breaker that stops it."""

from arrears.guards.likeness import Figures, Guard, Verdict, judge
from arrears.guards.waves import Tally, breaker, next_wave

__all__ = ["Figures", "Guard", "Tally", "Verdict", "breaker", "judge", "next_wave"]
