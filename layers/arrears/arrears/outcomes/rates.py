"""Shares of a group, and how far chance alone may have moved them (95 % intervals)."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many. `low` and `high` are Wilson's score interval (Wilson 1927): honest for small groups too, and
    never below none or above all. A group of nobody has no rate: everything between none and all is possible."""

    hits: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError(f"{self.hits} of {self.of} is no share of a group")

    @property
    def share(self) -> float:
        """The share itself, 0 to 1; 0 of nobody is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def low(self) -> float:
        """The lowest share that chance would not rule out."""
        return max(self._middle - self._reach, 0.0) if self.hits else 0.0

    @property
    def high(self) -> float:
        """The highest share that chance would not rule out."""
        return min(self._middle + self._reach, 1.0) if self.hits < self.of else 1.0

    @property
    def _middle(self) -> float:
        return (self.hits + _Z**2 / 2) / (self.of + _Z**2)

    @property
    def _reach(self) -> float:
        spread = self.hits * (self.of - self.hits) / self.of if self.of else 0.0
        return _Z * sqrt(spread + _Z**2 / 4) / (self.of + _Z**2)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher one rate is than another, with Newcombe's interval (1998, method 10). When `low` is above zero,
    chance alone does not explain it."""

    one: Rate
    other: Rate

    @property
    def share(self) -> float:
        """One less the other, -1 to 1."""
        return self.one.share - self.other.share

    @property
    def low(self) -> float:
        """The smallest difference that chance would not rule out."""
        return self.share - sqrt((self.one.share - self.one.low) ** 2 + (self.other.high - self.other.share) ** 2)

    @property
    def high(self) -> float:
        """The largest difference that chance would not rule out."""
        return self.share + sqrt((self.one.high - self.one.share) ** 2 + (self.other.share - self.other.low) ** 2)
