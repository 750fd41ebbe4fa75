"""What came of the changes: which of the unnoticed ones are told to change nothing, and a line for each room."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

# What a change is known by: its function, and what the line became.
Key = tuple[str, str]
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
        return 100 * self.noticed / max(self.tried - self.same, 1)


def rooms(
    changes: Mapping[str, int], tried: Iterable[Key], unnoticed: Collection[Key], same: Iterable[Key]
) -> Iterator[Room]:
    """One for each room in which something was tried, by name."""
    of_room = Counter(room_of(function) for function, _ in tried)
    known = set(same)
    idle = Counter(room_of(key[0]) for key in unnoticed if key in known)
    holes = Counter(room_of(key[0]) for key in unnoticed if key not in known)
    for name, count in sorted(of_room.items()):
        yield Room(name, changes[name], count, idle[name], holes[name])


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
