"""What people do to runs and cases: approve, hold, halt, resume, settle a doubt, close a case handed to them.

Every change says who and why, and is refused in one sentence when it does not fit what is there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from arrears.ledger import CaseKey, Row, Run, RunStatus, Status
from arrears.policy import policy_on
from arrears.ports import Ledger, Runs, Snapshots


class NotAllowed(Exception):
    """The change was not made; the message is the reason, for the person who asked."""


@dataclass(frozen=True, slots=True)
class Operate:
    """Changes to runs. `who` is the caller's identity as AWS knows it."""

    snapshots: Snapshots
    runs: Runs

    def approve(self, name: str, who: str, plan_hash: str, now: datetime) -> Run:
        """Lets a held run go. Another person than the one who started it must say so, of exactly this plan, made from
        the snapshot that is still in force, within the policy's days."""
        run = self._run(name)
        if run.status is not RunStatus.HELD:
            raise NotAllowed(f"run {name} is {run.status}: only a HELD run can be approved")
        if who == run.started_by:
            raise NotAllowed(f"{who} started run {name}: another person must approve it")
        if plan_hash != run.plan_hash:
            raise NotAllowed(f"run {name} has another plan now: look at it again and approve {run.plan_hash}")
        if now - run.started_at > timedelta(days=policy_on(run.day).run.plan_days):
            raise NotAllowed(f"the plan of run {name} is too old: start the run again")
        pointer = self.snapshots.current()
        if pointer is None or pointer.version != run.snapshot:
            raise NotAllowed(f"a newer snapshot than run {name}'s is in force: start the run again")
        self._change(run, {RunStatus.HELD}, now, f"approved by {who}", status=RunStatus.APPROVED, approved_by=who)
        return self._run(name)

    def hold(self, name: str, who: str, why: str, now: datetime) -> Run:
        """Keeps a run from going out; nothing of it may have left yet."""
        run = self._run(name)
        if run.released:
            raise NotAllowed(f"run {name} is already going out: halt it")
        expected = {RunStatus.PLANNING, RunStatus.APPROVED, RunStatus.HELD}
        held = (*run.why, f"held by {who}: {why}")
        self._change(run, expected, now, f"held by {who}: {why}", status=RunStatus.HELD, why=held)
        return self._run(name)

    def halt(self, name: str, who: str, why: str, now: datetime) -> Run:
        """Stops a run that is going out. What the provider has at this moment still arrives; nothing more leaves."""
        run = self._run(name)
        said = f"halted by {who}: {why}"
        self._change(run, {RunStatus.APPROVED}, now, said, status=RunStatus.HALTED, halted_by=who)
        return self._run(name)

    def resume(self, name: str, who: str, why: str, now: datetime) -> Run:
        """Lets a halted run go on."""
        run = self._run(name)
        said = f"resumed by {who}: {why}"
        self._change(run, {RunStatus.HALTED}, now, said, status=RunStatus.APPROVED, halted_by=None, failing=0)
        return self._run(name)

    def _run(self, name: str) -> Run:
        run = self.runs.run(name)
        if run is None:
            raise NotAllowed(f"there is no run {name}: expected a month such as 2026-11, or a day such as 2026-11-16")
        return run

    def _change(self, run: Run, expected: set[RunStatus], now: datetime, event: str, **changes: object) -> None:
        if not self.runs.change(run.run, expected, f"{now.isoformat()} {event}", **changes):
            raise NotAllowed(f"run {run.run} is {run.status}: expected {' or '.join(sorted(expected))}")


@dataclass(frozen=True, slots=True)
class Settle:
    """Changes to cases that a person decides."""

    ledger: Ledger

    def unknown(self, key: CaseKey, sent: bool, who: str, why: str, now: datetime) -> Row:
        """Ends a doubt: it was sent, or it surely was not and waits to be sent again within its period."""
        row = self._row(key, Status.UNKNOWN)
        new = Status.SENT if sent else Status.PLANNED
        self._move(row, new, now, who, why)
        return row

    def close(self, key: CaseKey, who: str, why: str, now: datetime) -> Row:
        """A case that was handed to a person has been dealt with."""
        row = self._row(key, Status.OPEN)
        self._move(row, Status.CLOSED, now, who, why)
        return row

    def _row(self, key: CaseKey, expected: Status) -> Row:
        row = self.ledger.row(key)
        if row is None or row.status is not expected:
            raise NotAllowed(f"{key} is {row.status if row else 'not in the ledger'}: expected {expected}")
        return row

    def _move(self, row: Row, new: Status, now: datetime, who: str, why: str) -> None:
        if not self.ledger.move(row, new, now, who, why):
            raise NotAllowed(f"{row.key} was changed at this moment: look again")
