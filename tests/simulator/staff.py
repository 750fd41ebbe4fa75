"""The people of rent control: they look at runs, settle doubts, take calls; now and then they do the wrong thing."""

import json
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from arrears.ledger import Row, Run, RunStatus, Status
from arrears.model import HoldKind
from arrears.work.operate import Operate, Settle
from arrears.work.record import NoteEvents
from arrears.work.stand import Stand
from tests.simulator.scenario import Trouble

if TYPE_CHECKING:
    from tests.simulator.year import Year

APPROVER, OFFICER = "a test approver", "a test officer"
LOOKED_AT = 5  # runs
ASKED_AFTER = timedelta(minutes=40)
HOLDS = (HoldKind.DECEASED, HoldKind.MANUAL, HoldKind.HALT_REQUEST, HoldKind.GUARDIAN, HoldKind.DEBT_ADJUSTMENT)


class Staff:
    """The people of one year."""

    def __init__(self, year: "Year") -> None:
        self.year = year

    def look(self) -> None:
        """Somebody looks at the runs, the doubts and the cases handed over."""
        for run in [*islice(reversed(self.year.runs.runs.values()), LOOKED_AT)][::-1]:
            self._look_at(run)
        for row in self._waiting(Status.UNKNOWN):
            if self.year.dice("settle", row.key).chance(0.5):
                self._settle(row)
        for row in self._waiting(Status.OPEN):
            if self.year.dice("close", row.key).chance(0.1):
                self._do("close", partial(self._close, row))

    def put_right(self) -> None:
        """Everything that was stopped goes on."""
        for run in [*self.year.runs.runs.values()]:
            if run.status is RunStatus.HALTED:
                self._operate(run, "resume", "put right")

    def _look_at(self, run: Run) -> None:
        if run.status in (RunStatus.DONE, RunStatus.EXPIRED):
            return
        dice, rash = self.year.dice("run", run.run), self.year.has(Trouble.HALTS)
        if run.status is RunStatus.HELD:
            if rash and dice.chance(0.2):
                self._approve(run, run.started_by, run.plan_hash)
                self._approve(run, APPROVER, "another plan")
            elif self._sane(run) and dice.chance(0.8):
                self._approve(run, APPROVER, run.plan_hash)
            elif run.monthly and self.year.has(Trouble.RERUNS) and not run.released:
                now = self.year.agenda.now
                self.year.tick("monthly", now, tries=3, by=OFFICER)
        elif run.status is RunStatus.HALTED and dice.chance(0.6):
            self._operate(run, "resume", "put right")
        elif rash and run.status is RunStatus.APPROVED and dice.chance(0.3):
            self._operate(run, "halt" if run.released else "hold", "wait")

    def _sane(self, run: Run) -> bool:
        """A person would see that the plan was made from a spoiled export."""
        return run.snapshot not in self.year.spoiled and not any(why.startswith(("cap", "fresh")) for why in run.why)

    def _approve(self, run: Run, who: str, plan_hash: str | None) -> None:
        now, office = self.year.agenda.now, self.year.office
        approve = self._operator("approve", run.run, who, plan_hash or "", now)
        if self.year.work(f"approve {run.run} {who}", approve):
            self.year.work(f"release {run.run}", lambda port: office.releasing(port)(run.run, now))

    def _operate(self, run: Run, what: str, why: str) -> None:
        self.year.work(f"{what} {run.run}", self._operator(what, run.run, OFFICER, why, self.year.agenda.now))

    @staticmethod
    def _operator(what: str, *told: Any) -> Any:
        return lambda port: getattr(Operate(port("snapshots"), port("runs")), what)(*told)

    def _settle(self, row: Row) -> None:
        """Somebody asks the provider by telephone, when nothing can be on its way any more, and is told the truth."""
        if self.year.agenda.now - row.changed_at > ASKED_AFTER:
            accepted = [*self.year.ports["sms"].accepted, *self.year.ports["email"].accepted]
            sent = any(one.reference == row.reference for one in accepted)
            self._do("settle", lambda port: self._settling(port).unknown(row.key, sent, OFFICER, "asked", self._now))

    def _close(self, row: Row, port: Any) -> Any:
        return self._settling(port).close(row.key, OFFICER, "dealt with", self._now)

    @staticmethod
    def _settling(port: Any) -> Settle:
        return Settle(port("ledger"))

    @property
    def _now(self) -> Any:
        return self.year.agenda.now

    def _do(self, name: str, what: Any) -> None:
        self.year.work(name, what)

    def _waiting(self, status: Status) -> list[Row]:
        return [*self.year.ledger.by_status[status].values()]

    # --- calls -------------------------------------------------------------------------------------------------------

    def take_calls(self) -> None:
        """Payments come in and are told by the feed; people call, and officers put holds on and off."""
        rows, dice = self.year.books.owing(f"{self.year.today - timedelta(days=1)}"), self.year.dice("calls")
        if not rows:
            return
        if self.year.has(Trouble.FEED):
            told = [self._news(dice.one_of(rows)["tenancy_id"]) for _ in range(dice.between(0, 3))]
            self._note("".join(json.dumps(line) + "\n" for line in told).encode())
        if self.year.has(Trouble.HOLDS):
            tenancy, kind = dice.one_of(rows)["tenancy_id"], dice.one_of(HOLDS)
            until = self.year.today + timedelta(days=dice.between(0, 60)) if dice.chance(0.6) else None
            if dice.chance(0.4):
                self._do(
                    "hold", lambda port: Stand(port("ledger")).add(tenancy, kind, until, OFFICER, "called", self._now)
                )
            elif dice.chance(0.4):
                self._do("end", lambda port: Stand(port("ledger")).end(tenancy, kind))
            elif dice.chance(0.3):
                self._do("waive", lambda port: Stand(port("ledger")).waive(tenancy, OFFICER))

    def _news(self, tenancy: str) -> dict[str, str]:
        dice = self.year.dice("news", tenancy)
        when = self._now - timedelta(minutes=dice.between(-60, 600))
        return {
            "tenancy_id": tenancy,
            "event": dice.one_of(("paid", "paid", "agreed", "disputed")),
            "at": when.isoformat(),
        }

    def _note(self, body: bytes, tries: int = 1) -> None:
        done = self.year.work(f"feed {tries}", lambda port: NoteEvents(port("ledger"))(body, self._now))
        if done is None and tries < 3:
            self.year.agenda.after(60, partial(self._note, body, tries + 1))
