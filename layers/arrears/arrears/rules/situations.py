"""A case on a day: what every rule asks again and again, worked out once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arrears.calendar import due_day
from arrears.model import LETTERS, Case, OpenItem, Outcome, Past, Reason, Snapshot, Step
from arrears.policy import Policy
from arrears.rules.debts import counted_items, owed

# What has reached the tenant, or surely cannot: only these start a clock. An unknown text never does.
STARTS_THE_CLOCK = frozenset({Outcome.SENT, Outcome.DELIVERED, Outcome.FAILED, Outcome.IMPOSSIBLE})
ARRIVED = frozenset({Outcome.SENT, Outcome.DELIVERED})


@dataclass(frozen=True, slots=True)
class Situation:
    """A case as it stands on a day.

    `items` are the charges that make up `debt`, and `oldest_due` is the day the first of them fell due. `latest` has
    the last of each step already taken: of reminders the last that started the clock, of letters the last that was
    made, whatever became of it.
    """

    case: Case
    policy: Policy
    today: date
    debt: Decimal
    items: tuple[OpenItem, ...]
    oldest_due: date | None
    latest: Mapping[Step, Past]

    @property
    def snapshot(self) -> Snapshot:
        """The tenancy as the ledger knows it."""
        return self.case.snapshot

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
        return later(*(self.latest.get(step) for step in LETTERS))

    def owed_since(self, past: Past) -> bool:
        """Whether debt that was due before that step is still unpaid today."""
        return owed(self.items, self.snapshot, past.on) > 0


Rule = Callable[[Situation], Reason | None]


def situation(case: Case, policy: Policy, today: date) -> Situation:
    """The case as it stands on that day."""
    items = counted_items(case.snapshot, policy, today)
    return Situation(
        case=case,
        policy=policy,
        today=today,
        debt=owed(items, case.snapshot, today),
        items=items,
        oldest_due=min((due_day(item.due_date) for item in items), default=None),
        latest=_latest(case.history),
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
