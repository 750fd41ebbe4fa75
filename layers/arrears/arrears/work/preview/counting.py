"""One export, judged whole: what would be due to whom. Nothing of the tenancies is kept but a handful of cases."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from heapq import heappush, heappushpop

from arrears.ledger import CaseKey, Status, age_group
from arrears.model import ZERO, Case, Decision, Past, Reason, Snapshot, Step, Tenant
from arrears.policy import Policy
from arrears.rules import debt, decide
from arrears.sample import Sample
from arrears.work.order import one_per_number
from arrears.work.plan import DAILY, MONTHLY, Line, line_of

SHOWN = 10


class Unnamed:
    """Names for a plan that nobody sends."""

    def reference(self, key: CaseKey) -> str:
        """The case itself."""
        return f"{key}"

    def number(self, e164: str) -> str:
        """The number itself: it is compared here and goes nowhere."""
        return e164


@dataclass(frozen=True, slots=True)
class Example:
    """One case that an approver looks at."""

    case: Case
    decision: Decision
    debt: Decimal


@dataclass(slots=True)
class Fewest:
    """The examples of the lowest rank; ranks are all different."""

    size: int = SHOWN
    _kept: list[tuple[Decimal, str, Example]] = field(default_factory=list)

    def add(self, rank: Decimal, example: Example) -> None:
        """One more, where there is room or it ranks lower than another."""
        entry = (-rank, example.decision.tenancy_id, example)
        if len(self._kept) < self.size:
            heappush(self._kept, entry)
        elif entry[:2] > self._kept[0][:2]:
            heappushpop(self._kept, entry)

    def taken(self) -> list[Example]:
        """The lowest first."""
        return [example for _, _, example in sorted(self._kept, key=lambda kept: (-kept[0], kept[1]))]


@dataclass(slots=True)
class Counted:
    """What one export comes to on a day. `seed` decides which cases are drawn; the same file draws the same ones."""

    day: date
    policy: Policy
    seed: str
    sample: Sample
    tenancies: int = 0
    debtors: int = 0
    debt: Decimal = ZERO
    steps: Counter[Step] = field(default_factory=Counter)
    reasons: Counter[tuple[Step, Reason]] = field(default_factory=Counter)
    areas: Counter[tuple[str, Step | None]] = field(default_factory=Counter)
    ages: Counter[tuple[str, Step | None]] = field(default_factory=Counter)
    due: dict[str, Step] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    drawn: Fewest = field(default_factory=Fewest)
    most: Fewest = field(default_factory=lambda: Fewest(SHOWN // 2))
    least: Fewest = field(default_factory=lambda: Fewest(SHOWN // 2))

    def add(self, case: Case) -> None:
        """One more tenancy."""
        decision, owed = decide(case, self.policy, self.day), debt(case.snapshot, self.policy, self.day)
        self.tenancies += 1
        if owed:
            self.debtors += 1
            self.debt += owed
            self._group(case.snapshot, decision, None)
            self.reasons.update((decision.step, reason) for reason in decision.reasons)
        if line := line_of(case, decision, MONTHLY | DAILY, self.policy, Unnamed()):
            self.lines.append(line)
        if decision.step is not Step.NONE:
            self._take_due(Example(case, decision, owed))

    def planned(self) -> list[Line]:
        """The texts that would leave: one for each number, and none for the comparison group."""
        texts = one_per_number(line for line in self.lines if line.key.step is Step.SMS_REMINDER)
        return [line for line in texts if line.status is Status.PLANNED]

    def _take_due(self, example: Example) -> None:
        decision, snapshot = example.decision, example.case.snapshot
        self.steps[decision.step] += 1
        self.due[decision.tenancy_id] = decision.step
        self._group(snapshot, decision, decision.step)
        lot = blake2b(f"{self.seed}/{decision.tenancy_id}".encode(), digest_size=8).digest()
        self.drawn.add(Decimal(int.from_bytes(lot, "big")), example)
        self.most.add(-example.debt, example)
        self.least.add(example.debt, example)

    def _group(self, snapshot: Snapshot, decision: Decision, step: Step | None) -> None:
        self.areas[snapshot.area, step] += 1
        self.ages[age_group(meant(snapshot, decision).birth_date, self.day), step] += 1


def counted(
    snapshots: Iterable[Snapshot],
    history: Mapping[str, tuple[Past, ...]],
    day: date,
    policy: Policy,
    seed: str,
    sample: Sample,
) -> Counted:
    """Every tenancy of an export decided on that day, with what was already done."""
    result = Counted(day, policy, seed, sample)
    for snapshot in snapshots:
        result.add(Case(snapshot=snapshot, history=history.get(snapshot.tenancy_id, ())))
    return result


def meant(snapshot: Snapshot, decision: Decision) -> Tenant:
    """Whose age group a case counts in: who is written to, else the first on the lease."""
    recipient = (tenant for tenant in snapshot.tenants if tenant.tenant_id == decision.recipient)
    return next(recipient, snapshot.tenants[0])
