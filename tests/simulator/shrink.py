"""A year that went wrong, made smaller: fewer months, fewer troubles, fewer tenancies, fewer faults, the same harm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tests.simulator.checker import check
from tests.simulator.scenario import Scenario, Trouble
from tests.simulator.year import Lived, live

T = TypeVar("T")
TRIES = 400


@dataclass
class Shrinking:
    """One search. `promise` is the one that was broken; a smaller year counts when it breaks the same."""

    promise: str
    tries: int = 0
    found: list[str] = field(default_factory=list)

    def breaks(self, scenario: Scenario) -> bool:
        """Whether the scenario's year breaks the same promise."""
        if self.tries >= TRIES:
            return False
        self.tries += 1
        harms = [harm for harm in check(live(scenario).history) if harm.split()[0] == self.promise]
        self.found = harms or self.found
        return bool(harms)


def shrunk(lived: Lived, harms: Sequence[str]) -> tuple[Scenario, list[str]]:
    """The smallest year found in which the first of the harms still comes about, and its harms."""
    search, small = Shrinking(harms[0].split()[0], found=list(harms)), lived.scenario
    months = range(1, small.months)
    small = next((less for n in months if search.breaks(less := replace(small, months=n))), small)
    kept = fewer(sorted(small.troubles), lambda some: search.breaks(with_troubles(small, some)))
    small = with_troubles(small, kept)
    flats = sorted(small.flats or range(1, small.tenancies + 1))
    kept_flats = fewer(flats, lambda some: search.breaks(replace(small, flats=frozenset(some))))
    small = replace(small, flats=frozenset(kept_flats))
    faults = live(small).faults
    kept_faults = fewer(faults, lambda some: search.breaks(replace(small, faults=frozenset(some))))
    small = replace(small, faults=frozenset(kept_faults))
    return small, check(live(small).history)


def with_troubles(scenario: Scenario, troubles: Sequence[Trouble]) -> Scenario:
    """The same world with those troubles alone."""
    return replace(scenario, troubles=frozenset(troubles))


def fewer(things: Sequence[T], enough: Callable[[Sequence[T]], bool]) -> Sequence[T]:
    """As few of them as still are enough: half of what is left is taken away at a time, then a quarter, then each."""
    size = len(things)
    while size:
        start = 0
        while start < len(things):
            rest = [*things[:start], *things[start + size :]]
            if enough(rest):
                things = rest
            else:
                start += size
        size //= 2
    return things
