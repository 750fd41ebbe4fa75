"""A month's figures: all that the report shows of it, as counts that add up. Kept, so that twelve months add up too."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from arrears.model import Day, Facts

Counts = Counter[str]
AGES = ("18-29", "30-44", "45-64", "65+")
UNKNOWN = "unknown"
_BETWEEN = "|"


class Month(Facts):
    """What a month's report looks at. `until` is the last ledger day that the month's runs looked at, `since` that of
    the month before: whatever came to an end after the one and not after the other is counted in this month, once."""

    name: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    until: Day
    since: Day | None = None
    planned_on: Day | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is of this calendar month."""
        return f"{day:%Y-%m}" == self.name

    def ends_in(self, day: date) -> bool:
        """Whether what ends on that day is counted in this month's report."""
        return day <= self.until and (self.since is None or day > self.since)


class HeldRun(Facts):
    """A run that had to wait or was stopped: its name, where it stands now, and what held it."""

    run: str
    status: str
    why: tuple[str, ...]


class Figures(Facts):
    """One month, counted. Money is in cents. Kept whole: what is too small to be shown is hidden when it is shown."""

    month: Month
    policy: str
    made_on: Day
    held: tuple[HeldRun, ...] = ()
    counts: Mapping[str, int] = Field(default_factory=dict)

    def of(self, *key: str) -> int:
        """One count; nobody is 0."""
        return self.counts.get(name(*key), 0)

    def under(self, *key: str) -> Iterator[tuple[tuple[str, ...], int]]:
        """Every count whose key begins so, with the rest of its key."""
        start = name(*key, "")
        for full, count in self.counts.items():
            if full.startswith(start):
                yield tuple(full.removeprefix(start).split(_BETWEEN)), count


def name(*key: str) -> str:
    """A count's name from its parts."""
    return _BETWEEN.join(key)
