"""A simulated year: exports, ticks, queues, receipts and people, day by day, on the real errands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import Any, TypeVar

from arrears.calendar import helsinki_day
from arrears.ledger import CaseMessage, RunStatus, Status
from arrears.receipts import Arrival, Receipt
from arrears.receipts.proof import SIGNATURE, TIMESTAMP, authentic, sign
from arrears.work.import_ import PublishedMeanwhile
from arrears.work.notify import Left
from arrears.work.operate import NotAllowed
from arrears.work.record import RecordReceipt
from tests.fakes import MemoryBell
from tests.proof.explorer import Ports, all_kept
from tests.simulator.agenda import Agenda
from tests.simulator.books import Books
from tests.simulator.days import lived_days
from tests.simulator.doors import Died, Doors
from tests.simulator.memory import (
    History,
    ToldEmail,
    ToldLedger,
    ToldLetters,
    ToldRecords,
    ToldRuns,
    ToldSms,
    ToldSnapshots,
)
from tests.simulator.office import Office, policy_of
from tests.simulator.reading import reading_once
from tests.simulator.scenario import Scenario, Trouble
from tests.simulator.staff import Staff
from tests.world import at, tick_day

T = TypeVar("T")
SECRET = "a test secret"
ORDINARY = (ConnectionError, NotAllowed, PublishedMeanwhile, TimeoutError)
VISIBILITY, RECEIVED_AT_MOST = 960, 5  # seconds: six times the timeout of a worker, and then some


@dataclass
class Lived:
    """A year that was lived: all that happened, the faults by name, and how the world was left."""

    scenario: Scenario
    history: list[dict[str, Any]]
    faults: list[str]
    daily_cap: int


def live(scenario: Scenario) -> Lived:
    """Lives the scenario's year."""
    year = Year(scenario)
    with policy_of(scenario), reading_once(), all_kept():
        year.live()
    lived = Lived(scenario, year.history.events, year.faults, year.office.daily_cap)
    vars(year).clear()  # its parts know it: nothing else would let go of them soon
    return lived


class Year:
    """One world under way."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.books, self.office = scenario, Books(scenario), Office(scenario)
        self.agenda = Agenda(at(scenario.first, time(0)).astimezone(UTC))
        self.history, self.faults = History(lambda: self.agenda.now), list[str]()
        runs, sms = ToldRuns(self.tell), ToldSms(self.tell)
        sms.can_be_asked = scenario.dice("can be asked").chance(0.5)
        self.runs, self.ledger = runs, ToldLedger(runs, self.tell)
        self.ports: dict[str, Any] = {"ledger": self.ledger, "runs": runs, "sms": sms}
        self.ports |= {"email": ToldEmail(self.tell, sms), "snapshots": ToldSnapshots(self.tell, self.books.owing)}
        self.ports |= {"records": ToldRecords(self.tell), "letters": ToldLetters(self.tell)}
        self.ports |= {"notices": Queue("notices", self), "post": Queue("post", self)}
        self.spoiled: set[str] = set()
        self.staff = Staff(self)

    @property
    def today(self) -> date:
        """The day it is in Helsinki."""
        return helsinki_day(self.agenda.now)

    def has(self, trouble: Trouble) -> bool:
        """Whether the world has that trouble."""
        return trouble in self.scenario

    def dice(self, *about: Any) -> Any:
        """The dice for a choice of this moment."""
        return self.scenario.dice(*about, self.agenda.now)

    def tell(self, what: str, **facts: Any) -> None:
        """Writes down what happened; people hear of what reached them."""
        self.history.tell(what, **facts)
        if what in ("accepted", "printed"):
            self._reach(facts["reference"])

    def work(self, name: str, errand: Callable[[Ports], T]) -> T | None:
        """A worker does an errand; None when it died or failed as errands may."""
        moment = f"{name}@{self.agenda.now:%m-%dT%H:%M:%S}"
        try:
            done = errand(Doors(moment, self.ports, self.scenario, self.agenda, self.faults))
        except Died:
            return None
        except ORDINARY as error:
            self.history.tell("said", text=f"{name}: {type(error).__name__} {error}")
            return None
        self.history.tell("said", text=f"{name}: {done}")
        return done

    # --- days --------------------------------------------------------------------------------------------------------

    def live(self) -> None:
        """Every month, and then a quiet time in which everything comes to its end."""
        self.tell("terms", daily_cap=self.office.daily_cap)
        for month in lived_days(self.scenario):
            for day in month:
                self._plan_day(day)
            self.agenda.run(at(month[-1], time(23, 59)))
        self._quiet(self.today + timedelta(days=1))

    def _plan_day(self, day: date) -> None:
        self.agenda.at(at(day, time(3, 30)), lambda: self.night(day))
        if tick_day(day):
            self.agenda.at(at(day, time(9, 15)), partial(self.tick, "monthly", at(day, time(9, 15))))
        self.agenda.at(at(day, time(9, 30)), partial(self.tick, "daily", at(day, time(9, 30))))
        odd = (0, 3, 4, 22) if self.has(Trouble.ODD_HOURS) else ()
        for hour in (*odd, *range(8, 17)):
            self.agenda.at(at(day, time(hour, 5)), partial(self.reconcile, always=hour == 8))
        for evening in (day, day + timedelta(days=1)):  # letters are batched, if need be on the next evening
            for hour in (17, 18, 19):
                self.agenda.at(at(evening, time(hour, 5)), partial(self.reconcile, always=hour == 17))
        for hour in (9, 10, 13, 16):
            self.agenda.at(at(day, time(hour, 42)), self.staff.look)
        for hour in (8, 12, 15):
            self.agenda.at(at(day, time(hour, 21)), self.staff.take_calls)

    def _quiet(self, first: date) -> None:
        """Nothing goes wrong any more, people put right what was stopped, and the month of every case passes."""
        self.scenario = replace(self.scenario, troubles=frozenset())
        for day in (first, first + timedelta(days=33), first + timedelta(days=35), first + timedelta(days=36)):
            self.agenda.at(at(day, time(3, 30)), partial(self.night, day))
            for hour in range(8, 20):
                self.agenda.at(at(day, time(hour, 5)), partial(self.reconcile, always=True))
            self.agenda.at(at(day, time(9, 42)), self.staff.put_right)
        self.agenda.run(at(first + timedelta(days=37), time(0)))

    # --- errands -----------------------------------------------------------------------------------------------------

    def night(self, day: date) -> None:
        """The export of the evening before lands, or another file does."""
        evening, dice = day - timedelta(days=1), self.dice("night")
        self.books.live(evening)
        body = self.books.export(evening)
        if self.has(Trouble.BAD_EXPORTS) and dice.chance(0.3):
            spoiled = self.books.spoiled(evening)
            self.spoiled.add(f"{evening}-{sha256(spoiled).hexdigest()[:12]}")
            self._land(evening, spoiled)
            self.agenda.after(7200, partial(self._land, evening, body))
        elif not (self.has(Trouble.NO_EXPORTS) and dice.chance(0.2)):
            self._land(evening, body)
            if self.has(Trouble.BAD_EXPORTS) and dice.chance(0.3):
                self.agenda.after(60, partial(self._land, evening, body))

    def _land(self, evening: date, body: bytes, tries: int = 1) -> None:
        name = f"snapshot-{evening}.jsonl"
        done = self.work(
            f"import {tries}", lambda port: self.office.importing(port)(BytesIO(body), name, self.agenda.now)
        )
        if done is None and tries < 3:
            self.agenda.after(60 * tries, partial(self._land, evening, body, tries + 1))

    def tick(self, kind: str, tick: datetime, shard: int = 0, tries: int = 1, by: str = "schedule") -> None:
        """A scheduled tick, or one that a person asked for."""
        dice = self.dice("tick", kind, shard, tries)
        if self.has(Trouble.RERUNS) and tries == 1 and dice.chance(0.4):
            self.agenda.after(dice.one_of((1, 60, 9000, 86400)), partial(self.tick, kind, tick, 0, 2, by))
        left = iter([600.0] * dice.between(1, 3) if self.has(Trouble.SHORT_TIME) else [])
        seconds = (lambda: next(left, 20.0)) if self.has(Trouble.SHORT_TIME) else (lambda: 600.0)
        done = self.work(
            f"{kind} {tries} {shard}",
            lambda port: getattr(self.office.selecting(port, by), kind)(tick, self.agenda.now, seconds, shard),
        )
        if done is None and tries < 3:
            self.agenda.after(60 * tries, partial(self.tick, kind, tick, shard, tries + 1, by))
        elif done is not None and done.next_shard is not None:
            self.agenda.after(1, partial(self.tick, kind, tick, done.next_shard, 3, by))

    def reconcile(self, always: bool = False) -> None:
        """The hourly errand; hours in which it could do nothing are left out."""
        by_status, going = self.ledger.by_status, (run.status is RunStatus.APPROVED for run in self.runs.latest(2))
        waits = any(by_status[status] for status in (Status.PLANNED, Status.SENDING, Status.UNKNOWN))
        if always or waits or any(going):
            done = self.work("reconcile", lambda port: self.office.reconciling(port)(self.agenda.now))
            if done:
                self.history.tell("reconciled", **done.model_dump(mode="json"))

    def ring(self, queue: str, message: CaseMessage) -> None:
        """A message is in a queue, and will be delivered: usually once, and soon."""
        dice = self.dice("ring", queue, message.key)
        self.history.tell("said", text=message.model_dump_json())
        self.agenda.after(dice.between(1, 300), partial(self.deliver, queue, message))
        if self.has(Trouble.REDELIVERY) and dice.chance(0.15):
            seconds = dice.one_of((1, 30, 300, 3600, 86400, 20 * 86400))
            self.agenda.after(seconds, partial(self.deliver, queue, message, 2))

    def deliver(self, queue: str, message: CaseMessage, received: int = 1) -> None:
        """A worker gets a message; what it did not do with comes again, and at last goes to the dead letters."""
        make = self.office.notifying if queue == "notices" else self.office.printing
        dice = self.dice("deliver", queue, message.key, received)
        seconds = 5.0 if self.has(Trouble.SHORT_TIME) and dice.chance(0.1) else 120.0
        name = f"{queue} {message.key} {received}"
        left = self.work(name, lambda port: make(port)(message, self.agenda.now, seconds))
        if left is None or left is Left.AGAIN:
            if received < RECEIVED_AT_MOST:
                self.agenda.after(VISIBILITY, partial(self.deliver, queue, message, received + 1))
            elif self.has(Trouble.REDELIVERY):
                self.agenda.after(dice.between(1, 5) * 86400, partial(self.deliver, queue, message, 1))

    # --- what comes back ---------------------------------------------------------------------------------------------

    def _reach(self, reference: str) -> None:
        """Somebody reads it, and the provider tells how it went."""
        key = self.ledger.by_reference(reference)
        if key is None:
            return
        self.books.hear(key.step, key.tenancy_id, self.today)
        dice = self.scenario.dice("receipts", reference)
        fates = [Arrival.DELIVERED] * 6 + [Arrival.UNDELIVERED, Arrival.PENDING]
        told = [dice.one_of(fates)]
        if self.has(Trouble.RECEIPTS):
            told = [dice.one_of(fates) for _ in range(dice.between(0, 3))]
        for arrival in told:
            seconds = dice.one_of((0, 2, 40, 4000, 90000)) * dice.between(1, 3)
            self.agenda.after(seconds, partial(self.receipt, reference, arrival, True))
        if self.has(Trouble.RECEIPTS) and dice.chance(0.3):
            self.agenda.after(dice.between(0, 100), partial(self.receipt, reference, dice.one_of(fates), False))

    def receipt(self, reference: str, arrival: Arrival, genuine: bool, tries: int = 1) -> None:
        """A receipt comes to the door; a forged one is signed with another secret."""
        if tries == 1 and genuine:
            self.history.tell("receipt", reference=reference, status=arrival)
        now, body = self.agenda.now, f"{reference} {arrival}".encode()
        stamp = str(int(now.timestamp()))
        headers = {TIMESTAMP: stamp, SIGNATURE: sign(body, stamp, SECRET if genuine else "a forger's")}
        if not authentic(body, headers, SECRET, now):
            return
        receipt = Receipt(reference, "memory", arrival, False, "told", now)
        before = len(self.history.events)
        self.work(f"receipt {reference} {tries}", lambda port: RecordReceipt(port("ledger"))(receipt, now))
        if self.history.events[before:] and tries < 3:
            self.agenda.after(VISIBILITY, partial(self.receipt, reference, arrival, genuine, tries + 1))


class Queue(MemoryBell):
    """A queue that delivers."""

    def __init__(self, name: str, year: Year) -> None:
        super().__init__()
        self._name, self._year = name, year

    def ring(self, messages: Iterator[CaseMessage] | Any) -> int:
        lost = 0
        for message in messages:
            if self._year.has(Trouble.BROKEN_LINES) and self._year.dice("lost", message.key).chance(0.03):
                lost += 1
            else:
                self._year.ring(self._name, message)
        return lost
