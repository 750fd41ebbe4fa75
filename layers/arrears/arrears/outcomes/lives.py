"""What is known of one tenancy in a month's report, put together from everything that was kept in its order."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from arrears.calendar import DAY, is_working_day
from arrears.ledger import Row
from arrears.model import Decision, Reason, Snapshot


class Told(NamedTuple):
    """One thing that is known of a tenancy: its ledger rows, a decision about it, or its row in the export of a day.

    `day` is the ledger day that a decision or export speaks of. `planned` marks a decision of the month's own run.
    """

    tenancy_id: str
    fact: tuple[Row, ...] | Decision | Snapshot
    day: date | None = None
    planned: bool = False


@dataclass(slots=True)
class Life:
    """A tenancy as the report sees it: `owed_on` and `agreed_on` are the days on which the ledger showed a debt or a
    payment agreement, `exports` its row in the exports of the days asked for, `contacts` every contact they tell of."""

    tenancy_id: str
    rows: tuple[Row, ...] = ()
    planned: Decision | None = None
    owed_on: set[date] = field(default_factory=set)
    agreed_on: set[date] = field(default_factory=set)
    contacts: set[date] = field(default_factory=set)
    exports: dict[date, Snapshot] = field(default_factory=dict)

    def learn(self, told: Told, kept: Collection[date | None]) -> None:
        """Takes one more thing in; of the exports only those of the days `kept` are remembered whole."""
        if isinstance(told.fact, Snapshot):
            if told.fact.contacted_on:
                self.contacts.add(told.fact.contacted_on)
            if told.fact.as_of in kept:
                self.exports[told.fact.as_of] = told.fact
        elif not isinstance(told.fact, Decision):
            self.rows += told.fact
        elif told.planned:
            self.planned = told.fact
        elif told.day:
            self._learn_decision(told.fact, booked_by(told.day))

    def _learn_decision(self, decision: Decision, day: date) -> None:
        if Reason.NO_DEBT not in decision.reasons:
            self.owed_on.add(day)
        if Reason.PAYMENT_AGREEMENT in decision.reasons:
            self.agreed_on.add(day)


def lives(told: Iterable[Told], kept: Collection[date | None]) -> Iterator[Life]:
    """Tenancy by tenancy; what is told must come in the order of tenancy ids, and only one life is held at a time."""
    for tenancy_id, facts in groupby(told, key=lambda one: one.tenancy_id):
        life = Life(tenancy_id)
        for one in facts:
            life.learn(one, kept)
        yield life


def booked_by(day: date) -> date:
    """The banking day of what a ledger shows: what Sunday's ledger shows was there on Friday."""
    while not is_working_day(day):
        day -= DAY
    return day
