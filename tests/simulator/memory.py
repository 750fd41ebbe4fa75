"""Memories that tell of every change: the ledger's versions, the provider's log, the print log, in their true order.

What they tell is plain JSON; the checker reads nothing else.
"""

import gzip
import json
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from arrears.ledger import CaseKey, Pointer, Row, Run, Standing, Status
from arrears.ports import Accepted, Email, Remembered, Sms
from tests.fakes import MemoryEmail, MemoryRecords, MemoryRuns, MemorySms, MemorySnapshots, shard_of
from tests.proof.streets import Ledger
from tests.world import SHARDS

K = TypeVar("K")
V = TypeVar("V")
Tell = Callable[..., None]


class History:
    """Everything that happened, in order."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.events: list[dict[str, Any]] = []
        self._clock = clock

    def tell(self, what: str, **facts: Any) -> None:
        """Something happened now."""
        self.events.append({"what": what, "at": self._clock().isoformat(), **facts})


class Versions(dict[K, V]):
    """A memory that tells of every change of an entry."""

    def __init__(self, changed: Callable[[V | None, V], None]) -> None:
        super().__init__()
        self._changed = changed

    def __setitem__(self, key: K, new: V) -> None:
        old = self.get(key)
        super().__setitem__(key, new)
        self._changed(old, new)

    def setdefault(self, key: K, new: V) -> V:
        if key not in self:
            self[key] = new
        return self[key]


class ToldRuns(MemoryRuns):
    """Runs whose versions are told, and which finds the months' without looking at all of them."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self.runs = Versions[str, Run](
            lambda old, new: tell("run", run=new.model_dump(mode="json", exclude={"figures", "events"}))
        )
        self._months: list[str] = []

    def open(self, run: Run) -> bool:
        if run.monthly and run.run not in self.runs:
            insort(self._months, run.run)
        return super().open(run)

    def latest(self, limit: int) -> list[Run]:
        return [self.runs[name] for name in self._months[: -limit - 1 : -1]]


class ToldLedger(Ledger):
    """A ledger whose versions are told, and which finds a row without looking at all of them."""

    def __init__(self, runs: MemoryRuns, tell: Tell) -> None:
        super().__init__(runs, SHARDS)
        self._tell = tell
        self.rows = Versions[CaseKey, Row](self._changed)
        self.standings = Versions[str, Standing](
            lambda old, new: tell("standing", standing=new.model_dump(mode="json", exclude_none=True))
        )
        self.by_status: defaultdict[Status, dict[CaseKey, Row]] = defaultdict(dict)
        self._by_tenancy: defaultdict[str, dict[CaseKey, Row]] = defaultdict(dict)
        self._references: dict[str, CaseKey] = {}

    def _changed(self, old: Row | None, new: Row) -> None:
        if old:
            del self.by_status[old.status][old.key]
        self.by_status[new.status][new.key] = new
        self._by_tenancy[new.key.tenancy_id][new.key] = new
        self._references[new.reference] = new.key
        self._tell("row", row=new.model_dump(mode="json", exclude_none=True, exclude={"history"}))

    def remembered(self, tenancy_id: str) -> Remembered:
        rows = sorted(self._by_tenancy[tenancy_id].values(), key=lambda row: str(row.key))
        return Remembered(tenancy_id, tuple(rows), self.standings.get(tenancy_id))

    def shard(self, shard: int, of: int) -> Iterator[Remembered]:
        names = self._by_tenancy.keys() | self.standings.keys()
        return map(self.remembered, sorted(name for name in names if shard_of(name, of) == shard))

    def waiting(self, status: Status, before: datetime) -> Iterator[Row]:
        found = [row for row in self.by_status[status].values() if row.changed_at < before]
        return iter(sorted(found, key=lambda row: (row.changed_at, str(row.key))))

    def by_reference(self, reference: str) -> CaseKey | None:
        return self._references.get(reference)


class ToldSnapshots(MemorySnapshots):
    """Snapshots that tell when one comes into force; `books` gives the true rows of its day, whatever the file said."""

    def __init__(self, tell: Tell, books: Callable[[str], list[dict[str, Any]]]) -> None:
        super().__init__()
        self._tell, self._books = tell, books

    def publish(self, pointer: Pointer, instead_of: str | None) -> bool:
        before = self.pointer
        published = super().publish(pointer, instead_of)
        if self.pointer is not before:
            day = f"{pointer.as_of}"
            self._tell("export", as_of=day, rows=self._books(day))
        return published


class ToldSms(MemorySms):
    """The provider's log of texts."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def send(self, sms: Sms) -> Accepted:
        self._tell("accepted", channel="sms", to=sms.to, sender=sms.sender, text=sms.text, reference=sms.reference)
        return super().send(sms)


class ToldEmail(MemoryEmail):
    """The provider's log of e-mails; it can be asked where the other can."""

    def __init__(self, tell: Tell, sms: ToldSms) -> None:
        super().__init__()
        self._tell, self._sms = tell, sms

    def send(self, email: Email) -> Accepted:
        self._tell("accepted", channel="email", to=email.to, sender="Heka", text=email.text, reference=email.reference)
        return super().send(email)

    def find(self, reference: str) -> Accepted | None:
        if not self._sms.can_be_asked:
            raise LookupError("cannot be asked")
        return Accepted(self.name, "e-1") if any(one.reference == reference for one in self.accepted) else None


class ToldLetters(MemoryRecords):
    """The print house: what it is given to print, as it reads there."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def put_new(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> bool:
        if name.startswith("print-jobs/") and name not in self.files:
            for letter in json.loads(body)["letters"]:
                drawn = self.files.get(letter["pdf"], b"{}")
                whole = sha256(drawn).hexdigest() == letter["sha256"]
                told = json.loads(drawn) if whole else {"on": letter["on"], "fee": "0.00", "principal": "0.00"}
                self._tell("printed", reference=letter["letter_id"], letter=told)
        return super().put_new(name, body, content_type)


class ToldRecords(MemoryRecords):
    """Files of which the plans are told."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def put(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        super().put(name, body, content_type)
        if name.startswith("plans/") and name.count("/") == 2:
            lines = [json.loads(line) for line in gzip.decompress(body).splitlines()]
            self._tell("plan", hash=sha256(body).hexdigest(), cases=[(line["key"], line["status"]) for line in lines])
