"""What came of the changes: which of the unnoticed ones are told to change nothing, and a line for each room."""

import tomllib
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from tests.mutation.changes import Change
from tests.mutation.trial import Verdict

Key = tuple[str, str]
Verdicts = Mapping[Change, Verdict]
# So many in a hundred must be noticed in the rooms of which a sample is changed.
ENOUGH = 95


def reasons(file: Path) -> dict[Key, str]:
    """Why a change changes nothing."""
    listed = tomllib.loads(file.read_text("utf-8"))["same"]
    found = {(one["function"], one["line"]): one["reason"] for one in listed}
    assert len(found) == len(listed), "a change is listed twice"
    return found


def room_of(function: str) -> str:
    """The room of the house; the front doors are one."""
    first, second = function.split(".")[:2]
    return first if first == "functions" else second


@dataclass(frozen=True)
class Room:
    """How many changes there are in a room, how many were tried, and how many nobody noticed: those that change nothing
    and the others."""

    name: str
    changes: int
    tried: int
    same: int
    unnoticed: int

    @property
    def noticed(self) -> int:
        return self.tried - self.same - self.unnoticed

    @property
    def percent(self) -> float:
        """Of those that change something."""
        telling = self.tried - self.same
        return 100 * self.noticed / telling if telling else 100


def rooms(changes: Mapping[str, int], verdicts: Verdicts, same: Container[Key]) -> list[Room]:
    """One for each room in which something was tried, by name. `changes`: how many there are in each."""
    tried = Counter(room_of(change.function) for change in verdicts)
    alive = [change for change, came in verdicts.items() if came is Verdict.UNNOTICED]
    idle = Counter(room_of(change.function) for change in alive if change.key in same)
    holes = Counter(room_of(change.function) for change in alive if change.key not in same)
    return [Room(name, changes[name], tried[name], idle[name], holes[name]) for name in sorted(tried)]


def together(name: str, each: Iterable[Room]) -> Room:
    """Several rooms as one."""
    rows = [(room.changes, room.tried, room.same, room.unnoticed) for room in each]
    return Room(name, *(sum(column) for column in zip((0, 0, 0, 0), *rows, strict=True)))


def table(parts: Mapping[str, list[Room]]) -> Table:
    """A line for each room, and one for each part of the house."""
    told = Table("room", *("changes", "tried", "noticed", "change nothing", "unnoticed", "noticed, %"))
    for name, each in parts.items():
        for room in [*each, together(name, each)]:
            counts = (room.changes, room.tried, room.noticed, room.same, room.unnoticed)
            told.add_row(room.name, *(f"{count:,}" for count in counts), f"{room.percent:.1f}")
        told.add_section()
    return told
