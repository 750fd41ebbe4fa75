"""One contract for every port, held by the street in memory and by the shipped adapters on moto alike; with
`make servers` also by the shipped adapters on servers that share no line with moto."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from arrears.ledger import CaseMessage, Row, RunStatus, Standing, StandingHold, Status
from arrears.model import HoldKind, Outcome, Past, Step
from arrears.ports import Claim
from tests.fakes import shard_of
from tests.local.template import Template
from tests.makers import a_snapshot
from tests.rows import MONTH, NOW, VERSION, a_key, a_message, a_pointer, a_row, a_run, later
from tests.servers.streets import Server
from tests.streets import SHARDS, Street, in_memory, moto_cloud, on_moto

DAY_CAP = 50
ON_MINISTACK = pytest.param("ministack", marks=pytest.mark.servers)
ON_DYNALITE = pytest.param("dynalite", marks=pytest.mark.servers)

# dynalite has neither files nor queues.
with_files_and_bells = pytest.mark.parametrize("street", ["memory", "moto", ON_MINISTACK], indirect=True)


@pytest.fixture(scope="module", name="cloud")
def _cloud() -> Iterator[Template]:
    with moto_cloud() as template:
        yield template


@pytest.fixture(params=["memory", "moto", ON_MINISTACK, ON_DYNALITE], name="street")
def _street(request: pytest.FixtureRequest) -> Street:
    if request.param == "memory":
        return in_memory()
    if request.param == "moto":
        return on_moto(request.getfixturevalue("cloud"))
    server: Server = request.getfixturevalue(request.param)
    return server.street()


def planned(street: Street, row: Row | None = None) -> Row:
    """The ordinary row, written down under an approved run."""
    row = row or a_row()
    street.runs.open(a_run(row.run))
    assert street.ledger.plan(row)
    return row


def claim(street: Street, row: Row, owner: str = "me", lock: str | None = "a-number", cap: int = DAY_CAP) -> Claim:
    return street.ledger.claim(row, owner, "sms", lock, NOW, cap)


def claimed(street: Street, row: Row | None = None) -> Row:
    """The ordinary row, claimed by `me`."""
    row = planned(street, row)
    assert claim(street, row) is Claim.OURS
    return now(street, row)


def now(street: Street, row: Row) -> Row:
    found = street.ledger.row(row.key)
    assert found is not None
    return found


def counted(street: Street) -> int:
    run = street.runs.run(MONTH)
    assert run is not None
    return run.claimed


# --- planning --------------------------------------------------------------------------------------------------------


def test_a_planned_row_reads_back_as_it_was_written(street: Street) -> None:
    history = (Past(step=Step.SMS_REMINDER, on=date(2026, 10, 5), outcome=Outcome.DELIVERED),)
    row = planned(street, a_row(history=history, fee="5.00", why="because"))
    assert street.ledger.row(row.key) == row


def test_there_is_no_row_before_one_is_planned(street: Street) -> None:
    assert street.ledger.row(a_key()) is None


def test_a_case_is_planned_once(street: Street) -> None:
    row = planned(street)
    assert not street.ledger.plan(a_row(reasons=()))
    assert street.ledger.row(row.key) == row


def test_a_plan_whose_answer_was_lost_is_ours(street: Street) -> None:
    row = planned(street)
    assert street.ledger.plan(row)


def test_a_case_that_went_on_meanwhile_is_not_planned_again(street: Street) -> None:
    row = planned(street)
    claim(street, row)
    assert not street.ledger.plan(row)
    assert now(street, row).status is Status.SENDING


def test_each_step_of_a_tenancy_has_its_own_row(street: Street) -> None:
    planned(street)
    assert street.ledger.plan(a_row(a_key(step=Step.COLLECTION_LETTER)))
    assert street.ledger.plan(a_row(a_key(period="2026-12")))


# --- claiming --------------------------------------------------------------------------------------------------------


def test_a_claim_takes_the_row_counts_it_and_says_so(street: Street) -> None:
    row = claimed(street)
    assert (row.status, row.owner, row.channel, row.attempts) == (Status.SENDING, "me", "sms", 1)
    assert (row.changed_at, row.on) == (NOW, date(2026, 11, 23))
    assert [(event.status, event.by) for event in row.events] == [(Status.PLANNED, "select"), (Status.SENDING, "me")]
    assert counted(street) == 1


def test_only_one_of_two_senders_has_the_row(street: Street) -> None:
    row = planned(street)
    assert [claim(street, row, owner) for owner in ("me", "you")] == [Claim.OURS, Claim.TAKEN]
    assert now(street, row).owner == "me"
    assert counted(street) == 1


def test_a_claim_whose_answer_was_lost_is_found_again_by_its_owner_token(street: Street) -> None:
    row = planned(street)
    assert [claim(street, row), claim(street, row)] == [Claim.OURS, Claim.OURS]
    assert now(street, row).attempts == 1
    assert counted(street) == 1


def test_a_claim_of_ours_that_has_gone_on_is_no_claim(street: Street) -> None:
    row = planned(street)
    claim(street, row)
    street.ledger.move(now(street, row), Status.SENT, later(seconds=1), "me")
    assert claim(street, row) is Claim.TAKEN


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PLANNED}))
def test_only_a_planned_row_can_be_claimed(street: Street, status: Status) -> None:
    row = planned(street, a_row(status=status))
    assert claim(street, row) is Claim.TAKEN
    assert now(street, row) == row
    assert counted(street) == 0


def test_a_case_that_is_not_in_the_ledger_cannot_be_claimed(street: Street) -> None:
    street.runs.open(a_run())
    assert claim(street, a_row()) is Claim.TAKEN
    assert street.ledger.row(a_key()) is None


def test_a_sender_that_saw_an_earlier_attempt_cannot_claim(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.PLANNED, later(seconds=1), "me", "http_429", owner=None)
    assert claim(street, a_row(), "you") is Claim.TAKEN
    assert claim(street, now(street, row), "you") is Claim.OURS


def test_a_number_is_taken_by_the_first_case_of_the_month(street: Street) -> None:
    claimed(street)
    other = a_row(a_key("T-2"))
    street.ledger.plan(other)
    assert claim(street, other) is Claim.NUMBER_TAKEN
    assert now(street, other) == other
    assert counted(street) == 1


def test_a_number_that_is_taken_leaves_other_numbers_and_other_channels_free(street: Street) -> None:
    claimed(street)
    for tenancy, lock in (("T-2", "another-number"), ("T-3", None)):
        other = a_row(a_key(tenancy))
        street.ledger.plan(other)
        assert claim(street, other, lock=lock) is Claim.OURS


def test_a_number_is_free_again_in_the_next_month_by_helsinkis_calendar(street: Street) -> None:
    claimed(street)
    street.runs.open(a_run("2026-12"))
    other = a_row(a_key("T-2", "2026-12"), run="2026-12")
    street.ledger.plan(other)
    still_november, december = (NOW.replace(month=11, day=30, hour=23, minute=59), NOW.replace(month=12, day=1, hour=0))
    assert street.ledger.claim(other, "me", "sms", "a-number", still_november, DAY_CAP) is Claim.NUMBER_TAKEN
    assert street.ledger.claim(other, "me", "sms", "a-number", december, DAY_CAP) is Claim.OURS


def test_a_case_keeps_its_own_number_for_its_next_attempt(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.PLANNED, later(seconds=1), "me", "http_429", owner=None)
    assert claim(street, now(street, row), "you") is Claim.OURS


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.APPROVED}))
def test_nothing_leaves_under_a_run_that_is_not_approved(street: Street, status: RunStatus) -> None:
    street.runs.open(a_run(status=status))
    row = a_row()
    street.ledger.plan(row)
    assert claim(street, row) is Claim.RUN_STOPPED
    assert now(street, row) == row


def test_nothing_leaves_without_a_run(street: Street) -> None:
    row = a_row()
    street.ledger.plan(row)
    assert claim(street, row) is Claim.RUN_STOPPED
    assert street.runs.run(MONTH) is None


@pytest.mark.parametrize("channel_lock", ["a-number", None])
def test_a_halt_between_two_attempts_holds(street: Street, channel_lock: str | None) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.PLANNED, later(seconds=1), "me", "http_401", owner=None)
    street.runs.change(MONTH, {RunStatus.APPROVED}, "halted", status=RunStatus.HALTED)
    assert claim(street, now(street, row), "you", channel_lock) is Claim.RUN_STOPPED


@pytest.mark.parametrize(("cap", "ours"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_a_run_never_claims_more_cases_than_its_cap(street: Street, cap: int, ours: int) -> None:
    street.runs.open(a_run(cap=cap))
    rows = [a_row(a_key(f"T-{n}")) for n in range(3)]
    assert all(map(street.ledger.plan, rows))
    answers = [claim(street, row, lock=row.key.tenancy_id) for row in rows]
    assert answers == [Claim.OURS] * ours + [Claim.CAP_REACHED] * (3 - ours)
    assert counted(street) == ours


@pytest.mark.parametrize(("cap", "ours"), [(1, 1), (2, 2), (3, 3), (4, 3)])
def test_a_day_never_claims_more_cases_than_its_cap(street: Street, cap: int, ours: int) -> None:
    street.runs.open(a_run())
    rows = [a_row(a_key(f"T-{n}")) for n in range(3)]
    assert all(map(street.ledger.plan, rows))
    answers = [claim(street, row, lock=row.key.tenancy_id, cap=cap) for row in rows]
    assert answers == [Claim.OURS] * ours + [Claim.DAY_FULL] * (3 - ours)
    assert counted(street) == ours


def test_a_full_day_is_over_at_midnight_in_helsinki(street: Street) -> None:
    street.runs.open(a_run())
    rows = [a_row(a_key(f"T-{n}")) for n in range(3)]
    assert all(map(street.ledger.plan, rows))
    before, after = NOW.replace(hour=23, minute=59), NOW.replace(day=24, hour=0, minute=1)
    answers = [
        street.ledger.claim(row, "me", "sms", None, at, 1) for row, at in zip(rows, (NOW, before, after), strict=True)
    ]
    assert answers == [Claim.OURS, Claim.DAY_FULL, Claim.OURS]


def test_a_case_is_counted_once_however_often_it_is_tried(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.PLANNED, later(seconds=1), "me", "http_429", owner=None)
    street.runs.change(MONTH, {RunStatus.APPROVED}, "smaller", cap=1)
    again = street.ledger.claim(now(street, row), "you", "sms", "a-number", later(seconds=2), 1)
    assert again is Claim.OURS
    assert now(street, row).attempts == 2
    assert counted(street) == 1


def test_a_case_that_is_tried_again_on_another_day_counts_for_that_day_too(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.PLANNED, later(seconds=1), "me", "http_429", owner=None)
    other = a_row(a_key("T-2"))
    street.ledger.plan(other)
    tomorrow = later(days=1)
    assert street.ledger.claim(other, "me", "sms", "another-number", tomorrow, 1) is Claim.OURS
    assert street.ledger.claim(now(street, row), "you", "sms", "a-number", tomorrow, 1) is Claim.DAY_FULL
    assert street.ledger.claim(now(street, row), "you", "sms", "a-number", tomorrow, 2) is Claim.OURS
    assert counted(street) == 2


def test_the_first_refusal_is_told_when_there_are_several(street: Street) -> None:
    claimed(street)
    street.runs.change(MONTH, {RunStatus.APPROVED}, "halted", status=RunStatus.HALTED, cap=1)
    other = a_row(a_key("T-2"))
    street.ledger.plan(other)
    assert claim(street, other, cap=1) is Claim.RUN_STOPPED
    street.runs.change(MONTH, {RunStatus.HALTED}, "resumed", status=RunStatus.APPROVED)
    assert claim(street, other, cap=1) is Claim.CAP_REACHED
    street.runs.change(MONTH, {RunStatus.APPROVED}, "more", cap=2)
    assert claim(street, other, cap=1) is Claim.DAY_FULL
    assert claim(street, other, cap=2) is Claim.NUMBER_TAKEN


# --- moving ----------------------------------------------------------------------------------------------------------


def test_a_move_changes_the_row_and_adds_to_its_history(street: Street) -> None:
    row, at = claimed(street), later(seconds=1)
    facts = {"provider": "memory", "message_id": "m-1", "segments": 1, "template": "sms@1"}
    assert street.ledger.move(row, Status.SENT, at, "send_notice", "why", **facts)
    moved = now(street, row)
    assert (moved.status, moved.changed_at, moved.why, moved.owner) == (Status.SENT, at, "why", "me")
    assert {name: getattr(moved, name) for name in facts} == facts
    assert moved.events[:-1] == row.events
    assert (moved.events[-1].status, moved.events[-1].by, moved.events[-1].why) == (Status.SENT, "send_notice", "why")


def test_a_move_without_a_reason_takes_the_old_reason_away(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.UNKNOWN, later(seconds=1), "me", "timeout")
    street.ledger.move(now(street, row), Status.SENT, later(seconds=2), "me")
    assert now(street, row).why is None


def test_what_a_move_sets_to_nothing_is_gone(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.PLANNED, later(seconds=1), "me", owner=None)
    assert now(street, row).owner is None


def test_a_move_from_a_state_that_is_over_changes_nothing(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.SENT, later(seconds=1), "me")
    after = now(street, row)
    assert not street.ledger.move(row, Status.UNKNOWN, later(seconds=2), "you")
    assert now(street, row) == after


def test_a_move_by_a_sender_that_has_lost_the_row_changes_nothing(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.PLANNED, later(seconds=1), "me", owner=None)
    assert claim(street, now(street, row), "you") is Claim.OURS
    after = now(street, row)
    assert not street.ledger.move(row, Status.SENT, later(seconds=2), "me")
    assert now(street, row) == after


def test_a_move_whose_answer_was_lost_has_been_made_and_is_made_once(street: Street) -> None:
    row = claimed(street)
    moves = [street.ledger.move(row, Status.SENT, later(seconds=1), "me", message_id="m-1") for _ in range(3)]
    assert moves == [True, True, True]
    assert [event.status for event in now(street, row).events].count(Status.SENT) == 1


def test_a_lost_answer_is_recognised_after_the_row_went_on(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.SENT, later(seconds=1), "me")
    street.ledger.move(now(street, row), Status.DELIVERED, later(seconds=2), "receipt memory")
    assert street.ledger.move(row, Status.SENT, later(seconds=1), "me")
    assert now(street, row).status is Status.DELIVERED


def test_a_row_that_is_not_there_cannot_be_moved_into_being(street: Street) -> None:
    assert not street.ledger.move(a_row(), Status.EXPIRED, NOW, "reconcile")
    assert street.ledger.row(a_key()) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Status.SENT, Status.PLANNED),
        (Status.DELIVERED, Status.UNDELIVERED),
        (Status.REJECTED, Status.PLANNED),
        (Status.PLANNED, Status.SENT),
        (Status.PLANNED, Status.DELIVERED),
        (Status.STOOD_DOWN, Status.PLANNED),
        (Status.UNKNOWN, Status.SENDING),
    ],
)
def test_a_move_that_the_ledger_does_not_know_is_refused_at_once(street: Street, old: Status, new: Status) -> None:
    row = planned(street, a_row(status=old))
    with pytest.raises(ValueError, match=f"from {old} to {new}"):
        street.ledger.move(row, new, NOW, "me")
    assert now(street, row) == row


# --- forgetting ------------------------------------------------------------------------------------------------------


def forget(street: Street, row: Row) -> bool:
    return street.ledger.forget(row, "erased-1", "somebody", later(days=1))


def test_who_a_case_was_for_becomes_a_pseudonym_and_the_case_stays(street: Street) -> None:
    history = (Past(step=Step.SMS_REMINDER, on=date(2026, 10, 5), outcome=Outcome.DELIVERED),)
    row = planned(street, a_row(status=Status.SENT, history=history))
    assert forget(street, row)
    left = now(street, row)
    assert (left.recipient, left.age_group, left.history) == ("erased-1", None, ())
    assert (left.key, left.status, left.reference, left.changed_at) == (
        row.key,
        row.status,
        row.reference,
        row.changed_at,
    )
    assert [(event.status, event.by) for event in left.events] == [(Status.SENT, "select"), (Status.SENT, "somebody")]


def test_a_case_that_is_for_somebody_else_by_now_is_not_forgotten(street: Street) -> None:
    row = planned(street)
    assert not forget(street, a_row(recipient="P-2"))
    assert now(street, row) == row


def test_a_case_that_is_not_there_is_not_forgotten_into_being(street: Street) -> None:
    assert not forget(street, a_row())
    assert street.ledger.row(a_key()) is None


def test_a_case_is_forgotten_once_however_often_it_is_asked(street: Street) -> None:
    row = planned(street)
    assert [forget(street, row) for _ in range(3)] == [True, True, True]
    assert [event.why for event in now(street, row).events].count("erased") == 1


def test_a_case_that_went_on_meanwhile_is_forgotten_where_it_is_now(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.SENT, later(seconds=1), "me")
    assert forget(street, row)
    left = now(street, row)
    assert (left.status, left.recipient) == (Status.SENT, "erased-1")
    assert [event.status for event in left.events][-2:] == [Status.SENT, Status.SENT], "its history does not go back"


# --- what stands beside the snapshot ---------------------------------------------------------------------------------

PAID = Standing(tenancy_id="T-1", paid_at=NOW)
HELD = Standing(
    tenancy_id="T-1",
    holds=(StandingHold(kind=HoldKind.MANUAL, until=date(2026, 12, 1), by="somebody", why="asked", since=NOW),),
)


def test_what_stands_beside_a_snapshot_reads_back_as_it_was_written(street: Street) -> None:
    assert street.ledger.remembered("T-1").standing is None
    assert street.ledger.stand(HELD, None)
    assert street.ledger.remembered("T-1").standing == HELD


def test_of_two_who_change_it_at_once_one_must_look_again(street: Street) -> None:
    assert street.ledger.stand(PAID, None)
    assert not street.ledger.stand(HELD, None)
    assert street.ledger.remembered("T-1").standing == PAID
    assert street.ledger.stand(HELD, PAID)
    assert not street.ledger.stand(PAID, Standing(tenancy_id="T-1", agreed_at=NOW))
    assert street.ledger.remembered("T-1").standing == HELD


def test_a_change_whose_answer_was_lost_has_been_made(street: Street) -> None:
    assert street.ledger.stand(PAID, None)
    assert street.ledger.stand(PAID, None)
    assert street.ledger.stand(HELD, PAID)
    assert street.ledger.stand(HELD, PAID)


# --- finding ---------------------------------------------------------------------------------------------------------


def test_everything_about_a_tenancy_is_remembered_and_nothing_about_others(street: Street) -> None:
    mine = [planned(street), a_row(a_key(step=Step.COLLECTION_LETTER)), a_row(a_key(period="2026-10"))]
    for row in (*mine[1:], a_row(a_key("T-10")), a_row(a_key("T"))):
        street.ledger.plan(row)
    street.ledger.stand(PAID, None)
    found = street.ledger.remembered("T-1")
    assert (found.tenancy_id, found.standing) == ("T-1", PAID)
    assert sorted(found.rows, key=str) == sorted(mine, key=str)


def test_a_tenancy_without_rows_is_remembered_as_nothing(street: Street) -> None:
    found = street.ledger.remembered("T-1")
    assert (found.rows, found.standing) == ((), None)


PAGED = (Step.SMS_REMINDER, Step.COLLECTION_LETTER, Step.COURT_WARNING_LETTER)
AWKWARD = ("T", "T-1", "T-10", "T.1", "T1", "T_1", "a", "A", "0", "9-", "-", "Z" * 40)


def test_shards_come_in_the_order_of_tenancies_each_with_all_its_rows(street: Street) -> None:
    street.runs.open(a_run())
    for name in AWKWARD:
        street.ledger.plan(a_row(a_key(name)))
        street.ledger.plan(a_row(a_key(name, step=Step.COLLECTION_LETTER)))
        street.ledger.stand(Standing(tenancy_id=name, paid_at=NOW), None)
    for shard in range(SHARDS):
        found = list(street.ledger.shard(shard, SHARDS))
        assert [one.tenancy_id for one in found] == sorted(n for n in AWKWARD if shard_of(n, SHARDS) == shard)
        assert all(len(one.rows) == 2 and one.standing for one in found)


def test_a_tenancy_with_a_standing_alone_is_in_its_shard(street: Street) -> None:
    street.ledger.stand(PAID, None)
    (found,) = street.ledger.shard(shard_of("T-1", SHARDS), SHARDS)
    assert (found.tenancy_id, found.rows, found.standing) == ("T-1", (), PAID)


def test_a_ledger_in_other_shards_than_the_snapshot_is_refused(street: Street) -> None:
    with pytest.raises(ValueError, match="must be the same"):
        list(street.ledger.shard(0, SHARDS + 1))


def test_those_who_wait_come_the_longest_waiting_first_and_only_from_before(street: Street) -> None:
    rows = [a_row(a_key(f"T-{n}"), changed_at=later(minutes=(7 * n) % 5)) for n in range(5)]
    for row in (*rows, a_row(a_key("T-9"), status=Status.SENT, changed_at=NOW)):
        street.ledger.plan(row)
    waiting = list(street.ledger.waiting(Status.PLANNED, later(minutes=3)))
    assert [row.changed_at for row in waiting] == [later(minutes=n) for n in range(3)]
    assert list(street.ledger.waiting(Status.UNKNOWN, later(days=9))) == []


def test_messages_that_left_and_were_heard_no_more_of_are_counted_by_run_and_letters_are_not(street: Street) -> None:
    sent = {"status": Status.SENT, "changed_at": NOW}
    cases = [("2026-11", Step.SMS_REMINDER)] * 2
    cases += [("2026-11-23", step) for step in (Step.COURT_NOTICE, Step.COLLECTION_LETTER)]
    for number, (run, step) in enumerate(cases):
        street.ledger.plan(a_row(a_key(f"T-{number}", step=step), run=run, **sent))
    street.ledger.plan(a_row(a_key("T-8"), run="2026-11", **sent | {"changed_at": later(minutes=1)}))
    street.ledger.plan(a_row(a_key("T-9"), run="2026-11", **sent | {"status": Status.DELIVERED}))
    assert street.ledger.silent(later(minutes=1)) == {"2026-11": 2, "2026-11-23": 1}
    assert street.ledger.silent(NOW) == {}


def test_a_row_waits_under_its_new_state_after_a_move(street: Street) -> None:
    row = claimed(street)
    street.ledger.move(row, Status.UNKNOWN, later(seconds=1), "me", "timeout")
    assert list(street.ledger.waiting(Status.SENDING, later(days=1))) == []
    assert list(street.ledger.waiting(Status.UNKNOWN, later(days=1))) == [now(street, row)]


def test_a_moment_sorts_by_its_instant_whatever_zone_it_was_told_in(street: Street) -> None:
    street.runs.open(a_run())
    early, late = a_row(a_key("T-1")), a_row(a_key("T-2"))
    for row, at in ((late, later(minutes=1)), (early, later().astimezone())):
        street.ledger.plan(row)
        street.ledger.move(row, Status.EXPIRED, at, "me")
    found = street.ledger.waiting(Status.EXPIRED, later(hours=1))
    assert [row.key.tenancy_id for row in found] == ["T-1", "T-2"]


def test_a_case_is_found_by_its_reference_and_a_forged_one_finds_nothing(street: Street) -> None:
    row = planned(street)
    assert street.ledger.by_reference(row.reference) == row.key
    assert street.ledger.by_reference("0" * 32) is None


def test_a_shard_is_read_whole_however_many_pages_it_fills(street: Street) -> None:
    """DynamoDB's pages end at a megabyte, wherever that is: in the middle of a tenancy's rows too."""
    names = [name for name in (f"T-{n:02}" for n in range(100)) if shard_of(name, SHARDS) == 0][:7]
    rows = [a_row(a_key(name, step=step), why="x" * 100_000) for name in names for step in PAGED]
    assert all(map(street.ledger.plan, rows))
    found = list(street.ledger.shard(0, SHARDS))
    assert [one.tenancy_id for one in found] == names
    assert [len(one.rows) for one in found] == [len(PAGED)] * len(names)
    assert len(list(street.ledger.waiting(Status.PLANNED, later(days=1)))) == len(rows)


# --- runs ------------------------------------------------------------------------------------------------------------


def test_a_run_is_opened_once_and_reads_back_as_it_was_written(street: Street) -> None:
    run = a_run(figures="{}", plan_hash="ab", why=("because",))
    assert street.runs.run(MONTH) is None
    assert street.runs.open(run)
    assert street.runs.open(run), "our own write, whose answer was lost"
    assert not street.runs.open(a_run(started_by="somebody"))
    assert street.runs.run(MONTH) == run


def test_a_run_changes_only_from_a_state_that_was_expected(street: Street) -> None:
    street.runs.open(a_run(status=RunStatus.HELD))
    assert not street.runs.change(MONTH, {RunStatus.APPROVED, RunStatus.PLANNING}, "halted", status=RunStatus.HALTED)
    assert street.runs.change(MONTH, {RunStatus.HELD}, "approved", status=RunStatus.APPROVED, approved_by="other")
    run = street.runs.run(MONTH)
    assert run is not None
    assert (run.status, run.approved_by, run.events) == (RunStatus.APPROVED, "other", ("planned", "approved"))


def test_a_run_that_does_not_exist_is_not_changed_into_being(street: Street) -> None:
    assert not street.runs.change(MONTH, set(RunStatus), "halted", status=RunStatus.HALTED)
    assert street.runs.run(MONTH) is None


def test_a_change_of_a_run_whose_answer_was_lost_has_been_made(street: Street) -> None:
    street.runs.open(a_run(status=RunStatus.HELD))
    made = [street.runs.change(MONTH, {RunStatus.HELD}, "approved", status=RunStatus.APPROVED) for _ in range(2)]
    assert made == [True, True]
    run = street.runs.run(MONTH)
    assert run is not None
    assert run.events == ("planned", "approved")


def test_what_a_change_sets_to_nothing_is_gone_from_the_run(street: Street) -> None:
    street.runs.open(a_run(halted_by="somebody"))
    street.runs.change(MONTH, {RunStatus.APPROVED}, "resumed", halted_by=None, why=())
    run = street.runs.run(MONTH)
    assert run is not None
    assert (run.halted_by, run.why) == (None, ())


def test_tallies_add_up_and_a_good_answer_ends_the_row_of_failures(street: Street) -> None:
    street.runs.open(a_run())
    street.runs.tally(MONTH, unknown=1, failing=True)
    run = street.runs.tally(MONTH, unknown=1, failing=True)
    assert (run.unknown, run.rejected, run.failing) == (2, 0, 2)
    run = street.runs.tally(MONTH, rejected=1, failing=False)
    assert (run.unknown, run.rejected, run.failing) == (2, 1, 0)
    assert street.runs.run(MONTH) == run


def test_the_latest_runs_are_the_monthly_ones_the_newest_first(street: Street) -> None:
    for name in ("2026-09", "2026-11", "2026-10", "2026-11-16", "2026-12-01", "2027-01"):
        street.runs.open(a_run(name))
    assert [run.run for run in street.runs.latest(3)] == ["2027-01", "2026-11", "2026-10"]
    assert len(street.runs.latest(9)) == 4


# --- snapshots -------------------------------------------------------------------------------------------------------


def publish(street: Street, version: str, instead_of: str | None, *tenancies: str, **changes: Any) -> bool:
    snapshots = [a_snapshot(tenancy_id=name, **changes) for name in tenancies]
    street.snapshots.write(version, SHARDS, snapshots, later(days=35))
    return street.snapshots.publish(a_pointer(version, shards=SHARDS), instead_of)


def test_nothing_is_in_force_before_the_first_export(street: Street) -> None:
    assert street.snapshots.current() is None
    assert street.snapshots.find("T-1") is None


def test_what_is_written_is_seen_only_when_it_is_published(street: Street) -> None:
    street.snapshots.write(VERSION, SHARDS, [a_snapshot()], later(days=35))
    assert street.snapshots.find("T-1") is None
    assert street.snapshots.publish(a_pointer(shards=SHARDS, figures="{}", earlier=("aa",)), None)
    assert street.snapshots.current() == a_pointer(shards=SHARDS, figures="{}", earlier=("aa",))
    assert street.snapshots.find("T-1") == a_snapshot()
    assert street.snapshots.find("T-2") is None


def test_a_new_version_forgets_those_who_owe_nothing_any_more(street: Street) -> None:
    publish(street, "v1", None, "T-1", "T-2")
    assert publish(street, "v2", "v1", "T-2", area="east")
    assert street.snapshots.find("T-1") is None
    found = street.snapshots.find("T-2")
    assert found is not None
    assert found.area == "east"


def test_of_two_exports_published_at_once_one_must_look_again(street: Street) -> None:
    publish(street, "v1", None, "T-1")
    assert publish(street, "v2", "v1", "T-1")
    assert not publish(street, "v3", "v1", "T-1")
    assert not publish(street, "v4", None, "T-1")
    pointer = street.snapshots.current()
    assert pointer is not None
    assert pointer.version == "v2"


def test_nothing_is_published_in_place_of_a_version_that_is_not_in_force(street: Street) -> None:
    assert not publish(street, "v2", "v1", "T-1")
    assert street.snapshots.current() is None


def test_a_publication_whose_answer_was_lost_has_been_made(street: Street) -> None:
    assert publish(street, "v1", None, "T-1")
    assert publish(street, "v1", None, "T-1")
    assert publish(street, "v2", "v1", "T-1")
    assert publish(street, "v2", "v1", "T-1")


def test_shards_of_a_snapshot_come_in_order_and_hold_everybody_once(street: Street) -> None:
    names = [*AWKWARD, *(f"T-{n}" for n in range(100, 160))]
    publish(street, "v1", None, *names)
    publish(street, "v2", "v1", "T-1")
    seen = [[found.tenancy_id for found in street.snapshots.shard("v1", shard)] for shard in range(SHARDS)]
    assert seen == [sorted(n for n in names if shard_of(n, SHARDS) == shard) for shard in range(SHARDS)]


def test_an_export_is_written_twice_as_once(street: Street) -> None:
    publish(street, "v1", None, "T-1", "T-2")
    street.snapshots.write("v1", SHARDS, [a_snapshot(tenancy_id="T-1")], later(days=35))
    assert sum(len(list(street.snapshots.shard("v1", shard))) for shard in range(SHARDS)) == 2


def test_a_shard_of_a_snapshot_is_read_whole_however_many_pages_it_fills(street: Street) -> None:
    owed = a_snapshot().open_items * 100
    names = [f"T-{n:03}" for n in range(150)]
    street.snapshots.write(VERSION, 1, [a_snapshot(tenancy_id=name, open_items=owed) for name in names], later(days=35))
    assert [found.tenancy_id for found in street.snapshots.shard(VERSION, 0)] == names


# --- sight -----------------------------------------------------------------------------------------------------------


def test_a_look_shows_the_row_the_run_the_snapshot_and_what_stands_beside_it(street: Street) -> None:
    row = planned(street)
    publish(street, "v1", None, "T-1")
    street.ledger.stand(PAID, None)
    for _ in range(2):
        seen = street.sight.look(a_message())
        assert (seen.row, seen.run, seen.snapshot, seen.standing) == (row, a_run(), a_snapshot(), PAID)


def test_a_look_at_nothing_shows_nothing(street: Street) -> None:
    seen = street.sight.look(a_message())
    assert (seen.row, seen.run, seen.snapshot, seen.standing) == (None, None, None, None)


def test_a_look_sees_the_snapshot_that_came_into_force_since_the_last_look(street: Street) -> None:
    planned(street)
    publish(street, "v1", None, "T-1")
    assert street.sight.look(a_message()).snapshot == a_snapshot()
    publish(street, "v2", "v1", "T-1", area="east")
    assert street.sight.look(a_message()).snapshot == a_snapshot(area="east")
    publish(street, "v3", "v2", "T-2")
    assert street.sight.look(a_message()).snapshot is None
    assert street.sight.look(a_message(a_key("T-2"))).snapshot == a_snapshot(tenancy_id="T-2")


def test_a_look_sees_a_hold_and_a_halt_of_this_moment(street: Street) -> None:
    planned(street)
    publish(street, "v1", None, "T-1")
    street.sight.look(a_message())
    street.ledger.stand(HELD, None)
    street.runs.change(MONTH, {RunStatus.APPROVED}, "halted", status=RunStatus.HALTED)
    seen = street.sight.look(a_message())
    assert seen.standing == HELD
    assert seen.run is not None
    assert seen.run.status is RunStatus.HALTED


# --- files and bells -------------------------------------------------------------------------------------------------


@with_files_and_bells
def test_a_file_is_written_over_or_only_when_new_as_asked(street: Street) -> None:
    street.records.put("a/1", b"one")
    street.records.put("a/1", b"two")
    assert not street.records.put_new("a/1", b"three")
    assert street.records.put_new("a/2", b"three")
    assert street.records.put_new("a/2", b"three"), "our own write, whose answer was lost"
    assert [street.records.get(name) for name in ("a/1", "a/2", "a/3")] == [b"two", b"three", None]


@with_files_and_bells
def test_a_file_that_is_deleted_is_gone_and_may_be_deleted_again(street: Street) -> None:
    street.records.put("a/1", b"one")
    for _ in range(2):
        street.records.delete("a/1")
        assert street.records.get("a/1") is None
        assert list(street.records.names("")) == []
    assert street.records.put_new("a/1", b"two")


@with_files_and_bells
def test_names_come_in_order_and_only_those_that_begin_so(street: Street) -> None:
    for name in ("b/1", "a/2", "a/10", "a/1"):
        street.records.put(name, b"")
    assert list(street.records.names("a/")) == ["a/1", "a/10", "a/2"]
    assert list(street.records.names("c/")) == []


@with_files_and_bells
def test_a_bell_calls_for_every_case_however_many(street: Street) -> None:
    messages = [CaseMessage(key=a_key(f"T-{n}"), run=MONTH) for n in range(23)]
    assert street.bell.ring(messages) == 0
    assert street.rung() == messages
    assert street.bell.ring([]) == 0
    assert street.rung() == []


def test_half_a_second_is_not_lost(street: Street) -> None:
    row = claimed(street)
    at = NOW + timedelta(microseconds=1)
    street.ledger.move(row, Status.UNKNOWN, at, "me")
    assert list(street.ledger.waiting(Status.UNKNOWN, at)) == []
    assert now(street, row).changed_at == at
    assert now(street, row).events[-1].at == at
