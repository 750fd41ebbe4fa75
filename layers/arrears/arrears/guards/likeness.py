"""Is this run like the last ones? A run that is not is held for a person; it never goes out just in case.

Every guard looks at figures alone and answers in one sentence, with the run's own number beside the policy's.
Source: RELIABILITY, "Guards".
"""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Annotated

from pydantic import AwareDatetime, Field

from arrears.calendar import DAY, HELSINKI
from arrears.guards.shares import percent, share
from arrears.model import Day, Facts, Money
from arrears.policy import Policy

Tenancies = Annotated[int, Field(ge=0)]
HOUR = timedelta(hours=1)
RUNS_COMPARED = 3


class Guard(StrEnum):
    """What a run is judged by."""

    FIRST_RUN = "first_run"
    FRESH = "fresh"
    COMPLETE = "complete"
    VOLUME = "volume"
    SCALE = "scale"
    CHURN = "churn"
    CONTACTS = "contacts"
    CAP = "cap"


class Figures(Facts):
    """What a run counted while it was planned: all that the guards look at, kept for the runs that follow.

    as_of                the ledger day of the snapshot
    published_at         the moment the snapshot came into force
    rows                 tenancies in the snapshot, whether they owe or not
    debt_total           euros: every `unpaid` in the snapshot
    manifest_rows        what the export said of itself; None without a manifest
    manifest_debt_total  euros; None without a manifest
    known                tenancies of the last run's snapshot that were looked for in this one: all, or a fair sample
    missing              those of them that were not found
    balance_ratio        the median, over tenancies that owe in both, of what is unpaid now / at the last run, counting
                         only charges that were already due then; None when no tenancy owes in both
    people               main tenants of the snapshot, or of a fair sample of it
    numbers              different usable mobile numbers among them: a number that many share counts once
    selected             cases the run would write to
    new_cases            those of them that the last run did not write to
    """

    as_of: Day
    published_at: AwareDatetime
    rows: Tenancies
    debt_total: Money
    manifest_rows: Tenancies | None = None
    manifest_debt_total: Money | None = None
    known: Tenancies = 0
    missing: Tenancies = 0
    balance_ratio: Decimal | None = None
    people: Annotated[int, Field(ge=0)] = 0
    numbers: Annotated[int, Field(ge=0)] = 0
    selected: Tenancies
    new_cases: Tenancies = 0

    @property
    def reachable(self) -> Decimal:
        """The share of people who have a usable number of their own."""
        return share(self.numbers, self.people)


class Verdict(Facts):
    """What one guard says of a run."""

    guard: Guard
    passed: bool
    sentence: str


Judged = tuple[bool, str]
Judge = Callable[[Figures, Sequence[Figures], Policy, datetime], Judged]


def judge(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> tuple[Verdict, ...]:
    """What every guard says of a run; it is held unless all pass. `earlier` are the figures of the runs that went out
    before it, the newest first; `now` knows its time zone."""
    rules = GUARDS if earlier else GUARDS | dict.fromkeys(COMPARING, nothing_to_compare)
    said = {guard: rule(figures, earlier, policy, now) for guard, rule in rules.items()}
    return tuple(Verdict(guard=guard, passed=passed, sentence=told) for guard, (passed, told) in said.items())


def nothing_to_compare(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """What a comparing guard says of the first run, which is held in any case."""
    return True, "No earlier run to compare with."


def first_run(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """Nothing to compare with: a person looks."""
    if not earlier:
        return False, "This is the first run: there is none to compare it with, so a person looks at it."
    return True, f"Compared with the run of {earlier[0].as_of}."


def fresh(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """The ledger is last night's: who has paid since must not be written to."""
    day_over = datetime.combine(figures.as_of + DAY, time(0), HELSINKI)
    age = now - min(figures.published_at, day_over)
    most = policy.guards.snapshot_hours
    told = f"The snapshot of {figures.as_of} is {age / HOUR:.1f} hours old; at most {most} are allowed."
    return timedelta(0) <= age <= most * HOUR, told


def complete(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """Everybody is in the export: as many as its manifest says, as many as last time, and the same ones."""
    wrong = _against_the_manifest(figures)
    wrong += _against_the_last_run(figures, earlier[0], policy) if earlier else []
    right = f"{figures.rows:,} tenancies with EUR {figures.debt_total:,} unpaid, and {figures.missing:,} missing"
    return not wrong, "; ".join(wrong or [right]) + "."


def volume(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """About as many are written to as in the last runs."""
    usual = median(Decimal(run.selected) for run in earlier[:RUNS_COMPARED])
    terms, more = policy.guards, figures.selected - usual
    too_many = more > terms.volume_above * usual and more >= terms.volume_above_least
    too_few = figures.selected < (1 - terms.volume_below) * usual
    allowed = f"{percent(terms.volume_below)} fewer to {percent(terms.volume_above)} more is allowed"
    told = f"{figures.selected:,} are selected, {usual:,} in the median of the last runs; {allowed}."
    return not (too_many or too_few), told


def scale(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """The same charges are worth the same: an export in cents, or one that lost its decimals, is seen here."""
    ratio, low, high = figures.balance_ratio, policy.guards.scale_low, policy.guards.scale_high
    if ratio is None:
        return False, "No tenancy owes both now and at the last run, so their balances cannot be compared."
    return low <= ratio <= high, f"Balances are {ratio:.2f} times the last run's (median); {low} to {high} is allowed."


def churn(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """Most debts are not new: a run full of strangers comes from a wrong file."""
    new, most = share(figures.new_cases, figures.selected), policy.guards.churn
    of = f"{figures.new_cases:,} of {figures.selected:,}"
    return new <= most, f"{percent(new)} of the cases are new ({of}); at most {percent(most)} is allowed."


def contacts(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """As many have a usable number of their own as last time: a shifted column, or one number for all, is seen here."""
    reached, before, most = figures.reachable, earlier[0].reachable, policy.guards.contacts_points
    told = f"{percent(reached)} have a usable number of their own, {percent(before)} at the last run"
    return abs(reached - before) <= most, f"{told}; {most * 100:.2f} points up or down is allowed."


def cap(figures: Figures, earlier: Sequence[Figures], policy: Policy, now: datetime) -> Judged:
    """Never more than so many in one run, whatever else is true."""
    most = policy.guards.cap
    return figures.selected <= most, f"{figures.selected:,} are selected; the cap of one run is {most:,}."


GUARDS: dict[Guard, Judge] = {
    Guard.FIRST_RUN: first_run,
    Guard.FRESH: fresh,
    Guard.COMPLETE: complete,
    Guard.VOLUME: volume,
    Guard.SCALE: scale,
    Guard.CHURN: churn,
    Guard.CONTACTS: contacts,
    Guard.CAP: cap,
}
COMPARING = frozenset({Guard.VOLUME, Guard.SCALE, Guard.CHURN, Guard.CONTACTS})


def _against_the_manifest(figures: Figures) -> list[str]:
    wrong = []
    if figures.manifest_rows not in (None, figures.rows):
        wrong.append(f"{figures.rows:,} tenancies, but the export's manifest says {figures.manifest_rows:,}")
    if figures.manifest_debt_total not in (None, figures.debt_total):
        wrong.append(f"EUR {figures.debt_total:,} is owed, but the manifest says {figures.manifest_debt_total:,}")
    return wrong


def _against_the_last_run(figures: Figures, last: Figures, policy: Policy) -> list[str]:
    wrong, terms = [], policy.guards
    if abs(figures.rows - last.rows) > terms.rows_change * last.rows:
        limit = f"more than {percent(terms.rows_change)} apart"
        wrong.append(f"{figures.rows:,} tenancies, but {last.rows:,} at the last run: {limit}")
    missing = share(figures.missing, figures.known)
    if missing > terms.missing_share:
        limit = f"at most {percent(terms.missing_share)} is allowed"
        wrong.append(f"{percent(missing)} of {figures.known:,} known tenancies are missing; {limit}")
    return wrong
