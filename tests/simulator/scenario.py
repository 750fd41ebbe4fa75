"""What a seed stands for: how large a world, how long, and which troubles come to it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self

from tests.local.dice import Dice

FULL = 2000
# Years whose rates of late interest are known; the first ones begin before texts were taken into use.
FIRST_MONTHS = tuple(date(2024, month, 1) for month in range(7, 13)) + tuple(date(2025, n, 1) for n in range(1, 8))


class Trouble(StrEnum):
    """One kind of trouble. A seed has some of them: all at once would hide each other."""

    DYING = "workers die"
    LOST_ANSWERS = "answers get lost"
    BROKEN_LINES = "questions fail"
    AT_ONCE = "errands overlap"
    REDELIVERY = "messages come twice, late or by hand from the dead-letter queue"
    PROVIDER = "the provider fails or refuses"
    WRONG_KEY = "the provider's key is refused"
    LATE_ARRIVALS = "a text arrives when nobody listens any longer"
    RECEIPTS = "receipts come twice, in any order, forged or never"
    FEED = "payments, agreements and disputes between two exports"
    MOVES = "numbers and areas change, flats share a number"
    HOLDS = "deaths and other holds put on by people"
    RERUNS = "ticks come twice, late or by hand"
    HALTS = "people hold, halt and resume runs"
    NARROW = "small caps and small waves"
    BAD_EXPORTS = "exports x100, halved, shifted, old or twice"
    NO_EXPORTS = "nights without an export"
    SHORT_TIME = "workers run out of time"
    ODD_HOURS = "holidays, eves, ends of months, changes of clocks"


@dataclass(frozen=True)
class Scenario:
    """One world. `flats` and `faults` are set where it was made smaller: only those live, only those happen."""

    seed: int
    tenancies: int
    months: int = 12
    troubles: frozenset[Trouble] = field(default_factory=lambda: frozenset(Trouble))
    flats: frozenset[int] | None = None
    faults: frozenset[str] | None = None

    @classmethod
    def of(cls, seed: int, tenancies: int | None = None, months: int = 12) -> Self:
        """The seed's world: a small one in which most come into debt, unless a number is given, and half the
        troubles."""
        dice = Dice(seed, "scenario")
        size = dice.one_of((10, 16, 24, 40))
        troubles = frozenset(trouble for trouble in Trouble if dice.chance(0.5))
        return cls(seed, tenancies or size, months, troubles)

    @property
    def first(self) -> date:
        """The first day."""
        return self.dice("first").one_of(FIRST_MONTHS)

    @property
    def intense(self) -> bool:
        """Whether the world is a small one, in which most tenancies come into debt."""
        return self.tenancies < FULL

    def dice(self, *about: Any) -> Dice:
        """The dice for one choice."""
        return Dice(self.seed, *about)

    def __contains__(self, trouble: Trouble) -> bool:
        return trouble in self.troubles

    def lets(self, fault: str) -> bool:
        """Whether this very fault may happen."""
        return self.faults is None or fault in self.faults

    def __str__(self) -> str:
        size = self.tenancies if self.flats is None else len(self.flats)
        told = [f"seed {self.seed}: {size} tenancies, {self.months} months from {self.first:%B %Y}"]
        told += [f"  {trouble}" for trouble in Trouble if trouble in self]
        return "\n".join(told)
