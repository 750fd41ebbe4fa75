"""The street in memory: every port with a memory and no surprises, under the real adapters' own contract tests."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from arrears.adapters.pseudonyms import KeyedPseudonyms
from arrears.calendar import helsinki_day, month_of
from arrears.ledger import CaseKey, CaseMessage, Event, Pointer, Row, Run, RunStatus, Standing, Status, may_move
from arrears.model import LETTERS, Snapshot
from arrears.ports import Accepted, Claim, Email, Remembered, Seen, Sms


@cache
def shard_of(tenancy_id: str, shards: int) -> int:
    """Any spread will do; the same as the real one, so that both give the same answers."""
    return int.from_bytes(blake2b(tenancy_id.encode(), digest_size=4).digest(), "big") % shards


class MemorySnapshots:
    """Versions in a dictionary, and a pointer."""

    def __init__(self) -> None:
        self.versions: dict[str, dict[str, Snapshot]] = {}
        self.shards: dict[str, int] = {}
        self.pointer: Pointer | None = None

    def current(self) -> Pointer | None:
        return self.pointer

    def find(self, tenancy_id: str) -> Snapshot | None:
        return self.versions.get(self.pointer.version, {}).get(tenancy_id) if self.pointer else None

    def shard(self, version: str, shard: int) -> Iterator[Snapshot]:
        rows = self.versions.get(version, {})
        names = sorted(name for name in rows if shard_of(name, self.shards[version]) == shard)
        return iter([rows[name] for name in names])

    def write(self, version: str, shards: int, snapshots: Iterable[Snapshot], expires: datetime) -> None:
        self.shards[version] = shards
        self.versions.setdefault(version, {}).update({snapshot.tenancy_id: snapshot for snapshot in snapshots})

    def publish(self, pointer: Pointer, instead_of: str | None) -> bool:
        if self.pointer == pointer:
            return True
        if (self.pointer.version if self.pointer else None) != instead_of:
            return False
        self.versions.setdefault(pointer.version, {})
        self.shards.setdefault(pointer.version, pointer.shards)
        self.pointer = pointer
        return True


class MemoryRuns:
    """Runs by name."""

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}

    def open(self, run: Run) -> bool:
        return self.runs.setdefault(run.run, run) == run

    def run(self, name: str) -> Run | None:
        return self.runs.get(name)

    def latest(self, limit: int) -> list[Run]:
        return sorted((run for run in self.runs.values() if run.monthly), key=lambda run: run.run, reverse=True)[:limit]

    def change(self, name: str, expected: Collection[RunStatus], event: str, **changes: Any) -> bool:
        run = self.runs.get(name)
        if run is None or run.status not in expected:
            done = run is not None and run.events[-1:] == (event,)
            return done and all(getattr(run, key) == value for key, value in changes.items() if value is not None)
        blank = {key: Run.model_fields[key].default for key, value in changes.items() if value is None}
        self.runs[name] = run.model_copy(update=changes | blank | {"events": (*run.events, event)})
        return True

    def tally(self, name: str, *, unknown: int = 0, rejected: int = 0, failing: bool) -> Run:
        run = self.runs[name]
        self.runs[name] = run.model_copy(
            update={
                "unknown": run.unknown + unknown,
                "rejected": run.rejected + rejected,
                "failing": run.failing + 1 if failing else 0,
            }
        )
        return self.runs[name]


class MemoryLedger:
    """Rows by case, what stands beside the snapshots, locks and day counters. Shares its runs with the claims."""

    def __init__(self, runs: MemoryRuns, shards: int = 4) -> None:
        self.runs, self.shards = runs, shards
        self.rows: dict[CaseKey, Row] = {}
        self.standings: dict[str, Standing] = {}
        self.locks: dict[tuple[str, str], CaseKey] = {}
        self.days: dict[date, int] = {}

    def plan(self, row: Row) -> bool:
        return self.rows.setdefault(row.key, row) == row

    def row(self, key: CaseKey) -> Row | None:
        return self.rows.get(key)

    def claim(self, row: Row, owner: str, channel: str, lock: str | None, at: datetime, daily_cap: int) -> Claim:
        now = self.rows.get(row.key)
        if now is None or now.status is not Status.PLANNED or now.attempts != row.attempts:
            ours = now is not None and now.status is Status.SENDING and now.owner == owner
            return Claim.OURS if ours else Claim.TAKEN
        run = self.runs.run(row.run)
        if run is None or run.status is not RunStatus.APPROVED:
            return Claim.RUN_STOPPED
        counted, day = bool(row.attempts), helsinki_day(at)
        if not counted and run.claimed >= run.cap:
            return Claim.CAP_REACHED
        counted_today = counted and row.on == day
        if not counted_today and self.days.get(day, 0) >= daily_cap:
            return Claim.DAY_FULL
        if lock and self.locks.setdefault((lock, month_of(day)), row.key) != row.key:
            return Claim.NUMBER_TAKEN
        if not counted:
            self.runs.runs[row.run] = run.model_copy(update={"claimed": run.claimed + 1})
        if not counted_today:
            self.days[day] = self.days.get(day, 0) + 1
        event = Event(at=at, status=Status.SENDING, by=owner)
        self._put(
            now,
            status=Status.SENDING,
            owner=owner,
            channel=channel,
            attempts=now.attempts + 1,
            on=day,
            at=at,
            event=event,
        )
        return Claim.OURS

    def move(self, row: Row, new: Status, at: datetime, by: str, why: str | None = None, **facts: Any) -> bool:
        if not may_move(row.status, new):
            raise ValueError(f"a row does not go from {row.status} to {new}")
        now, event = self.rows.get(row.key), Event(at=at, status=new, by=by, why=why)
        if now is None or now.status is not row.status or (row.owner and now.owner != row.owner):
            return now is not None and event in now.events
        self._put(now, status=new, at=at, event=event, why=why, **facts)
        return True

    def remembered(self, tenancy_id: str) -> Remembered:
        rows = [row for row in self.rows.values() if row.key.tenancy_id == tenancy_id]
        return Remembered(tenancy_id, tuple(sorted(rows, key=lambda row: str(row.key))), self.standings.get(tenancy_id))

    def stand(self, new: Standing, instead_of: Standing | None) -> bool:
        now = self.standings.get(new.tenancy_id)
        if now != instead_of:
            return now == new
        self.standings[new.tenancy_id] = new
        return True

    def shard(self, shard: int, of: int) -> Iterator[Remembered]:
        if of != self.shards:
            raise ValueError(f"the ledger is kept in {self.shards} shards, the snapshot in {of}: they must be the same")
        names = {key.tenancy_id for key in self.rows} | set(self.standings)
        return map(self.remembered, sorted(name for name in names if shard_of(name, of) == shard))

    def waiting(self, status: Status, before: datetime) -> Iterator[Row]:
        found = [row for row in self.rows.values() if row.status is status and row.changed_at < before]
        return iter(sorted(found, key=lambda row: row.changed_at))

    def silent(self, before: datetime) -> Counter[str]:
        sent = self.waiting(Status.SENT, before)
        return Counter(row.run for row in sent if row.key.step not in LETTERS)

    def forget(self, row: Row, alias: str, by: str, at: datetime) -> bool:
        now = self.rows.get(row.key)
        if now is None or now.recipient != row.recipient:
            return now is not None and now.recipient == alias
        event = Event(at=at, status=now.status, by=by, why="erased")
        blank = {"recipient": alias, "age_group": None, "history": ()}
        self.rows[row.key] = now.model_copy(update=blank | {"events": (*now.events, event)})
        return True

    def by_reference(self, reference: str) -> CaseKey | None:
        return next((key for key, row in self.rows.items() if row.reference == reference), None)

    def _put(self, row: Row, *, at: datetime, event: Event, **facts: Any) -> None:
        changes = facts | {"changed_at": at, "events": (*row.events, event)}
        self.rows[row.key] = row.model_copy(update=changes)


class MemorySight:
    """Looks at the other memories."""

    def __init__(self, snapshots: MemorySnapshots, ledger: MemoryLedger, runs: MemoryRuns) -> None:
        self.snapshots, self.ledger, self.runs = snapshots, ledger, runs

    def look(self, message: CaseMessage) -> Seen:
        return Seen(
            row=self.ledger.row(message.key),
            run=self.runs.run(message.run),
            snapshot=self.snapshots.find(message.key.tenancy_id),
            standing=self.ledger.standings.get(message.key.tenancy_id),
        )


class MemoryBell:
    """A queue as a list."""

    def __init__(self) -> None:
        self.messages: list[CaseMessage] = []

    def ring(self, messages: Iterable[CaseMessage]) -> int:
        self.messages.extend(messages)
        return 0


class MemoryRecords:
    """Files in a dictionary."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        self.files[name] = body

    def put_new(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> bool:
        return self.files.setdefault(name, body) == body

    def get(self, name: str) -> bytes | None:
        return self.files.get(name)

    def delete(self, name: str) -> None:
        self.files.pop(name, None)

    def names(self, prefix: str) -> Iterator[str]:
        return iter(sorted(name for name in self.files if name.startswith(prefix)))


class MemorySms:
    """A provider that remembers what it accepted. `fate` is raised instead, once for each entry, in turn."""

    name = "memory"

    def __init__(self) -> None:
        self.accepted: list[Sms] = []
        self.fates: list[Exception | None] = []
        self.can_be_asked = True

    def send(self, sms: Sms) -> Accepted:
        fate = self.fates.pop(0) if self.fates else None
        if fate:
            raise fate
        self.accepted.append(sms)
        return Accepted(self.name, f"m-{len(self.accepted)}")

    def find(self, reference: str) -> Accepted | None:
        if not self.can_be_asked:
            raise LookupError("cannot be asked")
        places = [place for place, sms in enumerate(self.accepted, 1) if sms.reference == reference]
        return Accepted(self.name, f"m-{places[0]}") if places else None


class MemoryEmail:
    """The same for e-mail."""

    name = "memory"

    def __init__(self) -> None:
        self.accepted: list[Email] = []

    def send(self, email: Email) -> Accepted:
        self.accepted.append(email)
        return Accepted(self.name, f"e-{len(self.accepted)}")

    def find(self, reference: str) -> Accepted | None:
        raise LookupError("cannot be asked")


def pseudonyms() -> KeyedPseudonyms:
    """Pseudonyms with a test key."""
    return KeyedPseudonyms(lambda: "a test key")
