"""Seeded chance: every choice has its own dice, so a message to one tenant changes nothing for the others."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """Dice for one choice, named by what it is about. The same name falls the same way everywhere and always.

    Only Random.random() is promised to give the same numbers in every Python, so all else is made of it.
    """

    __slots__ = ("_next",)

    def __init__(self, *about: object) -> None:
        self._next = Random(":".join(map(str, about))).random

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self._next() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included, all equally likely."""
        return low + int(self._next() * (high - low + 1))

    def soon(self, low: int, high: int) -> int:
        """A whole number, both ends included, the low ones likelier."""
        return min(self.between(low, high), self.between(low, high))

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of them, all equally likely."""
        return things[int(self._next() * len(things))]

    def by_weight(self, weights: Mapping[Thing, float]) -> Thing:
        """One of the keys, each as likely as its weight says."""
        left = self._next() * sum(weights.values())
        things = iter(weights)
        thing = next(things)
        while (left := left - weights[thing]) >= 0:
            thing = next(things, thing)
        return thing

    def digits(self, count: int) -> str:
        """So many digits, the first of them no zero."""
        return str(self.between(10 ** (count - 1), 10**count - 1))
