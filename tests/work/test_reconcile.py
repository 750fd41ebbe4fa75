"""Nobody waits for ever: doubts are asked about, those left behind are rung for again, what is over is closed."""

import json
from datetime import datetime, timedelta

import pytest

from arrears.calendar import HELSINKI
from arrears.ledger import RunStatus, Status
from arrears.model import Step
from arrears.policy import policy_named
from arrears.ports import Accepted, NotAccepted, Sms
from arrears.work.notify import Left
from arrears.work.print_ import job_name
from arrears.work.reconcile import STRANDED, SURELY_DEAD, Reconciled
from tests.rows import MONTH, NOW, a_key, a_message, a_row, a_run, later
from tests.work.worlds import COURT, a_world, fate, in_court, row, send, the_run
from tests.world import World

TICK = timedelta(microseconds=1)
POLICY = policy_named("2024-10-01")
LETTER = a_key(step=Step.COLLECTION_LETTER)


def dead_sender(*, sent: bool, attempts: int = 1) -> World:
    """A world whose sender died after the claim, before or after the provider took the text."""
    world = a_world(a_row(attempts=attempts - 1))
    assert world.ledger.claim(row(world), "the dead", "sms", None, NOW, 50)
    if sent:
        world.sms.accepted.append(a_text())
    return world


def a_text() -> Sms:
    twin = a_world()
    send(twin)
    return twin.sms.accepted[0]


# --- a sender that died ----------------------------------------------------------------------------------------------


def test_a_sender_that_may_still_be_alive_is_left_alone() -> None:
    world = dead_sender(sent=False)
    before = row(world)
    assert world.reconcile(NOW + SURELY_DEAD).doubtful == 0
    assert row(world) == before


def test_the_text_of_a_dead_sender_is_in_doubt() -> None:
    world = dead_sender(sent=False)
    assert world.reconcile(NOW + SURELY_DEAD + TICK).doubtful == 1
    assert fate(world) == (Status.UNKNOWN, "worker_died", 0)


def test_no_worker_can_live_so_long() -> None:
    assert timedelta(minutes=15) < SURELY_DEAD, "the longest that Lambda lets any function live"


# --- asking the provider ---------------------------------------------------------------------------------------------


def test_the_provider_is_asked_and_what_it_has_is_sent() -> None:
    world = dead_sender(sent=True)
    world.reconcile(later(hours=1))
    assert world.reconcile(later(hours=2)).found_sent == 1
    sent = row(world)
    assert (sent.status, sent.provider, sent.message_id) == (Status.SENT, "memory", "m-1")
    assert (sent.events[-1].by, sent.events[-1].why) == ("reconcile", "provider_has_it")
    assert send(world, at=later(hours=3)) is Left.ALREADY
    assert len(world.sms.accepted) == 1


def test_what_the_provider_surely_never_saw_is_sent_again_once() -> None:
    world = dead_sender(sent=False)
    world.reconcile(later(hours=1))
    assert world.reconcile(later(hours=2)).found_unsent == 1
    assert row(world).owner is None
    assert [send(world, at=later(hours=3)), send(world, at=later(hours=3))] == [Left.SENT, Left.ALREADY]
    assert the_run(world).claimed == 1


def test_a_provider_that_cannot_be_asked_leaves_the_doubt_to_a_person() -> None:
    world = dead_sender(sent=False)
    world.sms.can_be_asked = False
    for hour in range(1, 30):
        told = world.reconcile(later(hours=hour))
        world.pump(later(hours=hour))
    assert fate(world) == (Status.UNKNOWN, "worker_died", 0)
    assert (told.unknown, told.oldest_unknown_hours) == (1, 28.0)


def test_an_error_while_asking_leaves_the_doubt_and_hurts_nobody_else() -> None:
    world = dead_sender(sent=False)
    world.ledger.plan(a_row(a_key("T-2")))

    def broken(reference: str) -> Accepted:
        raise ConnectionError(reference)

    world.sms.find = broken  # type: ignore[method-assign]
    world.reconcile(later(hours=1))
    told = world.reconcile(later(hours=2))
    assert (told.unknown, told.rung_again) == (1, 1)
    assert row(world).status is Status.UNKNOWN


def test_a_call_that_may_still_be_on_its_way_is_not_asked_about_yet() -> None:
    asked_only_when_nothing_can_arrive_any_more()


def asked_only_when_nothing_can_arrive_any_more() -> None:
    """The provider takes the text a quarter of an hour after we stopped listening: it is still sent once."""
    world = a_world()
    world.sms.fates = [TimeoutError()]
    assert send(world) is Left.UNKNOWN
    world.reconcile(later(minutes=5))
    assert row(world).status is Status.UNKNOWN
    world.sms.accepted.append(a_text())
    world.reconcile(later(hours=1))
    world.pump(later(hours=1))
    assert row(world).status is Status.SENT
    assert len(world.sms.accepted) == 1


def test_doubts_are_asked_about_no_more_often_than_a_text_may_be_tried() -> None:
    attempts_are_bounded(dead_sender(sent=False, attempts=POLICY.sending.attempts))


def attempts_are_bounded(world: World) -> None:
    world.reconcile(later(hours=1))
    world.reconcile(later(hours=2))
    assert row(world).status is Status.EXHAUSTED


# --- a letter whose worker died --------------------------------------------------------------------------------------


def dead_printer(*, filed: bool) -> World:
    world = a_world(a_row(LETTER))
    assert world.ledger.claim(row(world, LETTER), "the dead", "post", None, NOW, 50)
    if filed:
        letter = row(world, LETTER)
        job = {"fee": "5.00", "fee_month": MONTH, "recipient": "P-1", "on": "2026-11-23", "letter_id": letter.reference}
        world.letters.put_new(job_name(letter), json.dumps(job).encode())
    return world


def test_a_letter_that_was_not_filed_is_printed_again() -> None:
    world = dead_printer(filed=False)
    world.reconcile(later(hours=1))
    assert row(world, LETTER).status is Status.PLANNED


def test_a_letter_that_was_filed_is_sent_even_if_the_tenant_has_paid_meanwhile() -> None:
    a_filed_letter_is_a_sent_letter(dead_printer(filed=True))


def a_filed_letter_is_a_sent_letter(world: World) -> None:
    """The print job is the point of no return: from there the letter reaches the tenant, whatever happens to us."""
    world.reconcile(later(hours=1))
    sent = row(world, LETTER)
    assert (sent.status, f"{sent.fee}", sent.fee_month, sent.recipient) == (Status.SENT, "5.00", "2026-11", "P-1")


# --- those left behind -----------------------------------------------------------------------------------------------


def rung(world: World, name: str = "notices") -> list[object]:
    messages, world.bells[name].messages = world.bells[name].messages, []
    return list(messages)


@pytest.mark.parametrize(("waited", "rings"), [(STRANDED, 0), (STRANDED + TICK, 1)])
def test_a_case_that_nobody_came_for_is_rung_for_again(waited: timedelta, rings: int) -> None:
    world = a_world(a_row(changed_at=NOW))
    told = world.reconcile(NOW + waited)
    assert told.rung_again == rings
    assert rung(world) == [a_message()] * rings


def test_a_case_is_rung_for_only_while_it_may_leave() -> None:
    world = a_world()
    told = world.reconcile(NOW.replace(hour=20))
    assert (told.rung_again, rung(world)) == (0, [])
    assert told.oldest_waiting_hours == 11.0
    assert world.reconcile(later(days=1)).rung_again == 1


def test_a_court_notice_is_rung_for_in_its_own_hours_and_a_letter_at_any() -> None:
    world = a_world(a_row(COURT), a_row(LETTER), **in_court())
    assert world.reconcile(NOW.replace(hour=16)).rung_again == 1
    assert rung(world, "letters") == [a_message(LETTER)]
    world.reconcile(NOW.replace(hour=15))
    assert rung(world) == [a_message(COURT)]


def test_what_waited_past_its_month_expires() -> None:
    world = a_world(a_row(), a_row(LETTER), a_row(COURT), **in_court())
    told = world.reconcile(datetime(2026, 12, 1, 0, 5, tzinfo=HELSINKI))
    assert told.expired == 2
    assert [row(world, key).status for key in (a_key(), LETTER, COURT)] == [
        Status.EXPIRED,
        Status.EXPIRED,
        Status.PLANNED,
    ]


def test_a_halted_run_waits_and_nothing_of_it_is_lost() -> None:
    world = a_world(run=a_run(status=RunStatus.HALTED))
    world.reconcile(later(hours=1))
    assert world.pump(later(hours=1)) == [Left.WAITS]
    world.operate.resume(MONTH, "a person", "mended", later(hours=2))
    world.reconcile(later(hours=2))
    assert world.pump(later(hours=2)) == [Left.SENT]


# --- receipts that never came ----------------------------------------------------------------------------------------


def test_a_text_without_a_receipt_in_three_days_is_a_state_of_its_own() -> None:
    world = a_world()
    send(world)
    waits = timedelta(hours=POLICY.sending.receipt_hours)
    assert world.reconcile(NOW + waits).no_receipt == 0
    assert world.reconcile(NOW + waits + TICK).no_receipt == 1
    assert fate(world) == (Status.NO_RECEIPT, "no_receipt_in_time", 1)


# --- twice -----------------------------------------------------------------------------------------------------------


def test_doing_it_twice_changes_nothing_more() -> None:
    world = dead_sender(sent=True)
    for hour in (1, 2):
        world.reconcile(later(hours=hour))
    before = dict(world.ledger.rows)
    assert world.reconcile(later(hours=2)) == Reconciled()
    assert world.ledger.rows == before


def test_a_refusal_that_passes_is_tried_hour_after_hour_until_it_is_exhausted() -> None:
    world = a_world()
    world.sms.fates = [NotAccepted("http_429")] * 99
    for hour in range(1, 8):
        world.reconcile(later(hours=hour))
        world.pump(later(hours=hour))
    assert fate(world) == (Status.EXHAUSTED, "http_429", 0)
    assert not rung(world)
