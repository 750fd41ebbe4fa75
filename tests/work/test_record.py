"""What comes back moves a row forward or does nothing, in any order and number, and can never cause a send."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import permutations, product

import pytest

from arrears.ledger import CaseKey, Status
from arrears.model import HoldKind, Step
from arrears.receipts import Arrival, Receipt
from arrears.work.notify import Left
from arrears.work.record import NoteEvents, RecordPrints, RecordReceipt
from tests.makers import TODAY, a_snapshot
from tests.rows import NAMES, NOW, a_key, a_row, later
from tests.work.worlds import a_world, fate, row, send, show
from tests.world import World

MAY_BE_OUT = (Status.SENDING, Status.SENT, Status.UNKNOWN, Status.NO_RECEIPT)
LETTER = a_key(step=Step.COLLECTION_LETTER)


def a_receipt(arrival: Arrival = Arrival.DELIVERED, *, permanent: bool = False, key: CaseKey | None = None) -> Receipt:
    return Receipt(NAMES.reference(key or a_key()), "aws", arrival, permanent, arrival.value.upper(), NOW)


PENDING, DELIVERED = a_receipt(Arrival.PENDING), a_receipt()
OFF, BAD = a_receipt(Arrival.UNDELIVERED), a_receipt(Arrival.UNDELIVERED, permanent=True)


def recorded(world: World, receipts: Iterable[Receipt]) -> list[Status | None]:
    return [world.record(receipt, later(minutes=place)) for place, receipt in enumerate(receipts, 1)]


# --- receipts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", MAY_BE_OUT)
@pytest.mark.parametrize(("receipt", "told"), [(DELIVERED, Status.DELIVERED), (OFF, Status.UNDELIVERED)])
def test_a_receipt_tells_what_became_of_a_text(status: Status, receipt: Receipt, told: Status) -> None:
    world = a_world(a_row(status=status, owner="somebody"))
    assert recorded(world, [receipt, receipt, receipt]) == [told, None, None]
    assert row(world).status is told
    assert row(world).events[-1].by == "receipt aws"


def test_a_number_that_is_no_good_says_so_and_a_phone_that_was_off_does_not() -> None:
    for receipt, why in ((BAD, "bad_number: UNDELIVERED"), (OFF, "not_delivered: UNDELIVERED")):
        world = a_world(a_row(status=Status.SENT))
        recorded(world, [receipt])
        assert fate(world) == (Status.UNDELIVERED, why, 0)


def test_a_receipt_that_says_only_that_the_provider_has_it_ends_a_doubt_and_nothing_else() -> None:
    for status in Status:
        world = a_world(a_row(status=status))
        recorded(world, [PENDING])
        assert row(world).status is (Status.SENT if status is Status.UNKNOWN else status)


@pytest.mark.parametrize("status", MAY_BE_OUT)
def test_in_whatever_order_and_number_receipts_come_the_end_is_the_same(status: Status) -> None:
    receipts_come_to_one_end(status)


def receipts_come_to_one_end(status: Status) -> None:
    for some in product((PENDING, OFF, DELIVERED), repeat=3):
        ends = set()
        for order in set(permutations(some)):
            world = a_world(a_row(status=status))
            recorded(world, [*order, *order])
            ends.add(row(world).status)
        assert len(ends) == 1, f"{[receipt.status for receipt in some]} ended as {ends}"


def test_a_receipt_that_comes_before_the_sender_has_written_anything_down_is_not_lost() -> None:
    world = a_world(a_row(status=Status.SENDING, owner="the sender"))
    assert recorded(world, [DELIVERED]) == [Status.DELIVERED]
    sender = a_row(status=Status.SENDING, owner="the sender")
    assert not world.ledger.move(sender, Status.SENT, later(minutes=2), "send_notice")


def test_a_forged_reference_has_no_effect() -> None:
    world = a_world(a_row(status=Status.SENT))
    before = dict(world.ledger.rows)
    assert world.record(Receipt("f" * 32, "aws", Arrival.DELIVERED, False, "DELIVERED", NOW), NOW) is None
    assert world.ledger.rows == before


@pytest.mark.parametrize("status", sorted(set(Status) - set(MAY_BE_OUT) - {Status.UNDELIVERED}))
@pytest.mark.parametrize("receipt", [PENDING, OFF, BAD, DELIVERED], ids=["pending", "off", "bad", "delivered"])
def test_a_receipt_for_what_never_left_or_is_over_changes_nothing(status: Status, receipt: Receipt) -> None:
    world = a_world(a_row(status=status))
    before = dict(world.ledger.rows)
    assert recorded(world, [receipt]) == [None]
    assert world.ledger.rows == before


def test_no_receipt_can_cause_a_send() -> None:
    """Of all states and all receipts: nothing rings, nothing is planned, no other row is touched."""
    for status, receipt in product(Status, (PENDING, OFF, BAD, DELIVERED)):
        world = a_world(a_row(status=status), a_row(a_key("T-2")))
        recorded(world, [receipt, receipt])
        assert not any(bell.messages for bell in world.bells.values())
        assert row(world, a_key("T-2")) == a_row(a_key("T-2"))
        assert row(world).status is not Status.PLANNED or status is Status.PLANNED
        assert row(world).status is not Status.SENDING or status is Status.SENDING


def test_a_receipt_meets_a_row_that_moves_under_it() -> None:
    world = a_world(a_row(status=Status.SENDING, owner="the sender"))
    look = world.ledger.row

    def moving(key: CaseKey) -> object:
        found = look(key)
        if found and found.status is Status.SENDING:
            world.ledger.move(found, Status.SENT, later(seconds=1), "send_notice")
        return found

    world.ledger.row = moving  # type: ignore[method-assign, assignment]
    assert recorded(world, [DELIVERED]) == [Status.DELIVERED]


# --- the payment feed ------------------------------------------------------------------------------------------------


def line(event: str, at: datetime = NOW, tenancy: str = "T-1") -> str:
    return json.dumps({"tenancy_id": tenancy, "event": event, "at": at.isoformat()})


def noted(world: World, *lines: str, now: datetime = NOW) -> tuple[int, int, tuple[str, ...]]:
    told = NoteEvents(world.ledger)("\n".join(lines).encode(), now)
    return told.taken, told.nothing_new, told.unreadable


@pytest.mark.parametrize(
    ("event", "why"), [("paid", "no_debt"), ("agreed", "payment_agreement"), ("disputed", "disputed")]
)
def test_news_between_two_exports_stops_a_text_at_once(event: str, why: str) -> None:
    world = a_world()
    assert noted(world, line(event)) == (1, 0, ())
    assert send(world) is Left.STOOD_DOWN
    assert why in (fate(world)[1] or "").split(",")


def test_news_told_twice_is_news_once() -> None:
    world = a_world()
    lines = [line("paid"), line("disputed"), line("agreed")]
    assert noted(world, *lines) == (3, 0, ())
    before = world.ledger.standings["T-1"]
    assert noted(world, *lines) == (0, 3, ())
    assert world.ledger.standings["T-1"] == before


def test_older_news_does_not_undo_newer_news_in_whatever_order_it_comes() -> None:
    told = [line("paid", later(hours=-hour)) for hour in (1, 5, 3)]
    ends = set()
    for order in permutations(told):
        world = a_world()
        noted(world, *order)
        ends.add(world.ledger.standings["T-1"].paid_at)
    assert ends == {later(hours=-1)}


def test_a_dispute_stays_until_a_person_ends_it() -> None:
    world = a_world()
    noted(world, line("disputed"))
    show(world, [a_snapshot(as_of="2026-11-23")], "next")
    (hold,) = world.ledger.standings["T-1"].holds
    assert (hold.kind, hold.until) == (HoldKind.DISPUTE, None)
    assert send(world) is Left.STOOD_DOWN


def test_news_that_the_next_export_knows_stops_nothing_any_more() -> None:
    world = a_world()
    noted(world, line("paid", later(days=-1)))
    assert send(world) is Left.SENT


def test_a_clock_that_is_ahead_leaves_nobody_in_peace_for_years() -> None:
    world = a_world()
    noted(world, line("paid", later(days=3650)))
    assert world.ledger.standings["T-1"].paid_at == NOW
    show(world, [a_snapshot(as_of="2026-11-24")], "next")
    assert send(world, at=later(days=1)) is Left.SENT


def test_every_good_line_is_taken_whatever_is_wrong_with_the_others() -> None:
    world = a_world()
    taken, nothing_new, unreadable = noted(
        world, "not JSON", line("paid"), "[]", line("moved"), '{"tenancy_id": "T-1"}', line("agreed", tenancy="T-2")
    )
    assert (taken, nothing_new) == (2, 0)
    assert [sentence.split(":")[0] for sentence in unreadable] == ["line 1", "line 3", "line 4", "line 5"]


def test_what_is_wrong_with_a_line_is_told_without_its_contents() -> None:
    _, _, unreadable = noted(a_world(), '{"tenancy_id": "Testi Testinen", "event": "paid", "at": "Testikatu"}')
    assert "Testi" not in str(unreadable)


# --- the print house -------------------------------------------------------------------------------------------------


def printed(status: str, key: CaseKey = LETTER) -> bytes:
    return json.dumps({"letter_id": NAMES.reference(key), "status": status, "at": NOW.isoformat()}).encode()


def test_a_printed_letter_is_delivered_and_one_that_came_back_is_not() -> None:
    for told, status in (("printed", Status.DELIVERED), ("returned", Status.UNDELIVERED)):
        world = a_world(a_row(LETTER, status=Status.SENT, on=TODAY))
        record = RecordPrints(world.ledger)
        first, again = (record(printed(told), later(days=2, hours=hour)) for hour in (0, 1))
        assert (first.taken, again.nothing_new) == (1, 1)
        assert row(world, LETTER).status is status


def test_a_receipt_for_a_letter_of_nobodys_changes_nothing() -> None:
    world = a_world(a_row(LETTER, status=Status.SENT))
    told = RecordPrints(world.ledger)(printed("printed", a_key("T-9")), NOW)
    assert (told.taken, told.nothing_new) == (0, 1)
    assert row(world, LETTER).status is Status.SENT


def test_receipts_and_the_hourly_errand_agree_about_what_was_never_heard_of() -> None:
    world = a_world()
    send(world)
    world.reconcile(NOW + timedelta(hours=73))
    assert row(world).status is Status.NO_RECEIPT
    assert RecordReceipt(world.ledger)(DELIVERED, NOW + timedelta(hours=74)) is Status.DELIVERED
