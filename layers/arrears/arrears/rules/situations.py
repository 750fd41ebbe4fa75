"""A case on a day: what every rule asks again and again, worked out once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from arrears.calendar import due_day
from arrears.model import LETTERS, Case, HoldKind, OpenItem, Outcome, Past, Reason, Snapshot, Step
from arrears.policy import Policy
from arrears.rules.debts import counted_items, owed

# What has reached the tenant, or surely cannot: only these start a clock. An unknown text never does.
STARTS_THE_CLOCK = frozenset({Outcome.SENT, Outcome.DELIVERED, Outcome.FAILED, Outcome.IMPOSSIBLE})
ARRIVED = frozenset({Outcome.SENT, Outcome.DELIVERED})


class Situation(NamedTuple):
    """A case as it stands on a day.

    `snapshot` is the tenancy as the ledger knows it, and `holds` are the kinds of hold on it that day. `items` are the
    charges that make up `debt`, and `oldest_due` is the day the first of them fell due. `latest` has the last of each
    step already taken: of reminders the last that started the clock, of letters the last that was made, whatever
    became of it.
    """

    snapshot: Snapshot
    history: tuple[Past, ...]
    policy: Policy
    today: date
    debt: Decimal
    items: tuple[OpenItem, ...]
    oldest_due: date | None
    holds: tuple[HoldKind, ...]
    latest: Mapping[Step, Past]

    @property
    def reminder(self) -> Past | None:
        """The last text whose fate is known."""
        return self.latest.get(Step.SMS_REMINDER)

    @property
    def letter(self) -> Past | None:
        """The last collection letter."""
        return self.latest.get(Step.COLLECTION_LETTER)

    @property
    def warning(self) -> Past | None:
        """The last warning before court."""
        return self.latest.get(Step.COURT_WARNING_LETTER)

    @property
    def last_letter(self) -> Past | None:
        """The last letter of any kind."""
        return later(*(past for step, past in self.latest.items() if step in LETTERS))

    def owed_since(self, past: Past) -> bool:
        """Whether debt that was due before that step is still unpaid today."""
        return owed(self.items, self.snapshot, past.on) > 0


Rule = Callable[[Situation], Reason | None]


def situation(case: Case, policy: Policy, today: date) -> Situation:
    """The case as it stands on that day."""
    snapshot, history = case.snapshot, case.history
    items = counted_items(snapshot, policy, today)
    return Situation(
        snapshot=snapshot,
        history=history,
        policy=policy,
        today=today,
        debt=owed(items, snapshot, today),
        items=items,
        oldest_due=min([due_day(item.due_date) for item in items], default=None),
        holds=tuple([hold.kind for hold in snapshot.holds if hold.on(today)]),
        latest=_latest(history) if history else {},
    )


def holding(rules: Iterable[Rule], at: Situation) -> list[Reason]:
    """The reasons of those rules that hold."""
    return [reason for rule in rules if (reason := rule(at))]


def later(*pasts: Past | None) -> Past | None:
    """The last of these; of two on one day the one that arrived."""
    return max((past for past in pasts if past), key=_recency, default=None)


def _latest(history: tuple[Past, ...]) -> dict[Step, Past]:
    told = sorted(history, key=_recency)
    return {past.step: past for past in told if past.step in LETTERS or past.outcome in STARTS_THE_CLOCK}


def _recency(past: Past) -> tuple[date, bool]:
    return past.on, past.outcome in ARRIVED
