"""What the ledger remembers: one row per tenancy, period and step, the states a row may take.

A row only moves along MOVES, and every move is added to its `events`; nothing is taken back. No name, number or
amount of debt is kept here: a row points to a person by `recipient`, never describes one.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from arrears.calendar import age
from arrears.model import Day, Facts, Identifier, Money, Outcome, Past, Reason, Step


class Status(StrEnum):
    """Where a message or letter stands."""

    PLANNED = "PLANNED"  # selected, not yet on its way
    SENDING = "SENDING"  # one sender has claimed it; what happens now may reach the tenant
    SENT = "SENT"  # the provider or print house has it
    DELIVERED = "DELIVERED"  # it arrived, or was printed and posted
    UNDELIVERED = "UNDELIVERED"  # it will not arrive
    NO_RECEIPT = "NO_RECEIPT"  # accepted, and then nothing was heard
    UNKNOWN = "UNKNOWN"  # nobody knows whether it left; never sent again by machine
    REJECTED = "REJECTED"  # refused for good: a person looks
    EXHAUSTED = "EXHAUSTED"  # refused for the moment too many times
    STOOD_DOWN = "STOOD_DOWN"  # no longer due when it was looked at again
    IMPOSSIBLE = "IMPOSSIBLE"  # due, but no number that a text can reach
    SET_ASIDE = "SET_ASIDE"  # our own text or letter was not fit to leave: a person mends it
    HELD_OUT = "HELD_OUT"  # in the month's comparison group: gets no text
    EXPIRED = "EXPIRED"  # its time passed before it left
    OPEN = "OPEN"  # in a person's hands
    CLOSED = "CLOSED"  # a person has dealt with it


_ARRIVAL = frozenset({Status.DELIVERED, Status.UNDELIVERED})

MOVES: dict[Status, frozenset[Status]] = {
    Status.PLANNED: frozenset({Status.SENDING, Status.STOOD_DOWN, Status.SET_ASIDE, Status.EXPIRED}),
    Status.SENDING: _ARRIVAL
    | {Status.SENT, Status.PLANNED, Status.REJECTED, Status.EXHAUSTED, Status.UNKNOWN, Status.SET_ASIDE},
    Status.UNKNOWN: _ARRIVAL | {Status.SENT, Status.PLANNED, Status.EXHAUSTED},
    Status.SENT: _ARRIVAL | {Status.NO_RECEIPT},
    Status.NO_RECEIPT: _ARRIVAL,
    Status.UNDELIVERED: frozenset({Status.DELIVERED}),
    Status.OPEN: frozenset({Status.CLOSED}),
}
FINAL = frozenset(Status) - frozenset(MOVES)

# What the judgement is told about a row. A row that never left and never will is no history at all.
OUTCOMES: dict[Status, Outcome] = {
    Status.PLANNED: Outcome.UNKNOWN,
    Status.SENDING: Outcome.UNKNOWN,
    Status.UNKNOWN: Outcome.UNKNOWN,
    Status.SENT: Outcome.SENT,
    Status.NO_RECEIPT: Outcome.SENT,
    Status.DELIVERED: Outcome.DELIVERED,
    Status.UNDELIVERED: Outcome.FAILED,
    Status.REJECTED: Outcome.FAILED,
    Status.IMPOSSIBLE: Outcome.IMPOSSIBLE,
}


def may_move(old: Status, new: Status) -> bool:
    """Whether a row may go from one state to the other."""
    return new in MOVES.get(old, frozenset())


class CaseKey(Facts):
    """Which case: a tenancy, a step, and the period it belongs to ("2026-11"; for a court notice the day the case
    was opened, so that one case gets one notice)."""

    tenancy_id: Identifier
    period: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$")]
    step: Step

    def __str__(self) -> str:
        return f"{self.tenancy_id}/{self.period}/{self.step}"


class CaseMessage(Facts):
    """What a queue carries: which case, and the run it belongs to. Nothing about the person."""

    key: CaseKey
    run: str


class Event(Facts):
    """One entry of a row's history: when, what it became, by whom (a function or a person), and why."""

    at: AwareDatetime
    status: Status
    by: str
    why: str | None = None


class Row(Facts):
    """One ledger row."""

    key: CaseKey
    run: str
    status: Status
    reasons: tuple[Reason, ...] = ()
    policy: str
    recipient: str | None = None
    reference: str
    on: Day
    planned_at: AwareDatetime
    changed_at: AwareDatetime
    events: tuple[Event, ...] = ()
    history: tuple[Past, ...] = ()
    area: str | None = None
    age_group: str | None = None
    owner: str | None = None
    attempts: int = 0
    template: str | None = None
    segments: int | None = None
    channel: str | None = None
    provider: str | None = None
    message_id: str | None = None
    why: str | None = None
    fee: Money | None = None
    fee_month: str | None = None

    @property
    def past(self) -> Past | None:
        """The row as the judgement sees it; None when nothing left and nothing will."""
        outcome = OUTCOMES.get(self.status)
        return None if outcome is None else Past(step=self.key.step, on=self.on, outcome=outcome, fee=self.fee)


def age_group(birth: date, today: date) -> str:
    """The report's age groups: 18-29, 30-44, 45-64, 65+."""
    years = age(birth, today)
    return "18-29" if years < 30 else "30-44" if years < 45 else "45-64" if years < 65 else "65+"
