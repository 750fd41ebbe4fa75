"""The preview as an approver reads it: a headline, figures, tables, the texts, and a handful of cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from arrears.explain import explain
from arrears.guards import Verdict
from arrears.intake import Report
from arrears.ledger import Status, age_group
from arrears.model import LETTERS, Step
from arrears.outcomes.tables import Table
from arrears.outcomes.words import day_said, place, said
from arrears.rules import situation
from arrears.work.preview.counting import Counted, Example, meant
from arrears.work.preview.judging import verdicts
from arrears.work.preview.tables import all_tables
from arrears.work.preview.texts import Message, cents, messages


@dataclass(frozen=True, slots=True)
class Told:
    """One case without a name: its id, what it is, why, and the judgement in sentences."""

    tenancy_id: str
    what: str
    step: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that a preview shows. `held` are the guards that would hold the run; `before` the day it is compared with."""

    day: date
    as_of: date
    before: date | None
    policy: str
    report: Report
    verdicts: tuple[Verdict, ...]
    counts: dict[str, int]
    debt: Decimal
    cost: Decimal
    price: Decimal
    tables: dict[str, Table]
    messages: tuple[Message, ...]
    drawn: tuple[Told, ...]
    extremes: tuple[Told, ...]

    @property
    def held(self) -> list[Verdict]:
        """The guards that would hold the run."""
        return [verdict for verdict in self.verdicts if not verdict.passed]


def outlook(
    now: Counted, report: Report, before: tuple[Counted, Report] | None, moment: datetime, price: Decimal
) -> Outlook:
    """What a run would do. `price` is euros for one segment of a text; `moment` is when the run would be made."""
    texts, last = messages(now), before[0] if before else None
    return Outlook(
        day=now.day,
        as_of=report.as_of or now.day,
        before=last.day if last else None,
        policy=now.policy.name,
        report=report,
        verdicts=verdicts(now, report, before, moment),
        counts=_counts(now, texts),
        debt=now.debt,
        cost=sum((text.cost(price) for text in texts), Decimal(0)),
        price=price,
        tables={table.name: table for table in all_tables(now, last, texts, price) if table.rows},
        messages=tuple(texts),
        drawn=tuple(_told(example, now) for example in now.drawn.taken()),
        extremes=tuple(_told(example, now) for example in _extremes(now)),
    )


def _counts(now: Counted, texts: Iterable[Message]) -> dict[str, int]:
    states = Counter(line.status for line in now.lines)
    planned = len(now.planned())
    lines = sum(line.key.step is Step.SMS_REMINDER for line in now.lines)
    return {
        "tenancies": now.tenancies,
        "debtors": now.debtors,
        "texts": planned,
        "letters": sum(number for step, number in now.steps.items() if step in LETTERS),
        "notices": now.steps[Step.COURT_NOTICE],
        "people": now.steps[Step.HAND_TO_PERSON],
        "segments": sum(text.count * text.segments for text in texts),
        "no_number": states[Status.IMPOSSIBLE],
        "comparison": states[Status.HELD_OUT],
        "shared_number": lines - planned - states[Status.IMPOSSIBLE] - states[Status.HELD_OUT],
    }


def _extremes(now: Counted) -> list[Example]:
    """Those who owe most, then those who owe least; nobody twice."""
    found = {example.decision.tenancy_id: example for example in [*now.most.taken(), *now.least.taken()[::-1]]}
    return list(found.values())


def _told(example: Example, now: Counted) -> Told:
    case, decision = example.case, example.decision
    at = situation(case, now.policy, now.day)
    rents = cents(example.debt / case.snapshot.monthly_rent)
    since = f", the oldest charge due on {day_said(at.oldest_due)}" if at.oldest_due else ""
    who = f"{place(case.snapshot.area)}, {age_group(meant(case.snapshot, decision).birth_date, now.day)}"
    return Told(
        tenancy_id=decision.tenancy_id,
        what=f"{who}: owes EUR {example.debt:,}, {rents} rents{since}",
        step=f"{said('step', decision.step)}: {', '.join(said('reason', reason) for reason in decision.reasons)}",
        sentences=tuple(explain(case, now.policy, now.day)[1:]),
    )
