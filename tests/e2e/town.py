"""What surrounds a stack that a person tries: the ticks come by themselves, the provider tells what became of its
texts, and whatever happens is told in a sentence."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import count
from typing import Any

from arrears.calendar import DAY, HELSINKI, helsinki_day, month_of
from arrears.intake.names import day_in
from arrears.ledger import Run, RunStatus
from tests.e2e.month import receipt_of
from tests.e2e.stack import Stack

TICKS = time(9, 15)


class Town:
    """Lives around one stack. Whoever drops an export is taken to the morning after its ledger day."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.run_names: list[str] = []
        self._seen: set[Any] = set()
        self._answered = 0

    @property
    def runs(self) -> list[Run]:
        """The runs so far, in the order in which they were planned."""
        return [run for name in self.run_names if (run := self.stack.runs.run(name))]

    def receive(self, name: str, body: bytes) -> dict[str, Any]:
        """An export is dropped; answers its report. Raises ValueError for a name that no export has."""
        day = day_in(name)
        if day is None:
            raise ValueError(f"{name}: expected the name of an export, snapshot-YYYY-MM-DD.jsonl")
        self.stack.clock.move_to(datetime.combine(day + DAY, TICKS, HELSINKI))
        return self.stack.drop(name, body)

    def pass_a_moment(self) -> Iterator[str]:
        """Lets the street do what it does; what happened, in sentences."""
        yield from self._exports()
        yield from self._plans()
        yield from self._messages()
        yield from self._letters()

    def _exports(self) -> Iterator[str]:
        inbox = self.stack.files("InboxBucket")
        for name in inbox.names("reports/"):
            if self._is_new(name, inbox.get(name)):
                report = self.stack.report(name)
                if report["refused"]:
                    yield f"{report['name']} was refused. {report['message']}"
                else:
                    yield f"{report['name']}: {report['accepted']} rows accepted, {report['rejected_rows']} rejected."
                    yield from self._ticks(helsinki_day(self.stack.clock.at))

    def _ticks(self, today: date) -> Iterator[str]:
        """The month's tick, unless the month has its run, and the day's."""
        due = {"select_tenants": month_of(today), "follow_up": f"{today}"}
        for door, name in due.items():
            if self.stack.runs.run(name) is None:
                outcome = self.stack.tick(door)
                self.run_names.append(name)
                yield f"{door} has decided {outcome['decided']} tenancies; run {name} has {outcome['selected']} cases."

    def _plans(self) -> Iterator[str]:
        """Runs that wait for a person are told of; those that go out get their next wave, as every hour on AWS."""
        runs = self.runs
        for run in runs:
            if run.status is RunStatus.HELD and self._is_new(run.run, run.plan_hash):
                yield f"Run {run.run} waits for a person. {why(run)}"
                yield f"    . out/local/environment; arrears run approve {run.run} --plan {run.plan_hash}"
        if any(run.status is RunStatus.APPROVED for run in runs):
            self.stack.tick("reconcile")

    def _messages(self) -> Iterator[str]:
        left = self.stack.street.accepted[self._answered :]
        for place, taken in zip(count(self._answered), left, strict=False):
            became, path, told = receipt_of(place, taken.provider, taken.reference, self.stack.clock.at)
            if became:
                self.stack.post(path, told)
        self._answered += len(left)
        if left:
            yield f"{len(left)} more text{'' if len(left) == 1 else 's'} left, the last to {left[-1].to}:"
            yield f"    {left[-1].text}"

    def _letters(self) -> Iterator[str]:
        new = [name for name in self.stack.files("LettersBucket").names("letters/") if self._is_new(name)]
        if new:
            yield f"{len(new)} more letter{'' if len(new) == 1 else 's'} drawn for the print house."

    def _is_new(self, *what: Any) -> bool:
        known = what in self._seen
        self._seen.add(what)
        return not known


def why(run: Run) -> str:
    """Why a run waits, in sentences: each guard's, without its code."""
    return " ".join(reason.partition(": ")[2] or reason for reason in run.why)
