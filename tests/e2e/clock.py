"""The clock that the functions of a loopback stack live by: the real one, moved by what a file says."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

MOVED = Path(__file__).parent / "moved"


class MovableClock:
    """Runs on like the real clock, from wherever it was moved to."""

    def __init__(self, file: Path) -> None:
        self.file = file
        if not file.exists():
            self._write(timedelta(0))

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes a Python live by this clock."""
        return {"MOVED_CLOCK": str(self.file), "PYTHONPATH": str(MOVED)}

    @property
    def at(self) -> datetime:
        """The moment it shows, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text()))

    def move_to(self, moment: datetime) -> None:
        """Moves it, for everybody who lives by it."""
        self._write(moment - datetime.now(UTC))

    def _write(self, by: timedelta) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(by.total_seconds()))
        os.replace(fresh, self.file)  # a function that looks at this moment reads the old or the new, never half
