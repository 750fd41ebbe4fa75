"""A text leaves once, to the right person, while it is still due, and the ledger knows what became of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from arrears import wording
from arrears.calendar import HELSINKI
from arrears.ledger import CaseKey, Run, RunStatus, Standing, StandingHold, Status
from arrears.model import HoldKind, Outcome, Past, Step
from arrears.policy import policy_named
from arrears.ports import Accepted, NotAccepted, Refused, Sms, Unclear
from arrears.work.notify import Left, seconds_for
from tests.makers import LANDLINE, TODAY, a_snapshot, a_tenant_row, owing
from tests.rows import MONTH, NAMES, NOW, a_key, a_row, a_run, later
from tests.work.worlds import COURT, a_world, fate, in_court, row, send, show, the_run
from tests.world import World

ATTEMPTS = policy_named("2024-10-01").sending.attempts


# --- the ordinary case -----------------------------------------------------------------------------------------------


def test_a_text_that_is_still_due_leaves_once_and_the_ledger_knows_everything_about_it() -> None:
    world = a_world()
    assert send(world) is Left.SENT
    (sms,) = world.sms.accepted
    assert (sms.to, sms.sender, sms.reference) == ("+358401122334", "Heka", a_row().reference)
    sent = row(world)
    assert (sent.status, sent.provider, sent.message_id, sent.recipient) == (Status.SENT, "memory", "m-1", "P-1")
    assert (sent.channel, sent.attempts, sent.segments, sent.on) == ("sms", 1, 1, TODAY)
    assert (sent.template or "").startswith("sms_voluntary@")
    assert [event.status for event in sent.events] == [Status.PLANNED, Status.SENDING, Status.SENT]


def test_a_text_that_leaves_while_nothing_fails_leaves_the_runs_tallies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_world()
    monkeypatch.setattr(world.runs, "tally", lambda *_, **__: pytest.fail("nothing has to be counted"))
    assert send(world) is Left.SENT


def test_a_bell_that_rings_twice_sends_once() -> None:
    world = a_world()
    assert [send(world), send(world), send(world)] == [Left.SENT, Left.ALREADY, Left.ALREADY]
    assert len(world.sms.accepted) == 1


def test_a_bell_for_a_case_that_is_not_in_the_ledger_does_nothing() -> None:
    world = a_world()
    assert send(world, a_key("T-9")) is Left.ALREADY
    assert not world.sms.accepted


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PLANNED}))
def test_only_a_planned_case_is_sent(status: Status) -> None:
    world = a_world(a_row(status=status))
    assert send(world) is Left.ALREADY
    assert fate(world) == (status, None, 0)


# --- between selection and sending -----------------------------------------------------------------------------------


def test_who_has_paid_and_left_the_ledger_is_not_written_to() -> None:
    world = a_world()
    show(world, [], "paid")
    assert send(world) is Left.STOOD_DOWN
    assert fate(world) == (Status.STOOD_DOWN, "no_debt", 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (owing("0.00"), "no_debt"),
        ({"unallocated_credit": "800.00"}, "no_debt"),
        ({"agreement": {"agreed_on": "2026-11-23", "status": "active"}}, "payment_agreement"),
        ({"holds": [{"kind": "dispute"}]}, "disputed"),
        ({"holds": [{"kind": "halt_request"}]}, "collection_halted"),
        ({"holds": [{"kind": "debt_adjustment"}]}, "debt_adjustment"),
        ({"holds": [{"kind": "deceased"}]}, "deceased"),
        ({"holds": [{"kind": "manual", "until": "2026-11-23"}]}, "on_hold"),
        ({"lease_ended_on": "2026-11-22"}, "lease_ended"),
        ({"area": "east"}, "no_criterion"),
        ({"tenants": [a_tenant_row(phone=LANDLINE)]}, "no_mobile"),
        ({"tenants": [a_tenant_row(phone=None)]}, "no_mobile"),
        ({"tenants": [a_tenant_row(contact_forbidden=True)]}, "now_hand_to_person"),
        ({"holds": [{"kind": "guardian"}]}, "now_hand_to_person"),
        (in_court(), "now_court_notice"),
    ],
)
def test_what_changed_since_the_selection_stops_the_text_and_says_why(change: dict[str, Any], why: str) -> None:
    world = a_world()
    show(world, [a_snapshot(**change)], "news")
    assert send(world) is Left.STOOD_DOWN
    status, told, texts = fate(world)
    assert (status, texts) == (Status.STOOD_DOWN, 0)
    assert why in (told or "").split(",")


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (Standing(tenancy_id="T-1", paid_at=NOW), "no_debt"),
        (Standing(tenancy_id="T-1", agreed_at=NOW), "payment_agreement"),
        (
            Standing(
                tenancy_id="T-1",
                holds=(StandingHold(kind=HoldKind.DISPUTE, by="feed", why="disputed", since=NOW),),
            ),
            "disputed",
        ),
    ],
)
def test_news_of_this_morning_stops_the_text(standing: Standing, why: str) -> None:
    world = a_world()
    world.ledger.stand(standing, None)
    assert send(world) is Left.STOOD_DOWN
    assert why in (fate(world)[1] or "").split(",")


def test_news_that_is_older_than_the_snapshot_is_in_it_already() -> None:
    world = a_world()
    world.ledger.stand(Standing(tenancy_id="T-1", paid_at=later(days=-1)), None)
    assert send(world) is Left.SENT


def test_a_new_number_gets_the_text_and_the_old_one_does_not() -> None:
    world = a_world()
    show(world, [a_snapshot(tenants=[a_tenant_row(phone="045 998 7123")])], "moved")
    assert send(world) is Left.SENT
    assert [sms.to for sms in world.sms.accepted] == ["+358459987123"]


def test_the_text_goes_to_whoever_can_be_reached_now_and_the_ledger_says_to_whom() -> None:
    world = a_world()
    show(world, [a_snapshot(tenants=[a_tenant_row(phone=None), a_tenant_row(tenant_id="P-2")])], "news")
    assert send(world) is Left.SENT
    assert row(world).recipient == "P-2"


def test_what_was_already_done_when_it_was_planned_still_counts() -> None:
    reminded = Past(step=Step.SMS_REMINDER, on=TODAY, outcome=Outcome.SENT)
    world = a_world(a_row(history=(reminded,)))
    assert send(world) is Left.STOOD_DOWN
    assert "reminded_this_month" in (fate(world)[1] or "")


# --- when it may leave -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (NOW.replace(hour=8, minute=59), Left.WAITS),
        (NOW.replace(hour=9, minute=0), Left.SENT),
        (NOW.replace(hour=17, minute=59), Left.SENT),
        (NOW.replace(hour=18, minute=0), Left.WAITS),
        (NOW.replace(day=28), Left.WAITS),  # a Saturday
    ],
)
def test_outside_the_window_a_text_waits_and_is_not_lost(at: datetime, left: Left) -> None:
    world = a_world()
    assert send(world, at=at) is left
    assert row(world).status is (Status.SENT if left is Left.SENT else Status.PLANNED)


def test_a_text_of_last_month_never_leaves() -> None:
    world = a_world()
    assert send(world, at=datetime(2026, 12, 1, 9, 30, tzinfo=HELSINKI)) is Left.EXPIRED
    assert fate(world) == (Status.EXPIRED, "period_over", 0)


def test_the_month_is_helsinkis_and_not_greenwichs() -> None:
    new_month = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)  # half past midnight of 1 December in Helsinki
    world = a_world(a_row(a_key(period="2026-12")), a_row())
    assert [send(world, a_key(period="2026-12"), at=new_month), send(world, at=new_month)] == [Left.WAITS, Left.EXPIRED]


def test_a_sender_with_too_little_time_gives_the_message_back_before_it_claims() -> None:
    world = a_world()
    assert send(world, seconds_left=seconds_for(1) - 0.1) is Left.AGAIN
    assert row(world) == a_row()
    assert send(world, seconds_left=seconds_for(1)) is Left.SENT


@pytest.mark.parametrize(("providers", "seconds"), [(1, 16), (2, 29), (3, 42), (4, 55)])
def test_each_further_provider_needs_its_own_time_to_connect_and_answer(providers: int, seconds: int) -> None:
    world = a_world()
    world.notify = replace(world.notify, reserve=seconds_for(providers))
    assert send(world, seconds_left=seconds - 0.1) is Left.AGAIN
    assert row(world) == a_row()
    assert send(world, seconds_left=seconds) is Left.SENT


# --- the run ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.APPROVED}))
def test_nothing_leaves_while_the_run_is_not_approved(status: RunStatus) -> None:
    world = a_world(run=a_run(status=status))
    assert send(world) is Left.WAITS
    assert fate(world) == (Status.PLANNED, None, 0)


def test_a_halt_that_comes_after_the_look_still_holds() -> None:
    world = a_world()
    look = world.notify.sight.look

    def then_halted(message: Any) -> Any:
        seen = look(message)
        world.runs.change(MONTH, {RunStatus.APPROVED}, "halted", status=RunStatus.HALTED)
        return seen

    world.notify.sight.look = then_halted  # type: ignore[method-assign]
    assert send(world) is Left.WAITS
    assert fate(world) == (Status.PLANNED, None, 0)


def test_no_more_than_the_cap_leaves_and_the_rest_waits() -> None:
    world = a_street_of(3, run=a_run(cap=2))
    assert [send(world, key) for key in keys(3)] == [Left.SENT, Left.SENT, Left.WAITS]
    assert the_run(world).claimed == 2
    assert row(world, keys(3)[2]).status is Status.PLANNED


def test_no_more_than_the_days_cap_leaves_and_the_rest_goes_tomorrow() -> None:
    world = a_street_of(3)
    world.notify = replace(world.notify, daily_cap=2)
    assert [send(world, key) for key in keys(3)] == [Left.SENT, Left.SENT, Left.WAITS]
    assert send(world, keys(3)[2], at=later(days=1)) is Left.SENT


# --- one number ------------------------------------------------------------------------------------------------------


def test_a_number_that_another_flat_was_texted_on_this_month_is_left_in_peace() -> None:
    world = a_world(a_row(), a_row(a_key("T-2")))
    show(world, [a_snapshot(), a_snapshot(tenancy_id="T-2")], "both")
    assert [send(world, a_key(name)) for name in ("T-2", "T-1")] == [Left.SENT, Left.STOOD_DOWN]
    assert fate(world) == (Status.STOOD_DOWN, "number_taken", 1)


def test_a_number_typed_in_another_way_is_the_same_number() -> None:
    world = a_world(a_row(), a_row(a_key("T-2")))
    typed = a_snapshot(tenancy_id="T-2", tenants=[a_tenant_row(phone="+358 40 1122334")])
    show(world, [a_snapshot(), typed], "both")
    assert [send(world, a_key(name)) for name in ("T-1", "T-2")] == [Left.SENT, Left.STOOD_DOWN]


# --- court notices ---------------------------------------------------------------------------------------------------


def court_world(**tenant: Any) -> World:
    return a_world(a_row(COURT), **in_court(**tenant))


def test_a_court_notice_goes_by_text_where_there_is_a_number() -> None:
    world = court_world()
    assert send(world, COURT) is Left.SENT
    assert (row(world, COURT).channel, len(world.sms.accepted), len(world.email.accepted)) == ("sms", 1, 0)


def test_a_court_notice_goes_by_email_where_there_is_no_number() -> None:
    world = court_world(phone=None)
    assert send(world, COURT) is Left.SENT
    (email,) = world.email.accepted
    assert (email.to, email.reference) == ("testi.testinen@example.com", row(world, COURT).reference)
    assert email.subject
    assert (row(world, COURT).channel, row(world, COURT).segments) == ("email", 0)


def test_a_court_notice_falls_to_email_where_the_number_was_texted_this_month() -> None:
    world = number_taken(court_world())
    assert send(world, COURT) is Left.SENT
    assert (row(world, COURT).channel, len(world.sms.accepted), len(world.email.accepted)) == ("email", 0, 1)


def test_a_court_notice_without_email_waits_for_the_number_to_be_free() -> None:
    world = number_taken(court_world(email=None))
    assert send(world, COURT) is Left.WAITS
    assert row(world, COURT).status is Status.PLANNED
    show(world, [a_snapshot(as_of="2026-11-30", **in_court(email=None))], "the books of November's last evening")
    assert send(world, COURT, at=datetime(2026, 12, 1, 9, 30, tzinfo=HELSINKI)) is Left.SENT


def test_a_court_notice_does_not_leave_in_the_last_hours_of_the_day() -> None:
    world = court_world()
    assert send(world, COURT, at=NOW.replace(hour=16)) is Left.WAITS
    assert send(world, COURT, at=NOW.replace(hour=15, minute=59)) is Left.SENT


def test_a_court_notice_that_is_no_news_any_more_stands_down() -> None:
    world = a_world(a_row(COURT), as_of="2026-12-20", **in_court())
    assert send(world, COURT, at=datetime(2026, 12, 21, 9, 30, tzinfo=HELSINKI)) is Left.STOOD_DOWN


# --- old books -------------------------------------------------------------------------------------------------------


def test_a_text_waits_while_the_books_are_too_old_to_say_who_has_paid() -> None:
    a_text_waits_for_fresh_books()


def a_text_waits_for_fresh_books() -> None:
    """The run was halted over the weekend, and no export has come since Saturday's."""
    world = a_world(as_of="2026-11-21")
    assert send(world) is Left.WAITS
    assert fate(world) == (Status.PLANNED, None, 0)
    show(world, [a_snapshot(as_of="2026-11-22")], "the books of Sunday evening")
    assert send(world) is Left.SENT


def test_a_sender_that_does_not_look_how_old_the_books_are_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arrears.work.notify.on_old_books", lambda seen, policy, now: False)
    with pytest.raises(AssertionError):
        a_text_waits_for_fresh_books()


# --- the words -------------------------------------------------------------------------------------------------------


def test_a_text_that_the_censor_refuses_is_set_aside_before_anything_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("arrears.wording.template", lambda name: "Maksa 812 euroa heti.")
    world = a_world()
    assert send(world) is Left.SET_ASIDE
    assert fate(world) == (Status.SET_ASIDE, "text_refused", 0)
    assert the_run(world).claimed == 0


def test_a_text_that_says_the_tenants_own_name_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    words = wording.template("sms_voluntary")
    monkeypatch.setattr("arrears.wording.template", lambda name: f"Hei Testinen! {words}")
    world = a_world()
    assert send(world) is Left.SET_ASIDE
    assert not world.sms.accepted


def test_an_error_in_the_censor_stops_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arrears.compliance.check", lambda *_: 1 / 0)
    world = a_world()
    with pytest.raises(ZeroDivisionError):
        send(world)
    assert fate(world) == (Status.PLANNED, None, 0)


# --- what the provider says ------------------------------------------------------------------------------------------


def test_a_refusal_that_passes_is_tried_again_until_it_is_exhausted() -> None:
    world = a_world()
    world.sms.fates = [NotAccepted("http_429")] * 99
    left = [send(world) for _ in range(ATTEMPTS + 2)]
    assert left == [Left.AGAIN] * (ATTEMPTS - 1) + [Left.EXHAUSTED] + [Left.ALREADY] * 2
    assert (*fate(world), row(world).attempts) == (Status.EXHAUSTED, "http_429", 0, ATTEMPTS)
    assert the_run(world).claimed == 1


def test_a_refusal_that_passed_is_followed_by_one_text() -> None:
    world = a_world()
    world.sms.fates = [NotAccepted("http_429")]
    assert [send(world), send(world), send(world)] == [Left.AGAIN, Left.SENT, Left.ALREADY]
    assert (*fate(world), row(world).attempts) == (Status.SENT, None, 1, 2)


def test_a_key_that_is_refused_halts_the_run_at_the_first() -> None:
    world = a_street_of(2)
    world.sms.fates = [NotAccepted("http_401", halts=True)]
    assert [send(world, key) for key in keys(2)] == [Left.KEY_REFUSED, Left.WAITS]
    assert the_run(world).status is RunStatus.HALTED
    assert "provider: http_401" in the_run(world).events[-1]
    assert [row(world, key).status for key in keys(2)] == [Status.PLANNED, Status.PLANNED]


def test_after_a_halt_and_a_resume_the_text_that_met_it_leaves() -> None:
    world = a_world()
    world.sms.fates = [NotAccepted("http_402", halts=True)]
    send(world)
    world.operate.resume(MONTH, "a person", "the account is filled", NOW)
    assert send(world) is Left.SENT
    assert len(world.sms.accepted) == 1


def test_a_number_that_is_refused_for_good_goes_to_a_person() -> None:
    world = a_world()
    world.sms.fates = [Refused("FAILED")]
    assert [send(world), send(world)] == [Left.REJECTED, Left.ALREADY]
    assert fate(world) == (Status.REJECTED, "FAILED", 0)
    assert the_run(world).rejected == 1


def test_a_provider_that_refuses_a_number_is_there_again() -> None:
    world = a_world(run=a_run(failing=1))
    world.sms.fates = [Refused("FAILED")]
    send(world)
    assert the_run(world).failing == 0


DOUBTS = [Unclear("http_503"), TimeoutError("read"), ConnectionResetError(), ValueError("not JSON"), KeyError("id")]


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: type(doubt).__name__)
def test_what_nobody_knows_is_never_sent_again_by_machine(doubt: Exception) -> None:
    world = a_world()
    world.sms.fates = [doubt]
    assert [send(world), send(world), send(world)] == [Left.UNKNOWN, Left.ALREADY, Left.ALREADY]
    assert fate(world) == (Status.UNKNOWN, getattr(doubt, "code", type(doubt).__name__), 0)
    assert (the_run(world).unknown, the_run(world).failing) == (1, 1)


def test_what_a_provider_says_in_an_error_is_not_kept_for_it_may_name_the_person() -> None:
    world = a_world()
    world.sms.fates = [RuntimeError("+358401122334 Testi Testinen")]
    send(world)
    assert "Testi" not in str(row(world))


def test_three_doubts_in_a_row_halt_the_run() -> None:
    world = a_street_of(4)
    world.sms.fates = [Unclear("http_503")] * 3
    assert [send(world, key) for key in keys(4)] == [Left.UNKNOWN] * 3 + [Left.WAITS]
    assert the_run(world).status is RunStatus.HALTED


def test_a_good_answer_ends_the_row_of_doubts() -> None:
    world = a_street_of(6)
    doubt = Unclear("http_503")
    world.sms.fates = [doubt, doubt, None, doubt, doubt, None]
    assert [send(world, key) for key in keys(6)].count(Left.SENT) == 2
    assert the_run(world).status is RunStatus.APPROVED


def test_too_many_refused_numbers_halt_the_run() -> None:
    world = a_street_of(12)
    world.sms.fates = [*[None] * 8, *[Refused("FAILED")] * 3]
    left = [send(world, key) for key in keys(12)]
    assert left == [Left.SENT] * 8 + [Left.REJECTED] * 3 + [Left.WAITS]
    assert the_run(world).status is RunStatus.HALTED


def test_providers_that_were_passed_over_are_told_of() -> None:
    world = a_world()
    world.sms.send = lambda sms: Accepted("second", "id-2", ("first:http_401",))  # type: ignore[method-assign]
    assert send(world) is Left.SENT
    assert (row(world).provider, row(world).why) == ("second", "first:http_401")


# --- the order of the protocol ---------------------------------------------------------------------------------------


def test_the_row_is_claimed_before_the_provider_is_called() -> None:
    world, seen = a_world(), list[Status]()
    hand_over = world.sms.send

    def looking(sms: Sms) -> Accepted:
        seen.append(row(world).status)
        return hand_over(sms)

    world.sms.send = looking  # type: ignore[method-assign]
    send(world)
    assert seen == [Status.SENDING]


def test_a_yes_is_written_down_before_anything_else_is_touched() -> None:
    nothing_stands_between_the_yes_and_the_ledger(a_world(run=a_run(failing=1)))


def nothing_stands_between_the_yes_and_the_ledger(world: World) -> None:
    """Whatever else fails after the provider's yes, the ledger says SENT."""

    def broken(*_: Any, **__: Any) -> Any:
        raise ConnectionError("the tallies cannot be reached")

    world.runs.tally = broken  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        send(world)
    assert fate(world) == (Status.SENT, None, 1)


def test_a_sender_that_lost_its_row_while_it_was_sending_does_not_overwrite_what_is_known() -> None:
    world = a_world()

    def delivered(sms: Sms) -> Accepted:
        world.ledger.move(row(world), Status.DELIVERED, later(seconds=1), "receipt memory")
        return Accepted("memory", "m-1")

    world.sms.send = delivered  # type: ignore[method-assign]
    assert send(world) is Left.SENT
    assert row(world).status is Status.DELIVERED


# --- makers ----------------------------------------------------------------------------------------------------------


def keys(number: int) -> list[CaseKey]:
    return [a_key(f"T-{place}") for place in range(1, number + 1)]


def a_street_of(number: int, run: Run | None = None) -> World:
    """So many tenancies, each with a number of its own."""
    world = a_world(*map(a_row, keys(number)), run=run)
    phones = {key.tenancy_id: f"040 112 23{place:02}" for place, key in enumerate(keys(number), 1)}
    snapshots = [a_snapshot(tenancy_id=name, tenants=[a_tenant_row(phone=phone)]) for name, phone in phones.items()]
    show(world, snapshots, "street")
    return world


def number_taken(world: World) -> World:
    """Another flat was texted on the tenant's number in November."""
    world.ledger.locks[NAMES.number("+358401122334"), MONTH] = a_key("T-9")
    return world
