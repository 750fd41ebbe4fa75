"""The clock of a world, and what is still to come in it."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

DEEPEST = 3  # errands that are stopped in the midst of one another


class Agenda:
    """Things to do, each at its moment. `now` only goes forward; all moments are UTC."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._coming: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count, self._depth = count(), 0

    def at(self, moment: datetime, what: Callable[[], None]) -> None:
        """To be done at that moment, or at once when it has passed."""
        heapq.heappush(self._coming, (moment.astimezone(UTC), next(self._count), what))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """To be done so many seconds from now."""
        self.at(self.now + timedelta(seconds=seconds), what)

    def run(self, until: datetime) -> None:
        """Does everything up to that moment."""
        while self._coming and self._coming[0][0] <= until:
            self._next()
        self.now = max(self.now, until.astimezone(UTC))

    def meanwhile(self, within: timedelta, most: int) -> None:
        """The next few things happen now, in the midst of another, if they are near and not too deep in others."""
        end = self.now + within
        for _ in range(most if self._depth < DEEPEST else 0):
            if self._coming and self._coming[0][0] <= end:
                self._depth += 1
                self._next()
                self._depth -= 1

    def _next(self) -> None:
        moment, _, what = heapq.heappop(self._coming)
        self.now = max(self.now, moment)
        what()
