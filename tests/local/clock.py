"""A clock that stands still until it is moved: the embedded cloud's own time."""

from datetime import UTC, datetime


class Clock:
    """Tells the simulated moment, in UTC. It only moves forward."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)
        self._seconds = self.at.timestamp()

    def now(self) -> datetime:
        """The simulated moment."""
        return self.at

    def seconds(self) -> float:
        """The simulated moment as seconds since 1970."""
        return self._seconds

    def milliseconds(self) -> float:
        """The simulated moment as milliseconds since 1970."""
        return self._seconds * 1000

    def move_to(self, moment: datetime) -> None:
        """Moves the clock. Raises ValueError for a moment that has passed."""
        if moment < self.at:
            raise ValueError(f"the clock stands at {self.at:%Y-%m-%d %H:%M:%S}Z and does not go back to {moment}")
        self.at = moment.astimezone(UTC)
        self._seconds = self.at.timestamp()
