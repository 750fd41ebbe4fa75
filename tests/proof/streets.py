"""Streets on which worlds are tried, the errands at work there, what may never be, and how it must end."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from arrears.creditor import example
from arrears.ledger import CaseKey, CaseMessage, Pointer, Row, Run, RunStatus, Standing, Status
from arrears.model import Snapshot
from arrears.ports import Accepted, Email, Seen, Sms
from arrears.receipts import Arrival, Receipt
from arrears.work.notify import Notify
from arrears.work.operate import Operate
from arrears.work.print_ import Print, PrintBatch, job_name
from arrears.work.reconcile import Reconcile
from arrears.work.record import RecordReceipt
from arrears.work.release import Release
from tests.fakes import (
    MemoryBell,
    MemoryEmail,
    MemoryLedger,
    MemoryRecords,
    MemoryRuns,
    MemorySms,
    MemorySnapshots,
    pseudonyms,
)
from tests.makers import a_snapshot
from tests.proof.explorer import Ports, Street, Worker
from tests.rows import MONTH, NOW, VERSION, a_message, a_pointer, a_row, a_run
from tests.world import PLENTY, SHARDS

DAILY_CAP = 50


class Ledger(MemoryLedger):
    """The ledger in memory, one question at a time."""

    def standing(self, tenancy_id: str) -> Standing | None:
        """What stands beside the snapshot."""
        return self.standings.get(tenancy_id)


class Provider(MemorySms):
    """A provider that may take a text when nobody listens any longer."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[Sms] = []


class Mail(MemoryEmail):
    """The same for e-mail; it can be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[Email] = []

    def find(self, reference: str) -> Accepted | None:
        """Whether it has the e-mail."""
        return Accepted(self.name, "e-1") if any(email.reference == reference for email in self.accepted) else None


class Bell(MemoryBell):
    """A queue: what was rung for is delivered when time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.delivered: list[CaseMessage] = []


class Exports(MemorySnapshots):
    """Snapshots whose versions and pointer a fork shares with nobody."""

    def __init__(self) -> None:
        self.in_force: list[Pointer] = []
        super().__init__()

    @property
    def pointer(self) -> Pointer | None:
        """The version in force."""
        return self.in_force[0] if self.in_force else None

    @pointer.setter
    def pointer(self, pointer: Pointer | None) -> None:
        self.in_force = [pointer] if pointer else []

    def write(self, version: str, shards: int, snapshots: Iterable[Snapshot], expires: datetime) -> None:
        """Writes into a dictionary of its own."""
        self.versions[version] = dict(self.versions.get(version, {}))
        super().write(version, shards, snapshots, expires)


@dataclass(frozen=True)
class Look:
    """A look as DynamoDB gives it: every item is read strongly, and each at its own moment."""

    port: Ports

    def look(self, message: CaseMessage) -> Seen:
        """The four of them, one after the other."""
        tenancy = message.key.tenancy_id
        return Seen(
            row=self.port("ledger").row(message.key),
            run=self.port("runs").run(message.run),
            snapshot=self.port("snapshots").find(tenancy),
            standing=self.port("ledger").standing(tenancy),
        )


class NoRuns:
    """No run is going out: the reconciler has no wave to let go."""

    def latest(self, limit: int) -> list[Run]:
        """None."""
        return []

    def run(self, name: str) -> None:
        """None."""


def a_street(
    rows: Iterable[Row] = (), snapshots: Iterable[Snapshot] = (), ledger: type[Ledger] = Ledger, **run: Any
) -> Street:
    """The ordinary case, or those given, planned under an approved run."""
    runs, found = MemoryRuns(), Exports()
    kept = ledger(runs)
    found.write(VERSION, SHARDS, snapshots or [a_snapshot()], NOW)
    found.publish(a_pointer(shards=SHARDS), None)
    runs.open(a_run(**run))
    for row in rows or [a_row()]:
        kept.plan(row)
    memories: dict[str, Any] = {"ledger": kept, "runs": runs, "snapshots": found, "sms": Provider()}
    memories |= {"email": Mail(), "notices": Bell(), "post": Bell()}
    return Street(memories | {"records": MemoryRecords(), "letters": MemoryRecords()})


def pass_time(street: Street) -> Street:
    """What was on its way arrives, what was rung for is delivered."""
    later = street.fork("sms", "email", "notices", "post")
    for provider in (later.ports["sms"], later.ports["email"]):
        provider.accepted, provider.late = [*provider.accepted, *provider.late], []
    for name in ("notices", "post"):
        bell = later.ports[name]
        bell.delivered, bell.messages = bell.messages, []
    return later


# --- the errands -----------------------------------------------------------------------------------------------------


def _rung(bell: str, message: CaseMessage) -> Callable[[Street], bool]:
    return lambda street: message in street.ports[bell].delivered


def _always(street: Street) -> bool:
    return True


def sender(name: str, at: datetime, key: CaseKey | None = None, rung: bool = False) -> Worker:
    """A sender that got the case's message; with `rung`, only if the bell rang for it."""
    message = a_message(key)

    def send(port: Ports) -> Any:
        look, ledger, runs, sms, email = Look(port), *map(port, ("ledger", "runs", "sms", "email"))
        notify = Notify(look, ledger, runs, sms, email, pseudonyms(), "Heka", DAILY_CAP, token=lambda: name)
        return notify(message, at, PLENTY)

    return Worker(name, send, _rung("notices", message) if rung else _always)


def printer(name: str, at: datetime, key: CaseKey, rung: bool = False, run: str = MONTH) -> Worker:
    """The same for a letter."""
    message = a_message(key, run)

    def print_(port: Ports) -> Any:
        letters, draw = port("letters"), lambda letter: b"a letter"
        errand = Print(Look(port), port("ledger"), letters, example(), draw, DAILY_CAP, token=lambda: name)
        return errand(message, at, PLENTY)

    return Worker(name, print_, _rung("post", message) if rung else _always)


def reconciler(name: str, at: datetime, waves: bool = False) -> Worker:
    """The hourly errand; with `waves` it lets the next wave go. It rests where every case is at its end."""

    def reconcile(port: Ports) -> Any:
        bells = {"notices": port("notices"), "letters": port("post")}
        providers = {"sms": port("sms"), "email": port("email")}
        release: Any = releasing(port) if waves else lambda run, now: 0
        runs: Any = port("runs") if waves else NoRuns()
        return Reconcile(port("ledger"), runs, providers, bells, release, PrintBatch(port("letters")))(at)

    return Worker(name, reconcile, lambda street: waves or any(map(may_change, street.ports["ledger"].rows.values())))


def releasing(port: Ports) -> Release:
    """The errand that lets a plan go."""
    bells = {"notices": port("notices"), "letters": port("post")}
    return Release(port("snapshots"), port("ledger"), port("runs"), port("records"), bells)


def receiver(name: str, at: datetime, arrival: Arrival = Arrival.DELIVERED) -> Worker:
    """A provider's receipt about the ordinary case, which can only come once the provider has taken the text."""
    reference = a_row().reference

    def receive(port: Ports) -> Any:
        if port("sms").find(reference) is None:
            return "nothing to tell"
        return RecordReceipt(port("ledger"))(Receipt(reference, "memory", arrival, False, "told", at), at)

    return Worker(name, receive)


def person(name: str, at: datetime) -> Worker:
    """Somebody who sees that the run was halted, puts right what was wrong, and lets it go on."""

    def resume(port: Ports) -> Any:
        return Operate(port("snapshots"), port("runs")).resume(MONTH, "a person", "put right", at).status

    return Worker(name, resume, lambda street: street.ports["runs"].runs[MONTH].status is RunStatus.HALTED)


def may_change(row: Row) -> bool:
    """Whether anything may still become of the case without a receipt."""
    return row.status in (Status.PLANNED, Status.SENDING, Status.UNKNOWN) or row.message_id == row.reference


# --- what may never be -----------------------------------------------------------------------------------------------


def never_twice(street: Street) -> str | None:
    """At most one message per case, and one per number or address; no run beyond its cap."""
    accepted = [one for name in ("sms", "email") for one in (*street.ports[name].accepted, *street.ports[name].late)]
    for what, seen in (("case", [one.reference for one in accepted]), ("number", [one.to for one in accepted])):
        if len(seen) != len(set(seen)):
            return f"sent twice to one {what}"
    over = [run.run for run in street.ports["runs"].runs.values() if run.claimed > run.cap]
    return f"beyond the cap: {over}" if over else None


# --- how it must end -------------------------------------------------------------------------------------------------

# How a case may end, and how many texts have left then.
ENDS: dict[Status, tuple[int, ...]] = {
    Status.SENT: (1,),
    Status.DELIVERED: (1,),
    Status.UNDELIVERED: (1,),
    Status.NO_RECEIPT: (1,),
    Status.UNKNOWN: (0, 1),
    Status.REJECTED: (0,),
    Status.EXHAUSTED: (0,),
    Status.STOOD_DOWN: (0,),
}


@dataclass(frozen=True)
class Ended:
    """What is left of a world: the rows, what the runs have counted, the references of all that was accepted, and
    whether the provider could be asked."""

    rows: Collection[Row]
    claimed: int
    sent: Collection[str]
    can_be_asked: bool

    @classmethod
    def of(cls, street: Street) -> Self:
        """What is left on a street."""
        ports = street.ports
        sent = [one.reference for name in ("sms", "email") for one in ports[name].accepted]
        claimed = sum(run.claimed for run in ports["runs"].runs.values())
        return cls(ports["ledger"].rows.values(), claimed, sent, ports["sms"].can_be_asked)

    def truly(self) -> str | None:
        """Every case is at an end, and as many messages have left as it says."""
        for row in self.rows:
            sent = [*self.sent].count(row.reference)
            if sent not in ENDS.get(row.status, ()):
                return f"{row.key} ended as {row.status} ({row.why}) with {sent} messages"
            if row.status is Status.UNKNOWN and self.can_be_asked:
                return f"{row.key} is still in doubt, and the provider was never asked"
        return None

    def counted(self) -> str | None:
        """The runs have counted exactly the cases that were ever claimed."""
        tried = sum(row.attempts > 0 for row in self.rows)
        return None if tried == self.claimed else f"{tried} cases were claimed and {self.claimed} counted"


def never_lost(street: Street) -> str | None:
    """Every case is at an end that is true, and was counted once."""
    ended = Ended.of(street)
    return ended.truly() or ended.counted()


def sent_once(street: Street) -> str | None:
    """Every case was sent, as if nothing had happened."""
    rows, texts = street.ports["ledger"].rows.values(), len(street.ports["sms"].accepted)
    left = [f"{row.key} ended as {row.status}" for row in rows if row.status is not Status.SENT]
    return ", ".join(left) or (None if texts == len(rows) else f"{texts} texts for {len(rows)} cases")


def printed_once(street: Street) -> str | None:
    """A letter that is sent is in one batch; one that is not has no job."""
    files = street.ports["letters"].files
    batches = [json.loads(body) for name, body in files.items() if name.startswith("print-jobs/")]
    printed = [letter["letter_id"] for batch in batches for letter in batch["letters"]]
    for row in street.ports["ledger"].rows.values():
        times, expected = printed.count(row.reference), int(row.status in (Status.SENT, Status.NO_RECEIPT))
        if (times, job_name(row) in files) != (expected, bool(expected)) or row.status not in ENDS:
            return f"{row.key} ended as {row.status} ({row.why}), printed {times} times"
    return Ended.of(street).counted()
