"""What is tried on ports in memory: who is at work at once, what comes after, and how deep the faults go."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from arrears.ledger import CaseKey, Row, Status
from arrears.ports import Unclear
from arrears.receipts import Arrival
from arrears.work.plan import Line, plan_body, plan_hash, plan_name
from tests.makers import POLICY, a_policy, a_snapshot, a_tenant_row
from tests.proof.explorer import Check, Explored, Explorer, Phase, Street, Worker
from tests.proof.faults import ASKED_AGAIN, NONE, Fault, faults_of
from tests.proof.streets import (
    Ended,
    Ledger,
    a_street,
    never_lost,
    never_twice,
    pass_time,
    person,
    printed_once,
    printer,
    receiver,
    reconciler,
    releasing,
    sender,
    sent_once,
)
from tests.proof.table import Proof, Tried
from tests.rows import MONTH, NAMES, NOW, a_key, a_letter_row, a_pointer, a_row
from tests.work.worlds import COURT, in_court
from tests.world import SHARDS

LETTER = a_letter_row().key


def hour(number: int) -> datetime:
    """The reconciler's ticks: from 10:14 to 17:14, day after day. The first comes while senders are at work."""
    days, hours = divmod(number, 8)
    return NOW + timedelta(days=days, hours=hours, minutes=14)


def soon(number: int) -> datetime:
    """A moment after that tick."""
    return hour(number) + timedelta(seconds=30)


@dataclass(frozen=True)
class Trial:
    """One street and its phases. `depth`: how many faults in `make test` and in `make prove`."""

    name: str
    street: Callable[[], Street]
    phases: Callable[[], list[Phase]]
    ends: Check
    depth: tuple[int, int]
    passes: Callable[[Street], Street] = pass_time
    faults: Callable[[str], tuple[Fault, ...]] = faults_of
    during: Callable[[], AbstractContextManager[Any]] = nullcontext
    always: Check = never_twice

    def __call__(self, depth: int | None = None) -> Explored:
        """Tries every world of it. Raises Harm with the story of the first bad one."""
        budget = self.depth[0] if depth is None else depth
        with self.during():
            return Explorer(self.street(), self.phases(), budget, self.always, self.ends, self.passes, self.faults)()


def at_once(*workers: Worker) -> Phase:
    """Workers who are at work at the same time."""
    return lambda street: workers


def hour_by_hour(
    key: CaseKey | None = None, *, first: int = 2, until: int = 20, work: Callable[..., Worker] = sender
) -> Iterator[Phase]:
    """The hours after: the reconciler, then whoever it rang for, and a person where the run was halted."""
    for number in range(first, until):
        yield at_once(reconciler(f"R{number}", hour(number)))
        yield at_once(person(f"P{number}", hour(number)), work(f"S{number}", soon(number), key, rung=True))


# --- one case --------------------------------------------------------------------------------------------------------


def one_case() -> list[Phase]:
    """The message is delivered twice at once while the reconciler is at work, and again an hour later."""
    return [
        at_once(sender("A", NOW), sender("B", NOW + timedelta(seconds=1)), reconciler("R0", hour(0))),
        at_once(sender("C", soon(1)), reconciler("R1", hour(1))),
        *hour_by_hour(),
    ]


def one_by_one() -> list[Phase]:
    """The message is delivered again and again, and the reconciler comes in between."""
    firsts = (sender("A", NOW), sender("B", NOW + timedelta(minutes=5)), reconciler("R0", hour(0)))
    return [*map(at_once, firsts), *hour_by_hour(first=1)]


def last_attempt() -> Street:
    """All attempts but one have been made."""
    tried = POLICY.sending.attempts - 1
    return a_street([a_row(attempts=tried)], claimed=1)


def asked_nothing() -> Street:
    """A provider that cannot be asked, as the real ones."""
    street = a_street()
    street.ports["sms"].can_be_asked = False
    return street


def bad_line() -> Street:
    """A line that breaks at the first call: nobody knows, and the run's tallies are kept."""
    street = a_street()
    street.ports["sms"].fates = [Unclear("reset"), None]
    return street


def number_taken() -> Street:
    """A court notice whose number was texted this month already: it goes by e-mail."""
    street = a_street([a_row(COURT)], [a_snapshot(**in_court())])
    street.ports["ledger"].locks = {(NAMES.number("+358401122334"), MONTH): a_key("T-9")}
    return street


def doubtful_notice() -> Street:
    """The sender of an e-mail died two hours ago, and nobody knows whether it left."""
    since = {"owner": "the dead", "attempts": 1, "changed_at": NOW - timedelta(hours=2)}
    doubt = a_row(COURT, status=Status.UNKNOWN, channel="email", **since)
    return a_street([doubt], [a_snapshot(**in_court(phone=None))], claimed=1)


def one_notice() -> list[Phase]:
    """Two senders at once with the reconciler, then the hours after."""
    return [
        at_once(sender("A", NOW, COURT), sender("B", NOW, COURT), reconciler("R0", hour(0))),
        *hour_by_hour(COURT, first=1),
    ]


def masked(site: str) -> tuple[Fault, ...]:
    """Answers that get lost and are asked for again, as botocore does by itself."""
    return tuple(fault for fault in faults_of(site) if fault in (NONE, ASKED_AGAIN))


# --- two cases -------------------------------------------------------------------------------------------------------


def two_flats(*, phones: tuple[str, str] = ("040 112 2334", "040 112 2334"), **run: Any) -> Street:
    """Two tenancies that owe, with one phone or two."""
    names = ("T-1", "T-2")
    snapshots = [
        a_snapshot(tenancy_id=name, tenants=[a_tenant_row(phone=phone)])
        for name, phone in zip(names, phones, strict=True)
    ]
    return a_street([a_row(a_key(name)) for name in names], snapshots, **run)


def two_cases() -> list[Phase]:
    """A sender for each at once, with the reconciler; then the hours after."""
    first, second = a_key("T-1"), a_key("T-2")
    phases = [at_once(sender("A", NOW, first), sender("B", NOW, second), reconciler("R0", hour(0)))]
    for number in range(1, 9):
        phases.append(at_once(reconciler(f"R{number}", hour(number))))
        both = (sender(f"{one}{number}", soon(number), key, rung=True) for one, key in (("A", first), ("B", second)))
        phases.append(at_once(*both, person(f"P{number}", hour(number))))
    return phases


def capped(street: Street) -> str | None:
    """Whoever found the cap reached waits; nothing else is wrong."""
    ended = Ended.of(street)
    waits = [row for row in ended.rows if row.status is Status.PLANNED and not row.attempts and ended.claimed == 1]
    return replace(ended, rows=[row for row in ended.rows if row not in waits]).truly() or ended.counted()


# --- receipts --------------------------------------------------------------------------------------------------------


def with_receipts() -> list[Phase]:
    """Receipts come at any moment, twice, and before the sender has written anything down."""
    return [
        at_once(sender("A", NOW), receiver("C", NOW), receiver("D", hour(0)), reconciler("R0", hour(0))),
        at_once(receiver("E", hour(1)), reconciler("R1", hour(1))),
        *hour_by_hour(),
    ]


def good_and_bad() -> list[Phase]:
    """The provider tells that it arrived and that it did not, in every order, while the sender is still at work."""
    arrivals = (("C", Arrival.DELIVERED), ("D", Arrival.UNDELIVERED), ("E", Arrival.PENDING))
    told = [receiver(name, soon(0), arrival) for name, arrival in arrivals]
    later = [receiver(f"{name}1", soon(1), arrival) for name, arrival in arrivals]
    return [at_once(sender("A", NOW), *told), at_once(reconciler("R1", hour(1)), *later), *hour_by_hour()]


# --- letters ---------------------------------------------------------------------------------------------------------


def one_letter() -> list[Phase]:
    """Two printers at once with the reconciler; an hour later the tenant has paid, and the day's batch is closed."""
    return [
        at_once(printer("A", NOW, LETTER), printer("B", NOW, LETTER), reconciler("R0", hour(0))),
        at_once(printer("C", soon(1), LETTER), reconciler("R1", hour(1))),
        *hour_by_hour(LETTER, until=40, work=printer),
    ]


def and_they_pay(street: Street) -> Street:
    """Within the hour the tenant pays and leaves the ledger."""
    later = pass_time(street).fork("snapshots")
    snapshots = later.ports["snapshots"]
    snapshots.versions = {**snapshots.versions, "paid": {}}
    snapshots.pointer = a_pointer("paid", shards=SHARDS)
    return later


# --- waves -----------------------------------------------------------------------------------------------------------


class WavesLedger(Ledger):
    """A ledger that notices when a new case is written over a doubt about an earlier one."""

    def __init__(self, runs: Any) -> None:
        super().__init__(runs)
        self.over_a_doubt = 0

    def plan(self, row: Row) -> bool:
        doubtful = (Status.PLANNED, Status.SENDING, Status.UNKNOWN)
        if row.key not in self.rows and any(other.status in doubtful for other in self.rows.values()):
            self.over_a_doubt = 1
        return super().plan(row)


def a_plan_of_two() -> Street:
    """A plan of two, of which the first wave is one."""
    lines = [
        Line(
            key=a_key(name),
            status=Status.PLANNED,
            reasons=(),
            recipient="P-1",
            reference=NAMES.reference(a_key(name)),
            policy=POLICY.name,
            area="north",
        )
        for name in ("T-1", "T-2")
    ]
    body = plan_body(lines)
    street = two_flats(phones=("040 112 2334", "040 112 2335"), plan_hash=plan_hash(body), total=2, ledger=WavesLedger)
    street.ports["ledger"].rows, street.ports["ledger"].over_a_doubt = {}, 0
    street.ports["records"].files = {plan_name(MONTH, plan_hash(body)): body}
    return street


def two_waves() -> list[Phase]:
    """The first wave is let go; while its sender is at work the reconciler looks whether to go on."""
    first, second = a_key("T-1"), a_key("T-2")
    release = Worker("L", lambda port: releasing(port)(MONTH, NOW))
    phases = [at_once(release), at_once(sender("A", NOW, first), reconciler("R0", hour(0), waves=True))]
    for number in range(1, 10):
        phases.append(at_once(reconciler(f"R{number}", hour(number), waves=True)))
        both = (sender(f"{one}{number}", soon(number), key, rung=True) for one, key in (("A", first), ("B", second)))
        phases.append(at_once(*both, person(f"P{number}", hour(number))))
    return phases


def in_waves(street: Street) -> str | None:
    """No case was written over a doubt, and all came to their end."""
    return "a wave went out over a doubt" if street.ports["ledger"].over_a_doubt else never_lost(street)


def one_first() -> AbstractContextManager[Any]:
    """A policy whose first wave is one."""
    return patch(
        "arrears.work.release.policy_on", lambda day: a_policy({"run.canary_first": 1, "run.canary_share": "0"})
    )


TRIALS: dict[str, Trial] = {
    trial.name: trial
    for trial in (
        Trial("one case, one at a time", a_street, one_by_one, never_lost, (2, 4)),
        Trial("one case, the last attempt", last_attempt, one_by_one, never_lost, (2, 3)),
        Trial("one case, a provider that can be asked", a_street, one_case, never_lost, (1, 3)),
        Trial("one case, a provider that cannot be asked", asked_nothing, one_case, never_lost, (1, 2)),
        Trial("one case, answers asked for again", asked_nothing, one_case, sent_once, (3, 9), faults=masked),
        Trial("one case, a line that breaks at first", bad_line, one_case, never_lost, (1, 2)),
        Trial("one court notice by e-mail", number_taken, one_notice, never_lost, (1, 2)),
        Trial("a doubt about an e-mail", doubtful_notice, one_notice, never_lost, (1, 2)),
        Trial("two flats with one phone", two_flats, two_cases, never_lost, (0, 2)),
        Trial(
            "two cases under a cap of one",
            partial(two_flats, phones=("040 112 2334", "040 112 2335"), cap=1),
            two_cases,
            capped,
            (0, 2),
        ),
        Trial("receipts at any moment", a_street, with_receipts, never_lost, (1, 2)),
        Trial("good receipts and bad ones", a_street, good_and_bad, never_lost, (1, 2)),
        Trial(
            "one letter, and the tenant pays",
            partial(a_street, [a_letter_row()]),
            one_letter,
            printed_once,
            (1, 3),
            and_they_pay,
        ),
        Trial("two waves", a_plan_of_two, two_waves, in_waves, (1, 2), during=one_first),
    )
}


def long_forms(trials: Iterable[Trial]) -> tuple[Proof, ...]:
    """A line of the table for each."""
    return tuple(
        Proof(f"in memory: {trial.name}, depth {trial.depth[1]}", (partial(_long, trial),)) for trial in trials
    )


def _long(trial: Trial) -> Tried:
    found = trial(trial.depth[1])
    return Tried(found.worlds, found.faulted, moments=found.moments, sites=frozenset(found.hit))


PROOFS = long_forms(TRIALS.values())
