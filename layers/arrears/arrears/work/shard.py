"""One shard of a tick: each of its tenancies decided and explained, and the lines that the run's plan gets from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from arrears.ledger import case_of
from arrears.model import Decision, Snapshot, Step
from arrears.policy import Policy
from arrears.ports import Pseudonyms, Remembered, Unread
from arrears.rules import decide
from arrears.work.gzipped import GzipLines
from arrears.work.plan import line_of

NAMED = 3


@dataclass(slots=True)
class Decided:
    """What came of one shard: the files' lines, what was counted, and the first few whose row could not be read."""

    decisions: GzipLines = field(default_factory=GzipLines)
    plan: GzipLines = field(default_factory=GzipLines)
    decided: int = 0
    by_step: dict[str, int] = field(default_factory=dict)
    unread: int = 0
    unread_names: list[str] = field(default_factory=list)

    def add(self, decision: Decision) -> None:
        """One more decision."""
        self.decisions.add(decision.model_dump_json())
        self.decided += 1
        self.by_step[decision.step] = self.by_step.get(decision.step, 0) + 1

    def pass_over(self, unread: Unread) -> None:
        """One more that nobody can decide before its row is mended."""
        self.unread += 1
        self.unread_names += [unread.tenancy_id] if self.unread <= NAMED else []

    def counted(self) -> dict[str, object]:
        """What was counted, as it is kept."""
        kept = ("decided", "by_step", "unread", "unread_names")
        return {name: getattr(self, name) for name in kept}


def decide_shard(
    rows: Iterable[Snapshot | Unread],
    ledger: Iterable[Remembered],
    steps: frozenset[Step],
    policy: Policy,
    day: date,
    names: Pseudonyms,
) -> Decided:
    """Everyone in the shard decided on that day, and a line for each case of the run's steps."""
    done = Decided()
    for snapshot, remembered in joined(rows, ledger):
        if isinstance(snapshot, Unread):
            done.pass_over(snapshot)
            continue
        case = case_of(snapshot, remembered.rows, remembered.standing)
        decision = decide(case, policy, day)
        done.add(decision)
        if line := line_of(case, decision, steps, policy, names):
            done.plan.add(line.model_dump_json(exclude_none=True))
    return done


def joined(
    rows: Iterable[Snapshot | Unread], remembered: Iterable[Remembered]
) -> Iterator[tuple[Snapshot | Unread, Remembered]]:
    """Each snapshot with what the ledger remembers of its tenancy. Both come in the order of tenancy ids."""
    memory = iter(remembered)
    next_one = next(memory, None)
    for snapshot in rows:
        while next_one and next_one.tenancy_id < snapshot.tenancy_id:
            next_one = next(memory, None)
        matches = next_one is not None and next_one.tenancy_id == snapshot.tenancy_id
        yield snapshot, next_one if matches and next_one else Remembered(snapshot.tenancy_id)
