"""From a plan to the queues: rows first, then the bell; in waves, each only after the one before left no doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from arrears.calendar import DAY
from arrears.guards import next_wave
from arrears.ledger import CaseMessage, Run, RunStatus, Status
from arrears.model import LETTERS, Step
from arrears.policy import Policy, policy_on
from arrears.ports import Bell, Ledger, Records, Runs, Snapshots
from arrears.work.plan import Line, plan_hash, plan_lines, plan_name, row_of

AT_ONCE = 500  # cases whose rows are written before their bells ring


@dataclass(frozen=True, slots=True)
class Release:
    """Lets an approved run go, one wave further. `bells` are the queues: messages and letters."""

    snapshots: Snapshots
    ledger: Ledger
    runs: Runs
    records: Records
    bells: Mapping[str, Bell]

    def __call__(self, name: str, now: datetime) -> int:
        """How many cases were enqueued; 0 when the run is not approved, is waiting for its last wave, or is done."""
        run = self.runs.run(name)
        if run is None or run.status is not RunStatus.APPROVED or run.plan_hash is None:
            return 0
        policy = policy_on(run.day)
        if self._void(run, policy, now):
            return 0
        body = self.records.get(plan_name(name, run.plan_hash))
        if body is None or plan_hash(body) != run.plan_hash:
            self.runs.change(name, {RunStatus.APPROVED}, "plan_changed", status=RunStatus.HELD, why=("plan_changed",))
            return 0
        lines = list(plan_lines(body))
        if run.released == 0:
            self._enqueue(run, [line for line in lines if line.status is not Status.PLANNED], now)
        return self._next_wave(run, [line for line in lines if line.status is Status.PLANNED], policy, now)

    def _void(self, run: Run, policy: Policy, now: datetime) -> bool:
        if run.released:
            return False
        pointer = self.snapshots.current()
        if now - run.started_at > timedelta(days=policy.run.plan_days):
            return self.runs.change(run.run, {RunStatus.APPROVED}, "plan_expired", status=RunStatus.EXPIRED) or True
        if pointer is None or pointer.version != run.snapshot:
            why = "snapshot_changed"
            return self.runs.change(run.run, {RunStatus.APPROVED}, why, status=RunStatus.HELD, why=(why,)) or True
        return False

    def _next_wave(self, run: Run, due: list[Line], policy: Policy, now: datetime) -> int:
        if run.released and not self._settled(run, now):
            return 0
        if run.released >= len(due):
            self.runs.change(run.run, {RunStatus.APPROVED}, "done", status=RunStatus.DONE)
            return 0
        until = run.released + next_wave(len(due), run.released, policy)
        until = until if run.monthly else len(due)  # a day's run is small and capped
        wave = due[run.released : until]
        self._enqueue(run, wave, now)
        self.runs.change(run.run, {RunStatus.APPROVED}, f"released {len(wave)}", released=until)
        return len(wave)

    def _settled(self, run: Run, now: datetime) -> bool:
        """No case of the run is waiting, under way or unknown: looked for in the order in which a case moves, those
        that wait once more at the end, and whatever changes meanwhile counts, so that none slips past the look."""
        doubtful = (Status.PLANNED, Status.SENDING, Status.UNKNOWN, Status.PLANNED)
        return not any(row.run == run.run for status in doubtful for row in self.ledger.waiting(status, now + DAY))

    def _enqueue(self, run: Run, lines: list[Line], now: datetime) -> None:
        for first in range(0, len(lines), AT_ONCE):
            part = lines[first : first + AT_ONCE]
            for line in part:
                self.ledger.plan(row_of(line, run, now))
            keys = [line.key for line in part if line.status is Status.PLANNED]
            for name, bell in self.bells.items():
                bell.ring([CaseMessage(key=key, run=run.run) for key in keys if bell_of(key.step) == name])


def bell_of(step: Step) -> str:
    """Which queue a step goes to."""
    return "letters" if step in LETTERS else "notices"
