"""Silence is heard: a run that never came or stands still, receipts that stopped, numbers refused for good."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from arrears.ledger import RunStatus
from arrears.policy import policy_named
from arrears.ports import Accepted, Refused, Unclear
from arrears.ports.measures import Measure
from arrears.work import watch
from arrears.work.notify import Left
from tests.local.schedules import Schedule
from tests.local.template import source
from tests.rows import MONTH, NOW, a_run, later
from tests.work.worlds import a_world, row, send, show
from tests.world import World

PRICE = policy_named("2024-10-01").sending.price_per_segment


def on(day: int, hour: int = 12) -> datetime:
    """A moment of November."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


# --- the month's run -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "missing"), [(13, False), (14, True), (30, True)])
def test_a_month_without_a_run_is_missed_from_the_day_after_the_last_possible_tick(day: int, missing: bool) -> None:
    assert watch.monthly_run_missing([], on(day)) is missing


@pytest.mark.parametrize("status", sorted(RunStatus))
def test_a_run_that_was_made_is_not_missed_and_one_that_never_went_is(status: RunStatus) -> None:
    runs = [a_run(status=status)]
    assert watch.monthly_run_missing(runs, on(20)) is (status in {RunStatus.PLANNING, RunStatus.EXPIRED})


@pytest.mark.parametrize("name", ["2026-10", "2026-11-12"])
def test_another_months_run_and_a_days_run_are_not_the_months(name: str) -> None:
    assert watch.monthly_run_missing([a_run(run=name)], on(20)) is True


def test_the_tick_has_always_come_by_the_day_on_which_its_run_is_missed() -> None:
    tick = source()["Resources"]["SelectTenantsFunction"]["Properties"]["Events"]["Tick"]["Properties"]
    ticks = Schedule(tick["ScheduleExpression"], tick["ScheduleExpressionTimezone"]).after(on(1))
    assert max(next(ticks).day for _ in range(400)) < watch.TICKED_BY


# --- runs that stand -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(RunStatus))
def test_a_run_that_is_held_or_halted_waits_for_a_person(status: RunStatus) -> None:
    runs = [a_run(status=status), a_run(run="2026-11-23", status=status)]
    assert watch.stopped_runs(runs, NOW) == (2 if status in {RunStatus.HELD, RunStatus.HALTED} else 0)


def test_last_months_held_run_rings_no_more() -> None:
    assert watch.stopped_runs([a_run(run="2026-10", status=RunStatus.HELD)], NOW) == 0


# --- shares ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("claimed", "rejected", "percent"), [(9, 9, 0), (10, 0, 0), (10, 1, 10), (200, 30, 15)])
def test_a_share_of_refused_numbers_says_something_from_ten_answers_on(
    claimed: int, rejected: int, percent: int
) -> None:
    assert watch.permanent_failures_percent([a_run(claimed=claimed, rejected=rejected)]) == percent


@pytest.mark.parametrize(("silent", "claimed", "percent"), [(9, 9, 0), (0, 10, 0), (5, 10, 50), (10, 10, 100)])
def test_a_share_of_silent_texts_says_something_from_ten_answers_on(silent: int, claimed: int, percent: int) -> None:
    runs = [a_run(claimed=claimed), a_run(run="2026-10", claimed=1000)]
    assert watch.receipts_missing_percent(runs, {MONTH: silent, "2026-09": 1000}) == percent


def test_a_text_is_waited_for_before_it_counts_as_silent() -> None:
    world = a_world()
    send(world)
    world.runs.runs[MONTH] = world.runs.runs[MONTH].model_copy(update={"claimed": 10})
    assert world.reconcile(NOW + watch.RECEIPTS_COME).receipts_missing_percent == 0
    assert world.reconcile(NOW + watch.RECEIPTS_COME + timedelta(microseconds=1)).receipts_missing_percent == 10


def test_the_hour_tells_of_a_run_that_was_halted() -> None:
    world = a_world()
    world.operate.halt(MONTH, "a test person", "to see the bell ring", NOW)
    assert world.reconcile(later(hours=1)).stopped_runs == 1


# --- what a sender counts --------------------------------------------------------------------------------------------


def listening(world: World) -> list[tuple[Measure, Decimal, str | None]]:
    """What the world's sender counts from now on."""
    heard: list[tuple[Measure, Decimal, str | None]] = []

    def meter(measure: Measure, number: int | float | Decimal = 1, why: str | None = None) -> None:
        if number:
            heard.append((measure, Decimal(number), why))

    world.notify = replace(world.notify, meter=meter)
    return heard


def test_a_text_that_leaves_tells_its_price() -> None:
    world = a_world()
    heard = listening(world)
    assert send(world) is Left.SENT
    assert heard == [(Measure.COST, PRICE, None)]


def test_a_provider_that_was_passed_over_is_told_though_the_text_has_left() -> None:
    world = a_world()
    heard = listening(world)
    world.sms.send = lambda sms: Accepted("second", "m-1", ("first:http_401",))  # type: ignore[method-assign]
    assert send(world) is Left.SENT
    assert (Measure.PASSED_OVER, Decimal(1), None) in heard
    assert row(world).why == "first:http_401"


def test_a_case_that_stands_down_is_counted_by_the_first_reason_in_its_way() -> None:
    world = a_world()
    heard = listening(world)
    show(world, [], "paid")
    assert send(world) is Left.STOOD_DOWN
    assert heard == [(Measure.STOOD_DOWN, Decimal(1), "no_debt")]


@pytest.mark.parametrize("fate", [Refused("bad_number"), Unclear("deadline")])
def test_a_text_that_did_not_surely_leave_costs_nothing(fate: Exception) -> None:
    world = a_world()
    heard = listening(world)

    world.sms.fates = [fate]
    send(world)
    assert heard == []
