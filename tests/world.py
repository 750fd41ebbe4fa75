"""A world in memory: the real errands on in-memory ports, from day to day on a clock of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from pydantic_core import to_json

from arrears.calendar import HELSINKI
from arrears.creditor import example
from arrears.intake import Report
from arrears.ledger import RunStatus
from arrears.letters import Letter
from arrears.ports import EmailProvider, SmsProvider
from arrears.work.import_ import Import
from arrears.work.notify import Left, Notify
from arrears.work.operate import Operate
from arrears.work.print_ import Print, PrintBatch
from arrears.work.reconcile import Reconcile
from arrears.work.record import RecordReceipt
from arrears.work.release import Release
from arrears.work.select import Select, Selected
from tests.fakes import (
    MemoryBell,
    MemoryEmail,
    MemoryLedger,
    MemoryRecords,
    MemoryRuns,
    MemorySight,
    MemorySms,
    MemorySnapshots,
    pseudonyms,
)

SHARDS = 4
IMPORT, TICK, FOLLOW_UP = time(3, 30), time(9, 15), time(9, 30)
HOURS = [time(hour, 5) for hour in range(10, 19)]
PLENTY = 600.0


def at(day: date, moment: time) -> datetime:
    """That moment in Helsinki."""
    return datetime.combine(day, moment, HELSINKI)


def tick_day(day: date) -> bool:
    """Whether the monthly tick is that day: the weekday nearest the 12th, as in the template."""
    return day.weekday() < 5 and (day.day == 12 or (day.weekday(), day.day) in ((4, 11), (0, 13)))


def export_of(day: date, rows: Iterable[dict[str, Any]]) -> bytes:
    """An export file of that day, with its manifest."""
    listed = [row | {"as_of": f"{day}"} for row in rows]
    cents = sum(round(float(item["unpaid"]) * 100) for row in listed for item in row["open_items"])
    manifest = {"as_of": f"{day}", "rows": len(listed), "debt_total": f"{cents // 100}.{cents % 100:02}"}
    return b"".join(to_json(line) + b"\n" for line in ({"manifest": manifest}, *listed))


@dataclass
class World:
    """All errands around one memory. `draw` makes a letter's PDF; a fast one by default."""

    draw: Callable[[Letter], bytes] = field(default=lambda letter: f"{letter.payment.amount}".encode())
    sms: MemorySms = field(default_factory=MemorySms)

    def __post_init__(self) -> None:
        self.snapshots, self.runs = MemorySnapshots(), MemoryRuns()
        self.ledger = MemoryLedger(self.runs)
        self.records, self.letters, self.email = MemoryRecords(), MemoryRecords(), MemoryEmail()
        self.bells = {"notices": MemoryBell(), "letters": MemoryBell()}
        sight, tokens = MemorySight(self.snapshots, self.ledger, self.runs), count()
        token = lambda: f"owner-{next(tokens)}"  # noqa: E731
        self.release = Release(self.snapshots, self.ledger, self.runs, self.records, self.bells)
        self.import_ = Import(self.snapshots, self.records, SHARDS)
        self.select = Select(
            self.snapshots, self.ledger, self.runs, self.records, pseudonyms(), self.release, "schedule"
        )
        self.notify = Notify(sight, self.ledger, self.runs, self.sms, self.email, pseudonyms(), "Heka", 5000, token)
        self.print_ = Print(sight, self.ledger, self.letters, example(), self.draw, 5000, token)
        providers: dict[str, SmsProvider | EmailProvider] = {"sms": self.sms, "email": self.email}
        self.reconcile = Reconcile(
            self.ledger, self.runs, providers, self.bells, self.release, PrintBatch(self.letters)
        )
        self.record = RecordReceipt(self.ledger)
        self.operate = Operate(self.snapshots, self.runs)

    def publish(self, day: date, rows: Iterable[dict[str, Any]], now: datetime) -> Report:
        """An export of the evening before lands in the night."""
        return self.import_(BytesIO(export_of(day, rows)), f"snapshot-{day}.jsonl", now)

    def month(self, now: datetime) -> Selected:
        """The monthly tick."""
        return self.select.monthly(now, now, lambda: PLENTY)

    def day(self, now: datetime) -> Selected:
        """The daily tick."""
        return self.select.daily(now, now, lambda: PLENTY)

    def approve(self, name: str, now: datetime) -> None:
        """A person looks at a held run and lets it go."""
        run = self.runs.run(name)
        if run and run.status is RunStatus.HELD and run.plan_hash:
            self.operate.approve(name, "a test approver", run.plan_hash, now)
            self.release(name, now)

    def pump(self, now: datetime) -> list[Left]:
        """Both queues, until they are empty; what must come again waits for the next time."""
        came = []
        for name, errand in (("notices", self.notify), ("letters", self.print_)):
            waiting, self.bells[name].messages = self.bells[name].messages, []
            for message in waiting:
                came.append(errand(message, now, PLENTY))
                if came[-1] is Left.AGAIN:
                    self.bells[name].messages.append(message)
        return came

    def live(self, day: date, rows: Iterable[dict[str, Any]]) -> None:
        """One day from its night export to its evening; a held run is looked at and approved at once."""
        self.publish(day - timedelta(days=1), rows, at(day, IMPORT))
        if tick_day(day):
            self.month(at(day, TICK))
            self.approve(f"{day:%Y-%m}", at(day, TICK))
        self.day(at(day, FOLLOW_UP))
        self.pump(at(day, FOLLOW_UP))
        for hour in HOURS:
            self.reconcile(at(day, hour))
            self.pump(at(day, hour))
