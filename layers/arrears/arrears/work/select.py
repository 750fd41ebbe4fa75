"""The tick's errand: every tenancy decided and explained, a plan made of it, and the plan judged by the guards.

A shard at a time, so that a run that runs short of time goes on where it stopped, with the same result. The plan is
bound to its hash; a run that any guard holds enqueues nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import Field

from arrears.calendar import helsinki_day, is_working_day, month_of
from arrears.guards import Figures, Guard, Verdict, judge
from arrears.ledger import Pointer, Run, RunStatus, is_month
from arrears.model import Facts, Step
from arrears.policy import Policy, policy_on
from arrears.ports import Ledger, Pseudonyms, Records, Runs, Snapshots
from arrears.sample import Sample, sample_name
from arrears.work.order import one_per_number
from arrears.work.plan import DAILY, MONTHLY, Due, Line, plan_body, plan_hash, plan_lines, plan_name
from arrears.work.release import Release
from arrears.work.shard import NAMED, decide_shard

SECONDS_TO_SPARE = 90.0
LET_GO = frozenset({RunStatus.APPROVED, RunStatus.HALTED, RunStatus.DONE})


class Selected(Facts):
    """What a tick did. `next_shard` is set when time ran short: the same tick goes on there."""

    run: str
    status: str
    decided: int = 0
    selected: int = 0
    released: int = 0
    by_step: dict[str, int] = Field(default_factory=dict)
    why: tuple[str, ...] = ()
    next_shard: int | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """Makes and judges a run's plan: the month's (texts) or the day's (letters and court notices)."""

    snapshots: Snapshots
    ledger: Ledger
    runs: Runs
    records: Records
    pseudonyms: Pseudonyms
    release: Release
    started_by: str

    def monthly(self, tick: datetime, now: datetime, seconds_left: Callable[[], float], shard: int = 0) -> Selected:
        """The month's text messages. A second tick of the same month changes nothing."""
        return self._run(month_of(helsinki_day(tick)), MONTHLY, tick, now, seconds_left, shard)

    def daily(self, tick: datetime, now: datetime, seconds_left: Callable[[], float], shard: int = 0) -> Selected:
        """The day's letters and court notices; none on a day on which the post does not move."""
        day = helsinki_day(tick)
        if not is_working_day(day):
            return Selected(run=f"{day}", status="rest_day")
        return self._run(f"{day}", DAILY, tick, now, seconds_left, shard)

    def _run(
        self,
        name: str,
        steps: frozenset[Step],
        tick: datetime,
        now: datetime,
        seconds_left: Callable[[], float],
        shard: int,
    ) -> Selected:
        day, pointer = helsinki_day(tick), self.snapshots.current()
        if pointer is None:
            return Selected(run=name, status="no_snapshot", why=("no export has been published yet",))
        policy = policy_on(day)
        run = self._opened(name, day, pointer, policy, now)
        if run.status is not RunStatus.PLANNING:
            return Selected(run=name, status=run.status, why=run.why)
        # Shards that were planned from another snapshot are planned again.
        for place in range(shard if run.snapshot == pointer.version else 0, pointer.shards):
            if seconds_left() < SECONDS_TO_SPARE:
                return Selected(run=name, status=run.status, next_shard=place)
            self._decide_shard(name, steps, pointer, place, policy, day)
        return self._judged(name, pointer, policy, day, now)

    def _opened(self, name: str, day: date, pointer: Pointer, policy: Policy, now: datetime) -> Run:
        cap = policy.guards.cap if is_month(name) else policy.guards.daily_cap
        new = Run(
            run=name,
            status=RunStatus.PLANNING,
            day=day,
            snapshot=pointer.version,
            started_by=self.started_by,
            started_at=now,
            cap=cap,
            events=(f"{now.isoformat()} planned by {self.started_by}",),
        )
        if self.runs.open(new):
            return new
        run = self.runs.run(name) or new
        if self._may_begin_anew(run, pointer):
            fresh = {name: getattr(new, name) for name in ("snapshot", "day", "started_by", "started_at", "status")}
            self.runs.change(name, {run.status}, f"{now.isoformat()} planned anew by {self.started_by}", **fresh)
            return self.runs.run(name) or new
        if run.status is RunStatus.PLANNING and run.snapshot != pointer.version:
            self.runs.change(name, {RunStatus.PLANNING}, "newer_snapshot", snapshot=pointer.version)
        return run

    def _may_begin_anew(self, run: Run, pointer: Pointer) -> bool:
        """A person may ask for a new plan of a held run when the snapshot has changed; nothing of it has left."""
        waiting = run.status in (RunStatus.HELD, RunStatus.EXPIRED) and not run.released
        return waiting and run.snapshot != pointer.version and self.started_by != "schedule"

    def _decide_shard(
        self, name: str, steps: frozenset[Step], pointer: Pointer, shard: int, policy: Policy, day: date
    ) -> None:
        rows, ledger = self.snapshots.shard(pointer.version, shard), self.ledger.shard(shard, pointer.shards)
        done = decide_shard(rows, ledger, steps, policy, day, self.pseudonyms)
        self.records.put(f"decisions/{name}/{shard:03}.jsonl.gz", done.decisions.body())
        self.records.put(f"{_work(name, pointer)}/{shard:03}.jsonl.gz", done.plan.body())
        self.records.put(f"{_work(name, pointer)}/{shard:03}.json", json.dumps(done.counted(), sort_keys=True).encode())

    def _judged(self, name: str, pointer: Pointer, policy: Policy, day: date, now: datetime) -> Selected:
        counted = [json.loads(self._record(f"{_work(name, pointer)}/{n:03}.json")) for n in range(pointer.shards)]
        # Only a month's run is compared with earlier ones.
        known = self.runs.latest(4) if is_month(name) else []
        earlier = [run for run in known if run.run < name and run.figures and run.released]
        due = Due(self._cases_of(earlier[0]) if earlier else frozenset())
        body = plan_body(due.counted(one_per_number(self._lines(name, pointer))))
        self.records.put(plan_name(name, plan_hash(body)), body)
        figures, verdicts = self._verdicts(name, pointer, due, earlier, policy, now)
        why = tuple(f"{verdict.guard}: {verdict.sentence}" for verdict in verdicts if not verdict.passed)
        why += _unread(counted)
        if not why and not policy.run.auto_approve:
            why = ("approval: the policy asks a person to approve every run.",)
        status = RunStatus.HELD if why else RunStatus.APPROVED
        self.runs.change(
            name,
            {RunStatus.PLANNING},
            f"{now.isoformat()} {status}",
            status=status,
            snapshot=pointer.version,
            plan_hash=plan_hash(body),
            total=due.number,
            why=why,
            figures=figures.model_dump_json(),
        )
        by_step: dict[str, int] = {}
        for shard in counted:
            for step, number in shard["by_step"].items():
                by_step[step] = by_step.get(step, 0) + number
        return Selected(
            run=name,
            status=status,
            decided=sum(shard["decided"] for shard in counted),
            selected=due.number,
            released=0 if why else self.release(name, now),
            by_step=by_step,
            why=why,
        )

    def _verdicts(
        self, name: str, pointer: Pointer, due: Due, earlier: list[Run], policy: Policy, now: datetime
    ) -> tuple[Figures, Iterable[Verdict]]:
        figures = self._figures(pointer, due, earlier[0] if earlier else None)
        known = [Figures.model_validate_json(run.figures or "") for run in earlier]
        verdicts = judge(figures, known, policy, now)
        if is_month(name):
            return figures, verdicts
        # A day's letters follow the month's texts and are capped. Once a person has looked at a first month, the import
        # keeps money on its scale and only an old ledger can make them wrong; before that, a wrong first export can.
        looked_at = any(run.run < name and run.status in LET_GO for run in self.runs.latest(4))
        first = Verdict(
            guard=Guard.FIRST_RUN,
            passed=looked_at or not due.number,
            sentence="No month's run was ever let go, so a person looks at these letters and notices.",
        )
        day_cap = Verdict(
            guard=Guard.CAP,
            passed=due.number <= policy.guards.daily_cap,
            sentence=f"{due.number:,} are due; the cap of one day is {policy.guards.daily_cap:,}.",
        )
        return figures, [day_cap, first, *(verdict for verdict in verdicts if verdict.guard is Guard.FRESH)]

    def _figures(self, pointer: Pointer, due: Due, last: Run | None) -> Figures:
        figures = Figures.model_validate_json(pointer.figures or "")
        changes: dict[str, object] = {"selected": due.number}
        if last and last.plan_hash:
            changes["new_cases"] = due.new
            changes |= self._compared(pointer, last)
        return figures.model_copy(update=changes)

    def _cases_of(self, run: Run) -> frozenset[str]:
        body = self.records.get(plan_name(run.run, run.plan_hash)) if run.plan_hash else None
        return frozenset(line.key.tenancy_id for line in plan_lines(body)) if body else frozenset()

    def _lines(self, name: str, pointer: Pointer) -> Iterator[Line]:
        for shard in range(pointer.shards):
            yield from plan_lines(self._record(f"{_work(name, pointer)}/{shard:03}.jsonl.gz"))

    def _compared(self, pointer: Pointer, last: Run) -> dict[str, object]:
        here, before = self.records.get(sample_name(pointer.version)), self.records.get(sample_name(last.snapshot))
        if here is None or before is None:
            return {}
        now, then = Sample.model_validate_json(here), Sample.model_validate_json(before)
        known = now.known_here(then)
        return {
            "known": len(known),
            "missing": now.missing(then),
            "balance_ratio": now.balance_ratio(then, last.day),
        }

    def _record(self, name: str) -> bytes:
        body = self.records.get(name)
        if body is None:
            raise LookupError(f"{name} is missing: run the tick again from its first shard")
        return body


def _unread(counted: list[dict[str, Any]]) -> tuple[str, ...]:
    """Why a run waits for a person when rows of its snapshot could not be read: nobody was decided on a guess."""
    number = sum(shard.get("unread", 0) for shard in counted)
    names = [name for shard in counted for name in shard.get("unread_names", ())][:NAMED]
    listed = ", ".join(names) + (" and others" if number > len(names) else "")
    return (f"{Guard.COMPLETE}: rows of the snapshot that could not be read: {number:,} ({listed}).",) if number else ()


def _work(name: str, pointer: Pointer) -> str:
    return f"plans/{name}/{pointer.version}"
