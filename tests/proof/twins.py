"""The evil twins: every protection taken away once, and the test that must see it. One table, checked by the suite.

`broken` takes the protection away; `caught_by` is a test or a trial of the exploration that passes with the protection
and must fail without it. Twins that stand beside the tests of their own room are named in ELSEWHERE.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest

from arrears import compliance
from arrears.guards import Guard
from arrears.ledger import MOVES, RunStatus, Status
from arrears.ports import Claim, NotAccepted, Refused, Seen, Unclear
from arrears.work import notify, print_, reconcile, record, release, select
from arrears.work.import_ import Import
from arrears.work.notify import Notify
from arrears.work.operate import Operate
from arrears.work.plan import plan_body, plan_name
from arrears.work.print_ import PrintBatch
from arrears.work.reconcile import Reconcile
from arrears.work.release import Release
from tests.fakes import MemoryLedger, MemoryRuns
from tests.intake import test_twins as intake
from tests.letters import test_content, test_fees
from tests.makers import a_decision
from tests.proof.errands import ERRANDS
from tests.proof.streets import Look
from tests.proof.table import Proof, Tried
from tests.proof.trials import TRIALS
from tests.providers import test_twins as providers
from tests.rules import test_twins as rules
from tests.work import test_notify, test_print, test_reconcile, test_record, test_release, test_select

Caught = Callable[[], object]


@dataclass(frozen=True)
class Twin:
    """One protection less. `trial` names the exploration that sees it, at `depth` faults; otherwise `caught_by` does.
    `says` is what the one who sees it raises."""

    without: str
    broken: Callable[[], AbstractContextManager[Any]]
    trial: str | None = None
    depth: int = 1
    caught_by: Caught | None = None
    says: type[Exception] = AssertionError

    def look(self) -> None:
        """Passes with the protection; raises what `says` says without it."""
        if self.trial:
            (TRIALS | ERRANDS)[self.trial](self.depth)
        elif self.caught_by:
            self.caught_by()

    @property
    def seen_by(self) -> str:
        """Who sees it, as the table says it."""
        if self.trial:
            return f"exploration: {self.trial}, depth {self.depth}"
        test: Any = getattr(self.caught_by, "test", self.caught_by)
        return f"{test.__module__.replace('.', '/')}.py::{test.__name__}"


class Given:
    """A test of many rows, with one of them."""

    def __init__(self, test: Callable[..., None], *row: Any) -> None:
        self.test, self.row = test, row

    def __call__(self) -> None:
        self.test(*self.row)


class Patching(Given):
    """A test that changes something itself."""

    def __call__(self) -> None:
        with pytest.MonkeyPatch.context() as monkeypatch:
            self.test(monkeypatch)


def instead(owner: Any, name: str, broken: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Something else in a protection's place."""
    return lambda: patch.object(owner, name, broken)


def both(*patches: Callable[[], AbstractContextManager[Any]]) -> Callable[[], AbstractContextManager[Any]]:
    """Several things in the places of one protection."""

    @contextmanager
    def all_of_them() -> Iterator[None]:
        with ExitStack() as stack:
            for one in patches:
                stack.enter_context(one())
            yield

    return all_of_them


# --- the claim -------------------------------------------------------------------------------------------------------

CLAIM, LOOK = MemoryLedger.claim, Look.look


def no_owner_token(ledger: Any, row: Any, owner: str, *rest: Any) -> Claim:
    mine = ledger.rows[row.key].status is Status.SENDING
    return Claim.TAKEN if mine else CLAIM(ledger, row, owner, *rest)


def claimed_again(ledger: Any, row: Any, *rest: Any) -> Claim:
    now = ledger.rows[row.key]
    if now.status is Status.SENDING:
        ledger.rows[row.key] = now.model_copy(update={"status": Status.PLANNED})
    return CLAIM(ledger, ledger.rows[row.key], *rest)


def unfinished_is_mine(look: Any, message: Any) -> Seen:
    seen = LOOK(look, message)
    mine = seen.row and seen.row.status is Status.SENDING
    return replace(seen, row=seen.row.model_copy(update={"status": Status.PLANNED})) if seen.row and mine else seen


def no_lock(ledger: Any, row: Any, owner: str, channel: str, lock: Any, *rest: Any) -> Claim:
    return CLAIM(ledger, row, owner, channel, None, *rest)


def counted_at_every_attempt(ledger: Any, row: Any, *rest: Any) -> Claim:
    came = CLAIM(ledger, row, *rest)
    if came is Claim.OURS and row.attempts:
        run = ledger.runs.runs[row.run]
        ledger.runs.runs[row.run] = run.model_copy(update={"claimed": run.claimed + 1})
    return came


def without_a_cap(ledger: Any, row: Any, *rest: Any) -> Claim:
    run = ledger.runs.runs[row.run]
    ledger.runs.runs[row.run] = run.model_copy(update={"cap": 10**6})
    came = CLAIM(ledger, row, *rest)
    after = ledger.runs.runs[row.run]
    ledger.runs.runs[row.run] = after.model_copy(update={"cap": run.cap})
    return came


def count_first(look: Any, message: Any) -> Seen:
    seen = LOOK(look, message)
    return replace(seen, run=None) if seen.run and seen.run.claimed >= seen.run.cap else seen


def a_halt_unseen(ledger: Any, row: Any, *rest: Any) -> Claim:
    run = ledger.runs.runs[row.run]
    ledger.runs.runs[row.run] = run.model_copy(update={"status": RunStatus.APPROVED})
    came = CLAIM(ledger, row, *rest)
    after = ledger.runs.runs[row.run]
    ledger.runs.runs[row.run] = after.model_copy(update={"status": run.status})
    return came


# --- the call --------------------------------------------------------------------------------------------------------

HAND_OVER = Notify._hand_over


def forgotten_on_an_exception(errand: Any, row: Any, one: Any) -> Any:
    try:
        return HAND_OVER(errand, row, one)
    except (NotAccepted, Refused):
        raise
    except Exception as error:
        raise NotAccepted(type(error).__name__) from None


def another_try_at_once(errand: Any, row: Any, one: Any) -> Any:
    try:
        return HAND_OVER(errand, row, one)
    except (Unclear, TimeoutError):
        return HAND_OVER(errand, row, one)


def sent_before_it_is_claimed(errand: Any, seen: Any, row: Any, written: Any, policy: Any, now: Any) -> Any:
    HAND_OVER(errand, row, written[0])
    return CLAIM_AND_SEND(errand, seen, row, written, policy, now)


CLAIM_AND_SEND = Notify._claim_and_send


# --- the reconciler --------------------------------------------------------------------------------------------------


def its_claim_runs_out(errand: Any, now: Any) -> int:
    for row in list(errand.ledger.waiting(Status.SENDING, now - timedelta(minutes=20))):
        errand.ledger.move(row, Status.PLANNED, now, "reconcile", "expired", owner=None)
    return 0


def asked_while_alive(errand: Any, now: Any) -> int:
    for row in list(errand.ledger.waiting(Status.SENDING, now)):
        if errand.providers["sms"].find(row.reference) is None:
            errand.ledger.move(row, Status.PLANNED, now, "reconcile", "never seen", owner=None)
    return 0


def asked_at_once(errand: Any, row: Any, now: Any) -> Any:
    return errand.providers[row.channel or "sms"].find(row.reference)


def doubts_sent_again(errand: Any, row: Any, now: Any) -> Any:
    return None


# --- plans, letters, exports -----------------------------------------------------------------------------------------


def written_over(ledger: Any, row: Any) -> bool:
    ledger.rows[row.key] = row
    return True


def opened_anew(runs: Any, run: Any) -> bool:
    runs.runs[run.run] = run
    return True


PUBLISH = Import._publish


class PointerFirst:
    """Snapshots whose pointer is flipped before the rows are there."""

    def __init__(self, snapshots: Any) -> None:
        self.snapshots, self.later = snapshots, tuple[Any, ...]()

    def write(self, *version: Any) -> None:
        self.later = (*version[:2], list(version[2]), *version[3:])

    def publish(self, pointer: Any, instead_of: Any) -> bool:
        done: bool = self.snapshots.publish(pointer, instead_of)
        self.snapshots.write(*self.later)
        return done


def flipped_first(errand: Any, *more: Any) -> None:
    PUBLISH(replace(errand, snapshots=PointerFirst(errand.snapshots)), *more)


def first_by_arrival(lines: Any) -> Any:
    return select_lines(sorted(lines, key=lambda line: line.key.tenancy_id, reverse=True))


def select_lines(lines: Any) -> Any:
    taken: set[Any] = set()
    plan = []
    for line in lines:
        doubled = line.number in taken
        taken.add(line.number)
        plan.append(line.model_copy(update={"status": Status.STOOD_DOWN, "why": "number_taken"}) if doubled else line)
    return plan


def greenwichs_day(at: Any) -> Any:
    return at.astimezone(UTC).date()


def every_judgement_stands(seen: Any, today: Any, policy: Any) -> Any:
    return a_decision(seen.row.key.step) if seen.row else None


RELEASE = Release.__call__
OTHER_PLAN = plan_body(test_release.texts(4))


def any_plan(errand: Any, name: str, now: Any) -> int:
    body = errand.records.get(plan_name(name, errand.runs.run(name).plan_hash)) or b""
    with patch.object(release, "plan_hash", lambda _: errand.runs.run(name).plan_hash):
        return RELEASE(errand, name, now) if body else 0


def approved_unseen(errand: Any, name: str, who: str, plan_hash: str, now: Any) -> Any:
    errand.runs.change(name, {RunStatus.HELD}, "approved", status=RunStatus.APPROVED, approved_by=who)
    return errand.runs.run(name)


ONE = "one case, one at a time"
TWINS: tuple[Twin, ...] = (
    # the sending protocol, seen by the exploration
    Twin(
        "the owner token: an answer that got lost is not known again",
        instead(MemoryLedger, "claim", no_owner_token),
        "one case, answers asked for again",
    ),
    Twin(
        "the claim: a redelivered message is sent whatever became of it",
        both(instead(MemoryLedger, "claim", claimed_again), instead(Look, "look", unfinished_is_mine)),
        ONE,
    ),
    Twin(
        "the claim before the call: it is sent first and claimed then",
        instead(Notify, "_claim_and_send", sent_before_it_is_claimed),
        ONE,
        0,
    ),
    Twin(
        "the wait for dead workers: the reconciler doubts and asks at once",
        instead(Reconcile, "_doubt_the_dead", asked_while_alive),
        "one case, a provider that can be asked",
        0,
    ),
    Twin(
        "the wait for calls on their way: the provider is asked at once",
        instead(Reconcile, "_find", asked_at_once),
        "one case, a provider that can be asked",
    ),
    Twin(
        "doubts stay doubts: a text of unknown fate is sent again", instead(Reconcile, "_find", doubts_sent_again), ONE
    ),
    Twin(
        "UNKNOWN, as Powertools' idempotency does: the record is forgotten on an exception",
        instead(Notify, "_hand_over", forgotten_on_an_exception),
        ONE,
    ),
    Twin(
        "UNKNOWN, as Powertools' idempotency does: the record of a dead sender runs out",
        instead(Reconcile, "_doubt_the_dead", its_claim_runs_out),
        ONE,
    ),
    Twin("one attempt: the client tries again by itself", instead(Notify, "_hand_over", another_try_at_once), ONE),
    Twin("the number's lock for the month", instead(MemoryLedger, "claim", no_lock), "two flats with one phone", 0),
    Twin(
        "the cap in the claim: counted first, sent then",
        both(instead(MemoryLedger, "claim", without_a_cap), instead(Look, "look", count_first)),
        "two cases under a cap of one",
        0,
    ),
    Twin(
        "a case counts once: every attempt takes from the cap",
        instead(MemoryLedger, "claim", counted_at_every_attempt),
        ONE,
    ),
    Twin("waves wait for doubts", instead(Release, "_settled", lambda *_: True), "two waves", 1),
    Twin(
        "a case is planned once: a release made again writes over what was sent",
        instead(MemoryLedger, "plan", written_over),
        "two waves",
        1,
    ),
    Twin(
        "a run is opened once: two ticks begin it anew",
        instead(MemoryRuns, "open", opened_anew),
        "a day's ticks, and its letter",
        0,
    ),
    Twin(
        "one name for one print job: each attempt files its own",
        instead(print_, "job_name", lambda row: f"jobs/{row.key.period}/{row.reference}-{row.attempts}.json"),
        "one letter, and the tenant pays",
    ),
    Twin(
        "the filed job decides: a dead printer's letter is printed anew",
        instead(Reconcile, "_doubt_the_dead", its_claim_runs_out),
        "one letter, and the tenant pays",
    ),
    Twin(
        "batches know each other: a letter is in every evening's batch",
        instead(PrintBatch, "_batched", lambda *_, **__: set()),
        "one letter, and the tenant pays",
        0,
    ),
    Twin(
        "rows before the pointer: an export is in force before it is whole",
        instead(Import, "_publish", flipped_first),
        "an export brought again",
        0,
    ),
    Twin(
        "receipts only go forward: a late bad one takes back a good one",
        lambda: patch.dict(MOVES, {Status.DELIVERED: frozenset({Status.UNDELIVERED})}),
        "the print house's receipts",
        0,
    ),
    # the rest of the errands, seen by their tests
    Twin(
        "the halt in the claim: it holds from the next look on only",
        instead(MemoryLedger, "claim", a_halt_unseen),
        caught_by=test_notify.test_a_halt_that_comes_after_the_look_still_holds,
    ),
    Twin(
        "the look again: what was planned is sent",
        instead(notify, "judge_again", every_judgement_stands),
        caught_by=test_notify.test_who_has_paid_and_left_the_ledger_is_not_written_to,
    ),
    Twin(
        "the look again before a letter",
        instead(print_, "judge_again", every_judgement_stands),
        caught_by=test_print.test_who_left_the_ledger_gets_no_letter,
    ),
    Twin(
        "Helsinki's month: Greenwich's is used",
        instead(notify, "helsinki_day", greenwichs_day),
        caught_by=test_notify.test_the_month_is_helsinkis_and_not_greenwichs,
    ),
    Twin(
        "Helsinki's month of the run: Greenwich's is used",
        instead(select, "helsinki_day", greenwichs_day),
        caught_by=test_select.test_the_month_is_the_one_it_is_in_helsinki,
    ),
    Twin(
        "the period: a text of last month leaves",
        instead(notify, "is_over", lambda *_: False),
        caught_by=test_notify.test_a_text_of_last_month_never_leaves,
    ),
    Twin(
        "the period of letters",
        instead(print_, "is_over", lambda *_: False),
        caught_by=test_print.test_a_letter_of_last_month_is_never_printed,
    ),
    Twin(
        "the censor: any text leaves",
        instead(compliance, "check", lambda *_: ()),
        caught_by=Patching(test_notify.test_a_text_that_says_the_tenants_own_name_is_set_aside),
    ),
    Twin(
        "the breaker: doubts in a row stop nothing",
        instead(notify, "breaker", lambda *_: None),
        caught_by=test_notify.test_three_doubts_in_a_row_halt_the_run,
    ),
    Twin(
        "the fixed order: who comes first has the number",
        instead(select, "one_per_number", first_by_arrival),
        caught_by=test_select.test_two_flats_with_one_phone_get_one_text_and_the_other_says_why,
    ),
    Twin(
        "the guards: any run goes out",
        instead(select, "judge", lambda *_: ()),
        caught_by=test_select.test_a_first_run_is_held_and_enqueues_nothing,
    ),
    Twin(
        "the plan's hash: another plan than the approved one goes out",
        instead(Release, "__call__", any_plan),
        caught_by=Given(test_release.test_a_plan_that_is_not_the_one_that_was_approved_is_held, OTHER_PLAN),
    ),
    Twin(
        "four eyes: who started a run approves it",
        instead(Operate, "approve", approved_unseen),
        caught_by=test_release.test_nobody_approves_what_they_started_or_what_they_have_not_seen,
    ),
    Twin(
        "enough time: a sender claims with seconds left",
        instead(notify, "SECONDS_FOR_ONE_CALL", 0.0),
        caught_by=test_notify.test_a_sender_with_too_little_time_gives_the_message_back_before_it_claims,
    ),
    Twin(
        "news of the future: a clock that is ahead leaves a tenancy in peace for years",
        lambda: patch.object(record, "min", max, create=True),
        caught_by=test_record.test_a_clock_that_is_ahead_leaves_nobody_in_peace_for_years,
    ),
    Twin(
        "one doubt alone: an error while asking about one stops the hour for all",
        lambda: patch.object(reconcile, "Exception", LookupError, create=True),
        caught_by=test_reconcile.test_an_error_while_asking_leaves_the_doubt_and_hurts_nobody_else,
        says=ConnectionError,
    ),
)

# Twins beside the tests of their own room: where they are shown, and how many there are.
ELSEWHERE: dict[str, Callable[[], int]] = {
    "tests/rules/test_twins.py::test_without_the_rule_its_test_fails": lambda: len(rules.PROTECTIONS),
    "tests/intake/test_twins.py::test_without_its_protection_a_bad_export_is_accepted": lambda: len(intake.TWINS),
    "tests/letters/test_content.py::test_a_broken_twin_of_the_letter_is_caught": lambda: len(test_content.TWINS),
    "tests/letters/test_fees.py::test_a_broken_twin_of_the_fee_is_caught": lambda: len(test_fees.TWINS),
    "tests/guards/test_likeness.py::test_a_run_that_one_guard_alone_would_hold_goes_out_without_that_guard": (
        lambda: len(Guard)
    ),
} | {
    f"tests/providers/test_twins.py::{name}": lambda: 1
    for name in vars(providers)
    if name.startswith("test_") and name.endswith("_caught")
}


def seen(twin: Twin) -> str | None:
    """None when whoever should see the twin does, and sees nothing where the protection stands."""
    try:
        _whole(twin.trial, twin.depth) if twin.trial else twin.look()
    except Exception as error:
        return f"{twin.seen_by} fails though nothing is broken: {error}"
    try:
        with twin.broken():
            twin.look()
    except (twin.says, pytest.fail.Exception):
        return None
    return f"{twin.seen_by} does not see a world without {twin.without}"


@cache
def _whole(trial: str, depth: int) -> None:
    (TRIALS | ERRANDS)[trial](depth)


def table() -> str:
    """The table as it is kept in twins.md: `python -m tests.proof.twins > tests/proof/twins.md`."""
    lines = ["# The evil twins", "", "Every protection taken away once, and who sees it.", ""]
    lines += ["| without | seen by |", "|---|---|"]
    lines += [f"| {twin.without} | `{twin.seen_by}` |" for twin in TWINS]
    lines += ["", "Beside the tests of their own room:", "", "| shown by | twins |", "|---|---|"]
    lines += [f"| `{place}` | {many()} |" for place, many in ELSEWHERE.items()]
    lines += ["", f"{len(TWINS) + sum(many() for many in ELSEWHERE.values())} in all.", ""]
    return "\n".join(lines)


def all_seen() -> Tried:
    """Every twin of TWINS, looked at once more."""
    return Tried(worlds=len(TWINS), harm=tuple(told for twin in TWINS if (told := seen(twin))))


PROOFS = (Proof("evil twins, each seen by whom the table says", (all_seen,)),)

if __name__ == "__main__":
    print(table(), end="")
