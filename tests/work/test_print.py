"""A letter is printed once, while it is still due; one that cannot be written is set aside alone."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from arrears.calendar import HELSINKI
from arrears.ledger import CaseKey, Row, RunStatus, Standing, Status
from arrears.letters import Letter
from arrears.model import Outcome, Step
from arrears.ports.measures import Measure
from arrears.work.notify import Left
from arrears.work.print_ import SECONDS_FOR_ONE_LETTER, PrintBatch, job_name
from tests.makers import TODAY, a_reminder, a_snapshot, an_item
from tests.rows import MONTH, NOW, a_key, a_letter_row, a_message, a_row, a_run, later
from tests.work.worlds import a_world, row, show, the_run
from tests.world import PLENTY, World

LETTER = a_key(step=Step.COLLECTION_LETTER)
EVENING = NOW.replace(hour=17, minute=5)


def a_letter_world(*rows: Row, **snapshot: Any) -> World:
    return a_world(*(rows or (a_letter_row(),)), **snapshot)


def print_(world: World, key: CaseKey = LETTER, at: datetime = NOW, seconds_left: float = PLENTY) -> Left:
    return world.print_(a_message(key), at, seconds_left)


def files(world: World, prefix: str) -> list[str]:
    return list(world.letters.names(prefix))


def job(world: World, key: CaseKey = LETTER) -> dict[str, str]:
    told: dict[str, str] = json.loads(world.letters.get(job_name(row(world, key))) or b"{}")
    return told


# --- the ordinary letter ---------------------------------------------------------------------------------------------


def test_a_letter_that_is_still_due_is_filed_once_with_its_job() -> None:
    world = a_letter_world()
    assert [print_(world), print_(world)] == [Left.SENT, Left.ALREADY]
    sent = row(world, LETTER)
    assert (sent.status, sent.provider, sent.message_id) == (Status.SENT, "print_house", sent.reference)
    assert (f"{sent.fee}", sent.fee_month, sent.recipient, sent.on, sent.channel) == (
        "5.00",
        MONTH,
        "P-1",
        TODAY,
        "post",
    )
    assert files(world, "letters/") == [f"letters/2026-11-23/{sent.reference}.pdf"]
    assert files(world, "jobs/") == [f"jobs/2026-11/{sent.reference}.json"]
    assert job(world)["letter_id"] == sent.reference


def test_a_job_names_no_person() -> None:
    world = a_letter_world()
    print_(world)
    assert "Testi" not in json.dumps(job(world))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"open_items": ()}, "no_debt"),
        ({"agreement": {"agreed_on": "2026-11-20", "status": "active"}}, "payment_agreement"),
        ({"holds": [{"kind": "dispute"}]}, "disputed"),
        ({"holds": [{"kind": "deceased"}]}, "deceased"),
    ],
)
def test_who_paid_agreed_or_disputed_meanwhile_gets_no_letter(change: dict[str, Any], why: str) -> None:
    world = a_letter_world()
    show(world, [a_snapshot(**change)], "news")
    assert print_(world) is Left.STOOD_DOWN
    assert why in (row(world, LETTER).why or "").split(",")
    assert not world.letters.files


def test_a_letter_that_stands_down_is_counted_under_what_stood_first_in_its_way() -> None:
    world = a_letter_world()
    counted: list[Any] = []
    world.print_ = replace(world.print_, meter=lambda *what, **why: counted.append((what, why)))
    show(world, [a_snapshot(holds=[{"kind": "dispute"}, {"kind": "deceased"}])], "news")
    print_(world)
    assert (row(world, LETTER).why or "").startswith("disputed,deceased,")
    assert counted == [((Measure.STOOD_DOWN,), {"why": "disputed"})]


def test_who_left_the_ledger_gets_no_letter() -> None:
    world = a_letter_world()
    show(world, [], "paid")
    assert print_(world) is Left.STOOD_DOWN


def test_a_text_that_nobody_knows_of_lets_no_letter_go() -> None:
    world = a_letter_world(a_row(LETTER, history=(a_reminder(date(2026, 11, 6), Outcome.UNKNOWN),)))
    assert print_(world) is Left.STOOD_DOWN
    assert "not_reminded" in (row(world, LETTER).why or "")


def test_a_waived_fee_is_not_asked_for() -> None:
    world = a_letter_world()
    world.ledger.stand(Standing(tenancy_id="T-1", waived_by="a person"), None)
    print_(world)
    assert (f"{row(world, LETTER).fee}", row(world, LETTER).fee_month) == ("0.00", None)


# --- when it may leave -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.APPROVED}))
def test_no_letter_is_printed_under_a_run_that_is_not_approved(status: RunStatus) -> None:
    world = a_world(a_letter_row(), run=a_run(status=status))
    assert print_(world) is Left.WAITS
    assert (row(world, LETTER).status, world.letters.files) == (Status.PLANNED, {})


def test_a_letter_of_last_month_is_never_printed() -> None:
    world = a_letter_world()
    assert print_(world, at=datetime(2026, 12, 1, 9, 30, tzinfo=HELSINKI)) is Left.EXPIRED


def test_a_worker_with_too_little_time_gives_the_letter_back() -> None:
    world = a_letter_world()
    assert print_(world, seconds_left=SECONDS_FOR_ONE_LETTER - 0.1) is Left.AGAIN
    assert row(world, LETTER) == a_letter_row()
    assert print_(world, seconds_left=SECONDS_FOR_ONE_LETTER) is Left.SENT


def test_a_days_cap_holds_for_letters_too() -> None:
    world = a_letter_world()
    world.print_ = replace(world.print_, daily_cap=1)
    world.ledger.days[TODAY] = 1
    assert print_(world) is Left.WAITS
    assert (row(world, LETTER).status, world.letters.files) == (Status.PLANNED, {})


# --- what cannot be written ------------------------------------------------------------------------------------------


def two_letters(**first: Any) -> World:
    other = a_key("T-2", step=Step.COLLECTION_LETTER)
    world = a_letter_world(a_letter_row(), a_letter_row(other))
    show(world, [a_snapshot(**first), a_snapshot(tenancy_id="T-2")], "both")
    return world


def test_an_incomplete_letter_is_set_aside_alone_and_says_what_is_missing() -> None:
    world = two_letters(open_items=[an_item(charged="100.00")])
    assert [print_(world), print_(world, a_key("T-2", step=Step.COLLECTION_LETTER))] == [Left.SET_ASIDE, Left.SENT]
    assert row(world, LETTER).why == "incomplete: open_items.charged"
    assert the_run(world).claimed == 1


def test_a_letter_that_cannot_be_drawn_is_set_aside_alone() -> None:
    world = two_letters()
    draw = world.print_.render

    def failing(letter: Letter) -> bytes:
        if row(world, LETTER).status is Status.PLANNED:
            raise MemoryError("Testi Testinen")
        return draw(letter)

    world.print_ = replace(world.print_, render=failing)
    assert [print_(world), print_(world, a_key("T-2", step=Step.COLLECTION_LETTER))] == [Left.SET_ASIDE, Left.SENT]
    assert row(world, LETTER).why == "unprintable: MemoryError"


# --- halfway ---------------------------------------------------------------------------------------------------------


class Crash(BaseException):
    """The process dies."""


def dying(world: World, port: Any, name: str, *, applied: bool) -> None:
    """The process dies at the port's next call of that name, before or after it was carried out; then all is well."""
    do: Callable[..., Any] = getattr(type(port), name).__get__(port)

    def mortal(*args: Any, **more: Any) -> Any:
        setattr(port, name, do)
        if applied:
            do(*args, **more)
        raise Crash

    setattr(port, name, mortal)


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("place", ["claim", "pdf", "job", "sent"])
def test_wherever_a_worker_dies_the_letter_is_printed_once(place: str, applied: bool) -> None:
    world = a_letter_world()
    wherever = {
        "claim": (world.ledger, "claim"),
        "pdf": (world.letters, "put"),
        "job": (world.letters, "put_new"),
        "sent": (world.ledger, "move"),
    }
    dying(world, *wherever[place], applied=applied)
    with pytest.raises(Crash):
        print_(world)
    after_the_death(world)


def after_the_death(world: World) -> None:
    """The queue rings again, the reconciler comes, the day is closed: one letter, one job, one line in one batch."""
    for hour in range(1, 10):
        print_(world, at=later(hours=hour))
        world.reconcile(later(hours=hour))
        world.pump(later(hours=hour))
    assert row(world, LETTER).status is Status.SENT
    assert len(files(world, "letters/")) == len(files(world, "jobs/")) == 1
    assert letters_in_batches(world) == [row(world, LETTER).reference]
    assert the_run(world).claimed == 1


def test_a_letter_whose_job_was_filed_is_sent_though_the_tenant_pays_within_the_hour() -> None:
    world = a_letter_world()
    dying(world, world.ledger, "move", applied=False)
    with pytest.raises(Crash):
        print_(world)
    show(world, [], "paid")
    after_the_death(world)


def test_a_job_that_another_worker_filed_first_is_the_one_that_counts() -> None:
    world = a_letter_world()
    letter = row(world, LETTER)
    first = {"fee": "0.00", "fee_month": MONTH, "recipient": "P-9", "on": "2026-11-20", "letter_id": letter.reference}
    world.letters.put(job_name(letter), json.dumps(first).encode())
    assert print_(world) is Left.SENT
    sent = row(world, LETTER)
    assert (f"{sent.fee}", sent.fee_month, sent.recipient, sent.on) == ("0.00", None, "P-9", date(2026, 11, 20))
    assert job(world) == first


# --- the day's batch -------------------------------------------------------------------------------------------------


def letters_in_batches(world: World) -> list[str]:
    batches = [json.loads(world.letters.get(name) or b"{}") for name in files(world, "print-jobs/")]
    return [letter["letter_id"] for batch in batches for letter in batch["letters"]]


def test_a_batch_is_closed_once_and_says_how_many_it_holds() -> None:
    world = two_letters()
    assert PrintBatch(world.letters)(EVENING) == 0
    print_(world)
    assert [PrintBatch(world.letters)(EVENING + timedelta(hours=hour)) for hour in (0, 1)] == [1, 0]
    (name,) = files(world, "print-jobs/")
    assert name == "print-jobs/2026-11-23.json"
    batch = json.loads(world.letters.get(name) or b"{}")
    assert (batch["day"], batch["count"], len(batch["letters"])) == ("2026-11-23", 1, 1)


def test_new_letters_are_looked_for_once_an_evening_and_again_when_that_went_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = two_letters()
    print_(world)
    warm, look, asked = PrintBatch(world.letters), world.letters.names, []

    def names(prefix: str) -> list[str]:
        asked.append(prefix)
        if len(asked) == 1:
            raise TimeoutError(prefix)
        return list(look(prefix))

    monkeypatch.setattr(world.letters, "names", names)
    with pytest.raises(TimeoutError):
        warm(EVENING)
    assert [warm(EVENING + timedelta(hours=hour)) for hour in (1, 2)] == [1, 0]
    looked = len(asked)
    assert warm(EVENING + timedelta(hours=3)) == 0
    assert len(asked) == looked


def test_a_letter_that_is_filed_after_the_batch_closed_is_in_the_next_one() -> None:
    world = two_letters()
    print_(world)
    PrintBatch(world.letters)(EVENING)
    print_(world, a_key("T-2", step=Step.COLLECTION_LETTER), at=EVENING)
    assert PrintBatch(world.letters)(EVENING + timedelta(days=1)) == 1
    assert len(letters_in_batches(world)) == len(set(letters_in_batches(world))) == 2


@pytest.mark.parametrize(("second", "left"), [(0, Left.SENT), (1, Left.WAITS)])
def test_a_letter_waits_as_soon_as_the_books_are_older_than_26_hours(second: int, left: Left) -> None:
    world = a_letter_world(as_of="2026-11-21")
    assert print_(world, at=datetime(2026, 11, 23, 2, 0, second, tzinfo=HELSINKI)) is left
    assert row(world, LETTER).status is (Status.SENT if left is Left.SENT else Status.PLANNED)


def test_the_last_evenings_letters_of_a_month_are_in_the_first_batch_of_the_next() -> None:
    world = a_letter_world(as_of="2026-11-29")
    print_(world, at=datetime(2026, 11, 30, 17, 30, tzinfo=HELSINKI))
    assert PrintBatch(world.letters)(datetime(2026, 12, 1, 17, 5, tzinfo=HELSINKI)) == 1


def test_letters_are_not_printed_again_when_old_batches_have_been_thrown_away() -> None:
    old_letters_stay_printed()


def old_letters_stay_printed() -> None:
    """Batches are kept for ninety days and letters for three years."""
    world = a_letter_world()
    print_(world)
    PrintBatch(world.letters)(EVENING)
    for name in files(world, "print-jobs/"):
        del world.letters.files[name]
    assert PrintBatch(world.letters)(EVENING + timedelta(days=91)) == 0


def test_two_who_close_the_batch_at_once_close_one() -> None:
    world = two_letters()
    print_(world)
    put_new = world.letters.put_new

    def overtaken(name: str, body: bytes, content_type: str = "") -> bool:
        world.letters.put_new = put_new  # type: ignore[method-assign]
        print_(world, a_key("T-2", step=Step.COLLECTION_LETTER))
        assert PrintBatch(world.letters)(EVENING) == 2
        return put_new(name, body)

    world.letters.put_new = overtaken  # type: ignore[method-assign]
    assert PrintBatch(world.letters)(EVENING) == 0
    assert len(letters_in_batches(world)) == 2
