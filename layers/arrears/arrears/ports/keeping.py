"""The doors to what is kept: snapshots, ledger, runs, queues and files."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from arrears.ledger import CaseKey, CaseMessage, Pointer, Row, Run, RunStatus, Standing, Status
from arrears.model import Snapshot


class Claim(StrEnum):
    """What came of asking to send: ours, or why not."""

    OURS = "ours"
    TAKEN = "taken"  # the row is not waiting any more
    NUMBER_TAKEN = "number_taken"  # another case has this number this month
    RUN_STOPPED = "run_stopped"  # the run is held, halted or over
    CAP_REACHED = "cap_reached"  # the run has sent all it may
    DAY_FULL = "day_full"  # today's cap is reached
    BUSY = "busy"  # another transaction was at work: try again


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the ledger has about one tenancy: its rows in any order, and what stands beside the snapshot."""

    tenancy_id: str
    rows: tuple[Row, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A tenancy whose row is there and cannot be read: nobody is written to on a guess."""

    tenancy_id: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sender sees when it looks again: the case's row, its run, and the tenancy as it is now."""

    row: Row | None
    run: Run | None
    snapshot: Snapshot | None
    standing: Standing | None = None


class Sight(Protocol):
    """One strong look at everything a send depends on."""

    def look(self, message: CaseMessage) -> Seen:
        """The row, the run, the snapshot in force and what stands beside it, all as they are now."""
        ...


class Snapshots(Protocol):
    """The published debt snapshots: immutable versions, one of them in force."""

    def current(self) -> Pointer | None:
        """The version in force, read strongly; None before the first export."""
        ...

    def find(self, tenancy_id: str) -> Snapshot | None:
        """The tenancy's row in the version in force, read strongly; None when it owes nothing any more."""
        ...

    def shard(self, version: str, shard: int) -> Iterator[Snapshot | Unread]:
        """All rows of one shard of one version, in the order of their tenancy ids. One bad row spoils no other."""
        ...

    def write(self, version: str, shards: int, snapshots: Iterable[Snapshot], expires: datetime) -> None:
        """Adds rows to a version that is not in force yet; writing a row again changes nothing."""
        ...

    def publish(self, pointer: Pointer, instead_of: str | None) -> bool:
        """Puts a complete version in force; False when another version came into force meanwhile."""
        ...


class Ledger(Protocol):
    """What was planned, sent and answered. Every read of one row is strong; every change is conditional."""

    def plan(self, row: Row) -> bool:
        """Writes the row if the case has none; False when it already has one."""
        ...

    def row(self, key: CaseKey) -> Row | None:
        """The case's row as it is now."""
        ...

    def claim(self, row: Row, owner: str, channel: str, lock: str | None, at: datetime, daily_cap: int) -> Claim:
        """In one transaction: the row from PLANNED to SENDING under `owner`, the number's lock for the month (`lock` is
        its pseudonym), the run approved and below its cap, the day below its cap. All of it or nothing. The row's day
        becomes the day of the claim. An answer that
        got lost is found again by the owner token."""
        ...

    def move(self, row: Row, new: Status, at: datetime, by: str, why: str | None = None, **facts: Any) -> bool:
        """Moves the row on from the status (and owner) that `row` shows, adding an event; False when it has moved
        meanwhile. Doing it again changes nothing. Raises ValueError for a move that MOVES does not have."""
        ...

    def remembered(self, tenancy_id: str) -> Remembered:
        """Everything about one tenancy."""
        ...

    def stand(self, new: Standing, instead_of: Standing | None) -> bool:
        """Replaces what stands beside the snapshot; False when it changed meanwhile."""
        ...

    def shard(self, shard: int, of: int) -> Iterator[Remembered]:
        """Everything about the tenancies of one shard, in the order of their ids."""
        ...

    def waiting(self, status: Status, before: datetime) -> Iterator[Row]:
        """Rows that came into that status before that moment, the oldest first."""
        ...

    def silent(self, before: datetime) -> Counter[str]:
        """How many messages of each run left before that moment and were heard no more of; letters are no messages."""
        ...

    def forget(self, row: Row, alias: str, by: str, at: datetime) -> bool:
        """Puts a pseudonym in the recipient's place and takes away what tells of the person; False when the row is not
        for that recipient any more. Case, status and reference stay."""
        ...

    def by_reference(self, reference: str) -> CaseKey | None:
        """The case that a provider's receipt speaks of."""
        ...


class Runs(Protocol):
    """The runs and their tallies."""

    def open(self, run: Run) -> bool:
        """Writes the run if there is none of that name; False when there is."""
        ...

    def run(self, name: str) -> Run | None:
        """The run as it is now."""
        ...

    def latest(self, limit: int) -> list[Run]:
        """The newest monthly runs, the newest first."""
        ...

    def change(self, name: str, expected: Collection[RunStatus], event: str, **changes: Any) -> bool:
        """Changes the run when it is in one of the expected states, adding an event; False otherwise."""
        ...

    def tally(self, name: str, *, unknown: int = 0, rejected: int = 0, failing: bool) -> Run:
        """Adds to the tallies; `failing` lengthens the row of failures or ends it. Answers the run afterwards."""
        ...


class Bell(Protocol):
    """A queue: only a bell, the ledger is the truth."""

    def ring(self, messages: Iterable[CaseMessage]) -> int:
        """Enqueues; answers how many could not be (the sweeper rings for them again)."""
        ...


class Records(Protocol):
    """Files that are kept: decisions, plans, letters, reports."""

    def put(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Writes the file, over an older one of that name."""
        ...

    def put_new(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> bool:
        """Writes the file if there is none of that name; False when there is."""
        ...

    def get(self, name: str) -> bytes | None:
        """The file, or None."""
        ...

    def delete(self, name: str) -> None:
        """Takes the file away; nothing happens when there is none."""
        ...

    def names(self, prefix: str) -> Iterator[str]:
        """The names that begin so, in order."""
        ...


class Pseudonyms(Protocol):
    """Names that say nothing to anyone without our key."""

    def reference(self, key: CaseKey) -> str:
        """The case's reference at the provider: always the same for the same case."""
        ...

    def number(self, e164: str) -> str:
        """A phone number's pseudonym for its lock."""
        ...
