"""Every tenancy is decided and explained, the plan is judged, and a run that is held lets nothing out."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from arrears.calendar import HELSINKI
from arrears.ledger import CaseKey, Row, Run, RunStatus, Standing, StandingHold, Status, case_of
from arrears.model import Decision, HoldKind, Outcome, Reason, Snapshot, Step
from arrears.rules import decide
from arrears.work.plan import plan_lines, plan_name
from arrears.work.select import SECONDS_TO_SPARE, Selected
from tests.makers import LANDLINE, POLICY, TODAY, a_policy, a_snapshot_row, a_tenant_row, an_item_row
from tests.rows import MONTH, NOW, a_key, a_row, a_run, later
from tests.world import PLENTY, SHARDS, World

TICK = datetime(2026, 11, 23, 9, 15, tzinfo=HELSINKI)
YESTERDAY = date(2026, 11, 22)
Rows = list[dict[str, Any]]
OCTOBER = an_item_row(due_date="2026-10-05", unpaid="100.00")


def flat(number: int, **changes: Any) -> dict[str, Any]:
    """An ordinary flat with a number of its own."""
    tenant = a_tenant_row(phone=f"040 112 2{number:03}", tenant_id=f"P-{number}")
    return a_snapshot_row(tenancy_id=f"T-{number:03}", tenants=[tenant]) | changes


def flats(number: int) -> Rows:
    return [flat(place) for place in range(1, number + 1)]


def since_october(number: int) -> Rows:
    """Flats that owe for October too, as last month's run saw it."""
    return [row | {"open_items": [OCTOBER, an_item_row()]} for row in flats(number)]


def mixed() -> Rows:
    """Forty flats, of which many are left in peace for one reason or another."""
    changes: list[dict[str, Any]] = [
        {},
        {"area": "east"},
        {"holds": [{"kind": "dispute", "until": None}]},
        {"tenants": [a_tenant_row(phone=LANDLINE)]},
        {"tenants": [a_tenant_row(contact_forbidden=True)]},
        {"agreement": {"agreed_on": "2026-11-10", "status": "active", "broken_on": None}},
        {"area": "east", "open_items": [an_item_row(unpaid="12.00")]},
        {"court": {"opened_on": "2026-11-20", "status": "pending"}},
    ]
    return [flat(place, **changes[place % len(changes)]) for place in range(40)]


def a_month_before(rows: Rows) -> World:
    """A world in which October's texts and letters went out, so that every guard has something to compare with."""
    world = World()
    october = [row | {"open_items": [OCTOBER]} for row in rows]
    tick = datetime(2026, 10, 12, 9, 15, tzinfo=HELSINKI)
    world.publish(date(2026, 10, 11), october, tick.replace(hour=3))
    world.month(tick)
    world.approve("2026-10", tick)
    for hour in range(10, 18):
        world.reconcile(tick.replace(hour=hour))
        world.pump(tick.replace(hour=hour))
    letters = datetime(2026, 10, 28, 9, 30, tzinfo=HELSINKI)
    world.publish(date(2026, 10, 27), october, letters.replace(hour=3))
    world.day(letters)
    world.pump(letters)
    return world


def published(rows: Rows, world: World | None = None) -> World:
    world = world or World()
    assert world.publish(YESTERDAY, rows, TICK.replace(hour=3)).refused is None
    return world


def planned(rows: Rows) -> World:
    """November's plan, made and approved, all of it enqueued."""
    world = published(rows)
    world.month(TICK)
    world.approve(MONTH, TICK)
    for hour in range(9):
        world.pump(later(hours=hour))
        world.reconcile(later(hours=hour))
    return world


def run_of(world: World, name: str = MONTH) -> Run:
    run = world.runs.run(name)
    assert run is not None
    return run


def decisions(world: World, name: str = MONTH) -> Iterator[Decision]:
    for file in world.records.names(f"decisions/{name}/"):
        for line in gzip.decompress(world.records.get(file) or b"").splitlines():
            yield Decision.model_validate_json(line)


def row_of(world: World, number: int, step: Step = Step.SMS_REMINDER) -> Row | None:
    return world.ledger.row(a_key(f"T-{number:03}", step=step))


# --- decisions -------------------------------------------------------------------------------------------------------


def test_every_tenancy_is_decided_once_and_every_decision_is_kept_with_its_reasons() -> None:
    rows = mixed()
    world = published(rows)
    outcome = world.month(TICK)
    kept = {decision.tenancy_id: decision for decision in decisions(world)}
    as_of = {"as_of": f"{YESTERDAY}"}
    snapshots = [Snapshot.model_validate(row | as_of) for row in rows]
    expected = {one.tenancy_id: decide(case_of(one, ()), POLICY, TODAY) for one in snapshots}
    assert kept == expected
    assert all(decision.reasons for decision in kept.values())
    assert len(list(decisions(world))) == outcome.decided == len(rows)
    assert sum(outcome.by_step.values()) == len(rows)


def test_the_ledgers_memory_is_part_of_the_decision() -> None:
    world = published(flats(3))
    world.ledger.plan(a_row(a_key("T-002", "2026-11"), on=TODAY, status=Status.SENT))
    hold = StandingHold(kind=HoldKind.MANUAL, by="a person", why="asked", since=NOW)
    world.ledger.stand(Standing(tenancy_id="T-003", holds=(hold,)), None)
    world.month(TICK)
    reasons = {decision.tenancy_id: decision.reasons for decision in decisions(world)}
    assert reasons["T-001"] == (Reason.AREA_IN_ROLLOUT,)
    assert Reason.REMINDED_THIS_MONTH in reasons["T-002"]
    assert Reason.ON_HOLD in reasons["T-003"]


def test_the_month_is_the_one_it_is_in_helsinki() -> None:
    the_tick_belongs_to_helsinkis_month(published(flats(1)))


def the_tick_belongs_to_helsinkis_month(world: World) -> None:
    late = datetime(2027, 1, 31, 22, 30, tzinfo=UTC)  # half past midnight of 1 February in Helsinki
    assert world.month(late).run == "2027-02"


# --- the plan --------------------------------------------------------------------------------------------------------


def test_a_case_for_a_person_is_opened_and_nothing_is_sent() -> None:
    world = planned([flat(1, tenants=[a_tenant_row(contact_forbidden=True)]), flat(2)])
    opened = row_of(world, 1, Step.HAND_TO_PERSON)
    assert opened is not None
    assert (opened.status, opened.reasons) == (Status.OPEN, (Reason.CONTACT_FORBIDDEN,))
    assert [sms.to for sms in world.sms.accepted] == ["+358401122002"]


def test_where_only_the_number_is_missing_the_clock_of_the_letter_starts() -> None:
    world = planned([flat(1, tenants=[a_tenant_row(phone=LANDLINE)])])
    impossible = row_of(world, 1)
    assert impossible is not None
    assert (impossible.status, impossible.past and impossible.past.outcome) == (Status.IMPOSSIBLE, Outcome.IMPOSSIBLE)
    assert not world.sms.accepted
    fifteen_days_on = datetime(2026, 12, 8, 9, 30, tzinfo=HELSINKI)
    rows = [flat(1, tenants=[a_tenant_row(phone=LANDLINE)], as_of="2026-12-07")]
    assert world.publish(date(2026, 12, 7), rows, fifteen_days_on.replace(hour=3)).refused is None
    assert world.day(fifteen_days_on).by_step == {Step.COLLECTION_LETTER: 1}


@pytest.mark.parametrize("change", [{"area": "east"}, {"holds": [{"kind": "dispute", "until": None}]}])
def test_who_would_not_be_written_to_anyway_starts_no_clock(change: dict[str, Any]) -> None:
    world = planned([flat(1, tenants=[a_tenant_row(phone=LANDLINE)], **change)])
    assert row_of(world, 1) is None


def test_two_flats_with_one_phone_get_one_text_and_the_other_says_why() -> None:
    one_phone = a_tenant_row(phone="+358 40 1122001")
    world = planned([flat(2, tenants=[one_phone]), flat(1), flat(3)])
    rows = {number: row_of(world, number) for number in (1, 2, 3)}
    told = {number: (row.status, row.why) for number, row in rows.items() if row}
    assert told == {1: (Status.SENT, None), 2: (Status.STOOD_DOWN, "number_taken"), 3: (Status.SENT, None)}
    assert len(world.sms.accepted) == 2


def test_the_comparison_group_gets_no_text_and_is_the_same_however_often_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = a_policy({"scope.hold_out_share": "0.30"})
    monkeypatch.setattr("arrears.work.select.policy_on", lambda day: policy)
    drawn = []
    for _ in range(2):
        world = planned(flats(60))
        drawn.append({key for key, row in world.ledger.rows.items() if row.status is Status.HELD_OUT})
        assert len(world.sms.accepted) == 60 - len(drawn[-1])
    assert drawn[0] == drawn[1]
    assert 8 <= len(drawn[0]) <= 28
    assert all(row.past is None for row in world.ledger.rows.values() if row.status is Status.HELD_OUT)


def test_a_plan_holds_no_name_no_number_and_no_sum() -> None:
    world = published(flats(3))
    world.month(TICK)
    run = run_of(world)
    body = gzip.decompress(world.records.get(plan_name(MONTH, run.plan_hash or "")) or b"").decode()
    assert body.count("\n") == 3
    assert not [word for word in ("Testi", "1122", "+358", "800.00", "Testikatu", "1986") if word in body]


def test_the_first_wave_is_a_fair_handful_and_not_the_first_by_name() -> None:
    world = published(flats(60))
    world.month(TICK)
    lines = plan_lines(world.records.get(plan_name(MONTH, run_of(world).plan_hash or "")) or b"")
    order = [line.key.tenancy_id for line in lines]
    assert sorted(order) != order
    assert max(order[:10]) > "T-030" >= min(order[:10])


# --- held ------------------------------------------------------------------------------------------------------------


def test_a_first_run_is_held_and_enqueues_nothing() -> None:
    world = published(flats(5))
    outcome = world.month(TICK)
    assert (outcome.status, outcome.selected, outcome.released) == (RunStatus.HELD, 5, 0)
    assert outcome.why[0].startswith("first_run: ")
    world.reconcile(later(hours=1))
    assert (world.ledger.rows, world.bells["notices"].messages) == ({}, [])


def test_a_run_of_which_nothing_ever_left_is_no_run_to_compare_with() -> None:
    rows = since_october(30)
    world = published(rows)
    world.runs.open(a_run("2026-10", status=RunStatus.HELD, figures=run_of(planned(rows)).figures, released=0))
    outcome = world.month(TICK)
    assert any(why.startswith("first_run: ") for why in outcome.why)


def test_a_run_like_the_last_one_goes_out_by_itself() -> None:
    rows = since_october(30)
    world = published(rows, a_month_before(rows))
    outcome = world.month(TICK)
    assert (outcome.status, outcome.selected, outcome.released, outcome.why) == (RunStatus.APPROVED, 30, 10, ())
    assert len(world.bells["notices"].messages) == 10


def test_a_run_that_writes_to_half_as_many_as_the_last_one_is_held() -> None:
    rows = since_october(30)
    world = a_month_before(rows)
    agreed = {"agreement": {"agreed_on": "2026-11-10", "status": "active", "broken_on": None}}
    outcome = published([*rows[:14], *(row | agreed for row in rows[14:])], world).month(TICK)
    assert (outcome.status, outcome.selected, outcome.released) == (RunStatus.HELD, 14, 0)
    assert [why.split(":")[0] for why in outcome.why] == ["volume"]


def test_an_old_snapshot_is_held() -> None:
    rows = since_october(30)
    world = published(rows, a_month_before(rows))
    outcome = world.month(later(days=2))
    assert outcome.status == RunStatus.HELD
    assert any(why.startswith("fresh: ") for why in outcome.why)


def test_a_policy_may_ask_a_person_to_approve_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = since_october(30)
    world = published(rows, a_month_before(rows))
    monkeypatch.setattr("arrears.work.select.policy_on", lambda day: a_policy({"run.auto_approve": False}))
    outcome = world.month(TICK)
    assert (outcome.status, outcome.released) == (RunStatus.HELD, 0)
    assert outcome.why == ("approval: the policy asks a person to approve every run.",)


# --- again, late, at once --------------------------------------------------------------------------------------------


def test_a_second_tick_of_the_month_changes_nothing() -> None:
    rows = since_october(30)
    world = published(rows, a_month_before(rows))
    world.month(TICK)
    world.pump(NOW)
    before = (dict(world.ledger.rows), run_of(world), dict(world.records.files), list(world.sms.accepted))
    again = world.month(TICK)
    assert (again.status, again.decided) == (RunStatus.APPROVED, 0)
    assert (dict(world.ledger.rows), run_of(world), dict(world.records.files), list(world.sms.accepted)) == before


def test_a_tick_that_is_late_judges_the_day_it_was_meant_for() -> None:
    world = published(flats(1))
    outcome = world.select.monthly(TICK, datetime(2026, 12, 1, 8, 0, tzinfo=HELSINKI), lambda: PLENTY)
    assert outcome.run == MONTH
    assert {decision.on for decision in decisions(world)} == {TODAY}


def until_time_is_short(places: int) -> Callable[[], float]:
    """A clock that has time for so many shards."""
    passed = count()
    return lambda: PLENTY if next(passed) < places else SECONDS_TO_SPARE - 1


def in_pieces(world: World, places: int) -> tuple[Selected, int]:
    """The month's tick, cut short after so many shards each time."""
    shard, calls = 0, 0
    while True:
        calls += 1
        outcome = world.select.monthly(TICK, TICK, until_time_is_short(places), shard)
        if outcome.next_shard is None:
            return outcome, calls
        shard = outcome.next_shard


@pytest.mark.parametrize("places", range(1, SHARDS + 1))
def test_a_tick_that_runs_short_of_time_goes_on_to_the_same_plan(places: int) -> None:
    whole, cut = published(mixed()), published(mixed())
    at_once = whole.month(TICK)
    outcome, calls = in_pieces(cut, places)
    assert outcome == at_once
    assert calls == -(-SHARDS // places)
    assert run_of(cut) == run_of(whole)
    assert cut.records.files == whole.records.files


def test_exactly_as_much_time_as_must_be_spared_is_enough() -> None:
    world = published(mixed())
    assert world.select.monthly(TICK, TICK, lambda: SECONDS_TO_SPARE).next_shard is None
    other = published(mixed())
    assert other.select.monthly(TICK, TICK, lambda: SECONDS_TO_SPARE - 0.001).next_shard == 0


def test_a_tick_that_died_is_made_again_and_comes_to_the_same_plan() -> None:
    whole, again = published(mixed()), published(mixed())
    whole.month(TICK)
    again.select.monthly(TICK, TICK, until_time_is_short(2))
    again.month(TICK)
    assert run_of(again) == run_of(whole)


def test_a_snapshot_that_comes_while_a_plan_is_made_begins_the_plan_anew() -> None:
    world = published(flats(8))
    cut = world.select.monthly(TICK, TICK, until_time_is_short(2))
    world.publish(TODAY, flats(6), NOW)
    outcome = world.select.monthly(TICK, TICK, lambda: PLENTY, cut.next_shard or 0)
    assert outcome.decided == 6
    assert run_of(world).snapshot == (world.snapshots.pointer and world.snapshots.pointer.version)


def test_a_plan_that_a_person_has_made_anew_goes_out_on_the_day_it_was_made() -> None:
    world = published(flats(8))
    world.month(TICK)
    tomorrow = TICK + timedelta(days=1)
    world.publish(TODAY, flats(8), tomorrow.replace(hour=3))
    replace(world.select, started_by="one person").monthly(tomorrow, tomorrow, lambda: PLENTY)
    world.approve(MONTH, tomorrow)
    assert run_of(world).day == tomorrow.date()
    assert run_of(world).released


def test_a_plan_made_from_a_snapshot_that_was_replaced_meanwhile_does_not_go_out() -> None:
    a_plan_is_bound_to_its_own_snapshot()


def a_plan_is_bound_to_its_own_snapshot() -> None:
    """Two selectors at once, the second on a newer snapshot: the first one's plan stays in."""
    rows = since_october(30)
    world = published(rows, a_month_before(rows))
    put = world.records.put

    def overtaken(name: str, body: bytes, content_type: str = "") -> None:
        put(name, body)
        if name.startswith(f"plans/{MONTH}/") and name.endswith("/000.json"):
            world.records.put = put  # type: ignore[method-assign]
            world.publish(TODAY, rows, NOW)
            world.select.monthly(TICK, TICK, until_time_is_short(1))

    world.records.put = overtaken  # type: ignore[method-assign]
    world.month(TICK)
    run = run_of(world)
    assert (run.status, run.released, run.why) == (RunStatus.HELD, 0, ("snapshot_changed",))


def test_nothing_is_selected_before_the_first_export() -> None:
    world = World()
    nothing = Selected(run=MONTH, status="no_snapshot", why=("no export has been published yet",))
    assert world.month(TICK) == nothing
    assert world.runs.run(MONTH) is None


def test_no_letters_are_planned_on_a_day_on_which_the_post_does_not_move() -> None:
    world = published(flats(1))
    assert world.day(datetime(2026, 11, 22, 9, 30, tzinfo=HELSINKI)).status == "rest_day"
    assert world.day(datetime(2026, 12, 25, 9, 30, tzinfo=HELSINKI)).status == "rest_day"


# --- the day's run ---------------------------------------------------------------------------------------------------


YOUNG_IN_COURT = {
    "tenants": [a_tenant_row(birth_date="2000-05-17")],
    "court": {"opened_on": "2026-11-20", "status": "pending"},
}


def test_nothing_leaves_by_the_day_before_a_person_has_let_a_first_month_go() -> None:
    """The first export has none to be compared with: in cents instead of euros it would pass."""
    world = published([flat(1, **YOUNG_IN_COURT)])
    outcome = world.day(TICK)
    assert (outcome.status, outcome.released) == (RunStatus.HELD, 0)
    assert outcome.why[0].startswith("first_run: No month's run was ever let go")
    world.approve("2026-11-23", TICK)
    assert len(world.ledger.rows) == 1


def test_a_first_day_on_which_nothing_is_due_needs_nobody() -> None:
    assert published(flats(1)).day(TICK).status == RunStatus.APPROVED


def test_a_court_notice_is_planned_by_the_day_and_counted_by_its_court_case() -> None:
    world = published([flat(1, **YOUNG_IN_COURT)])
    world.runs.open(a_run("2026-10", status=RunStatus.DONE))
    outcome = world.day(TICK)
    assert (outcome.run, outcome.status, outcome.released) == ("2026-11-23", RunStatus.APPROVED, 1)
    key = CaseKey(tenancy_id="T-001", period="2026-11-20", step=Step.COURT_NOTICE)
    assert world.ledger.row(key) is not None
    assert world.day(later(days=1)).status == RunStatus.HELD  # the snapshot is too old by then
    assert len(world.ledger.rows) == 1


def test_a_day_with_more_letters_than_its_cap_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arrears.work.select.policy_on", lambda day: a_policy({"guards.daily_cap": 2}))
    world = published(flats(3))
    for number in (1, 2, 3):
        reminded = a_row(a_key(f"T-{number:03}", "2026-11"), on=date(2026, 11, 6), status=Status.DELIVERED)
        world.ledger.plan(reminded)
    outcome = world.day(TICK)
    assert (outcome.status, outcome.selected, outcome.released) == (RunStatus.HELD, 3, 0)
    assert outcome.why[0].startswith("cap: 3 are due")
