"""The runs: the plan of a month or a day, who let it go, and its tallies; and which snapshot is in force."""

from enum import StrEnum

from pydantic import AwareDatetime

from arrears.model import ZERO, Day, Facts, Money


class RunStatus(StrEnum):
    """Where a run stands."""

    PLANNING = "PLANNING"
    HELD = "HELD"  # a guard failed, or a person said wait: nothing is enqueued
    APPROVED = "APPROVED"  # goes out, wave by wave
    HALTED = "HALTED"  # stopped while going out
    DONE = "DONE"
    EXPIRED = "EXPIRED"


class Run(Facts):
    """One month's run (or a day's, for letters and court notices): the plan, who let it go, and its tallies.

    `claimed` counts cases that any sender claimed, kept at or below `cap` in the same transaction as the claim.
    `failing` counts answers in a row that left nobody knowing.
    """

    run: str
    status: RunStatus
    day: Day
    snapshot: str
    started_by: str
    started_at: AwareDatetime
    plan_hash: str | None = None
    total: int = 0
    released: int = 0
    cap: int = 0
    claimed: int = 0
    sent: int = 0
    unknown: int = 0
    rejected: int = 0
    failing: int = 0
    approved_by: str | None = None
    halted_by: str | None = None
    why: tuple[str, ...] = ()
    figures: str | None = None
    events: tuple[str, ...] = ()

    @property
    def monthly(self) -> bool:
        """Whether it is a month's run ("2026-11") and not a day's ("2026-11-16")."""
        return is_month(self.run)


def is_month(name: str) -> bool:
    """Whether a run or period is a month, "2026-11", and not a day."""
    return len(name) == len("2026-11")


class Pointer(Facts):
    """Which snapshot is in force, and what its import counted."""

    version: str
    as_of: Day
    published_at: AwareDatetime
    rows: int
    debt_total: Money = ZERO
    shards: int
    sha256: str
    earlier: tuple[str, ...] = ()
    figures: str | None = None
