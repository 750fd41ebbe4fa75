"""A plan goes out in waves, each only after the one before left no doubt, and only as it was approved."""

from datetime import timedelta
from typing import Any

import pytest

from arrears.ledger import RunStatus, Status
from arrears.model import Step
from arrears.ports import Unclear
from arrears.work.operate import NotAllowed
from arrears.work.plan import Line, plan_body, plan_hash, plan_name
from tests.makers import POLICY, a_snapshot, a_tenant_row
from tests.rows import MONTH, NAMES, NOW, a_key, a_run, later
from tests.work.worlds import show
from tests.world import World


def a_line(number: int, step: Step = Step.SMS_REMINDER, status: Status = Status.PLANNED) -> Line:
    key = a_key(f"T-{number:03}", step=step)
    return Line.model_validate(
        {
            "key": key,
            "status": status,
            "reasons": ("area_in_rollout",),
            "recipient": "P-1",
            "reference": NAMES.reference(key),
            "policy": POLICY.name,
            "area": "north",
        }
    )


def approved(*lines: Line, name: str = MONTH, **changes: Any) -> World:
    """An approved run with that plan, of tenancies that all owe and have a number each."""
    world = World()
    phones = {line.key.tenancy_id: f"040 112 2{line.key.tenancy_id[2:]}" for line in lines}
    show(world, [a_snapshot(tenancy_id=n, tenants=[a_tenant_row(phone=phone)]) for n, phone in phones.items()])
    body = plan_body(lines)
    world.records.put(plan_name(name, plan_hash(body)), body)
    facts = {"plan_hash": plan_hash(body), "total": len(lines), "started_at": NOW, "cap": 1000}
    world.runs.open(a_run(name, **facts | changes))
    return world


def texts(number: int) -> list[Line]:
    return [a_line(place) for place in range(number)]


def run_of(world: World, name: str = MONTH) -> Any:
    run = world.runs.run(name)
    assert run is not None
    return run


def hourly(world: World, hours: int = 7) -> list[int]:
    """How many were let out in each hour, while everything that is rung for is sent."""
    out = []
    for hour in range(hours):
        out.append(world.reconcile(later(hours=hour)).released)
        world.pump(later(hours=hour))
    return out


# --- waves -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "waves"),
    [
        (0, [0, 0, 0]),
        (1, [1, 0, 0]),
        (10, [10, 0, 0]),
        (11, [10, 1, 0]),
        (99, [10, 89, 0]),
        (100, [10, 90, 0]),
        (101, [10, 1, 90]),
        (250, [10, 15, 225]),
    ],
)
def test_ten_go_first_then_a_tenth_then_all_the_rest(total: int, waves: list[int]) -> None:
    world = approved(*texts(total))
    assert hourly(world, 3) == waves
    world.reconcile(later(hours=3))
    world.reconcile(later(hours=4))
    assert run_of(world).status is RunStatus.DONE
    assert len(world.sms.accepted) == total


def test_no_wave_goes_out_over_a_doubt_until_a_person_has_settled_it() -> None:
    world = approved(*texts(30))
    world.sms.can_be_asked = False
    world.sms.fates = [None, Unclear("http_503")]
    assert hourly(world) == [10, 0, 0, 0, 0, 0, 0]
    (doubt,) = [row for row in world.ledger.rows.values() if row.status is Status.UNKNOWN]
    world.ledger.move(doubt, Status.SENT, later(hours=7), "a person", "the tenant says it came")
    assert world.reconcile(later(hours=7)).released == 20


@pytest.mark.parametrize("status", [Status.PLANNED, Status.SENDING, Status.UNKNOWN])
def test_no_wave_goes_out_while_a_case_of_the_last_one_is_open(status: Status) -> None:
    world = approved(*texts(30))
    world.release(MONTH, NOW)
    world.pump(NOW)
    key = a_line(0).key
    rows = world.ledger.rows
    some = next(row for row in rows.values() if row.key == key)
    rows[key] = some.model_copy(update={"status": status})
    assert world.release(MONTH, later(minutes=1)) == 0
    rows[key] = some
    assert world.release(MONTH, later(minutes=1)) == 20


def test_a_doubt_that_came_after_the_tick_began_still_holds_the_next_wave() -> None:
    a_fresh_doubt_holds_the_wave()


def a_fresh_doubt_holds_the_wave() -> None:
    """A sender writes UNKNOWN while the reconciler, whose tick began a minute ago, looks whether to go on."""
    world = approved(*texts(30))
    world.release(MONTH, NOW)
    world.pump(NOW)
    key = a_line(0).key
    doubt = {"status": Status.UNKNOWN, "changed_at": later(hours=1, minutes=1)}
    world.ledger.rows[key] = world.ledger.rows[key].model_copy(update=doubt)
    assert world.release(MONTH, later(hours=1)) == 0


def test_cases_of_another_run_hold_nobody_up() -> None:
    world = approved(*texts(30))
    world.release(MONTH, NOW)
    world.pump(NOW)
    key = a_line(0).key
    other = {"status": Status.UNKNOWN, "run": "2026-10"}
    world.ledger.rows[a_key("T-X")] = world.ledger.rows[key].model_copy(update=other)
    assert world.release(MONTH, later(hours=1)) == 20


def test_a_days_run_goes_out_at_once_each_step_to_its_own_queue() -> None:
    lines = [a_line(n, Step.COLLECTION_LETTER) for n in range(12)] + [a_line(99, Step.COURT_NOTICE)]
    world = approved(*lines, name="2026-11-23")
    assert world.release("2026-11-23", NOW) == 13
    rung = {name: [message.key.step for message in bell.messages] for name, bell in world.bells.items()}
    assert rung == {"letters": [Step.COLLECTION_LETTER] * 12, "notices": [Step.COURT_NOTICE]}


def test_a_run_is_not_done_while_anything_of_it_is_unknown() -> None:
    world = approved(*texts(1))
    world.sms.can_be_asked = False
    world.sms.fates = [Unclear("http_503")]
    hourly(world)
    assert run_of(world).status is RunStatus.APPROVED
    (doubt,) = world.ledger.rows.values()
    world.ledger.move(doubt, Status.PLANNED, later(hours=7), "a person", "it surely was not sent")
    world.reconcile(later(hours=7, minutes=40))
    world.pump(later(hours=7, minutes=40))
    world.reconcile(later(hours=8))
    assert (len(world.sms.accepted), run_of(world).status) == (1, RunStatus.DONE)


# --- what is written without being sent ------------------------------------------------------------------------------


def test_cases_that_are_not_sent_are_written_down_with_the_first_wave() -> None:
    others = [a_line(50, Step.HAND_TO_PERSON, Status.OPEN), a_line(51, status=Status.IMPOSSIBLE)]
    world = approved(*texts(3), *others)
    world.release(MONTH, NOW)
    assert [row.status for row in map(world.ledger.row, (line.key for line in others)) if row] == [
        Status.OPEN,
        Status.IMPOSSIBLE,
    ]
    assert len(world.bells["notices"].messages) == 3


def test_rows_are_written_before_their_bells_ring() -> None:
    world = approved(*texts(3))
    ring = world.bells["notices"].ring

    def looking(messages: Any) -> int:
        waiting = list(messages)
        assert all(world.ledger.row(message.key) for message in waiting)
        return ring(waiting)

    world.bells["notices"].ring = looking  # type: ignore[method-assign]
    assert world.release(MONTH, NOW) == 3


# --- approval --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(set(RunStatus) - {RunStatus.APPROVED}))
def test_only_an_approved_run_goes_out(status: RunStatus) -> None:
    world = approved(*texts(3), status=status)
    assert world.release(MONTH, NOW) == 0
    assert not world.ledger.rows


def test_a_run_that_is_not_there_or_has_no_plan_goes_nowhere() -> None:
    world = approved(*texts(3), plan_hash=None)
    assert (world.release(MONTH, NOW), world.release("2026-12", NOW)) == (0, 0)


@pytest.mark.parametrize(("passed", "released"), [(timedelta(days=3), 3), (timedelta(days=3, microseconds=1), 0)])
def test_an_approval_is_void_when_the_plan_is_too_old(passed: timedelta, released: int) -> None:
    world = approved(*texts(3))
    assert world.release(MONTH, NOW + passed) == released
    assert run_of(world).status is (RunStatus.APPROVED if released else RunStatus.EXPIRED)


def test_an_approval_is_void_when_a_newer_snapshot_is_in_force() -> None:
    world = approved(*texts(3))
    show(world, [a_snapshot()], "newer")
    assert world.release(MONTH, NOW) == 0
    assert (run_of(world).status, run_of(world).why) == (RunStatus.HELD, ("snapshot_changed",))


def test_what_is_going_out_goes_on_from_night_to_night_each_text_looked_at_again() -> None:
    world = approved(*texts(30))
    hourly(world, 1)
    left = [a_snapshot(tenancy_id=f"T-{n:03}", tenants=[a_tenant_row(phone=f"040 112 2{n:03}")]) for n in range(20)]
    show(world, left, "newer")
    assert world.reconcile(later(hours=1)).released == 20
    world.pump(later(hours=1))
    stood_down = [row for row in world.ledger.rows.values() if row.status is Status.STOOD_DOWN]
    assert (len(world.sms.accepted), len(stood_down)) == (20, 10)


@pytest.mark.parametrize("plan", [plan_body(texts(4)), b"", None])
def test_a_plan_that_is_not_the_one_that_was_approved_is_held(plan: bytes | None) -> None:
    an_approval_is_bound_to_its_plan(plan)


def an_approval_is_bound_to_its_plan(plan: bytes | None) -> None:
    world = approved(*texts(3))
    name = plan_name(MONTH, run_of(world).plan_hash)
    world.records.files = {} if plan is None else {name: plan}
    assert world.release(MONTH, NOW) == 0
    assert (run_of(world).status, run_of(world).why) == (RunStatus.HELD, ("plan_changed",))
    assert not world.ledger.rows


def test_nobody_approves_what_they_started_or_what_they_have_not_seen() -> None:
    world = approved(*texts(3), status=RunStatus.HELD, started_by="one person")
    seen = run_of(world).plan_hash
    for who, plan in (("one person", seen), ("another person", "another plan")):
        with pytest.raises(NotAllowed):
            world.operate.approve(MONTH, who, plan, NOW)
    world.operate.approve(MONTH, "another person", seen, NOW)
    assert world.release(MONTH, NOW) == 3


@pytest.mark.parametrize(("passed", "allowed"), [(timedelta(days=3), True), (timedelta(days=3, microseconds=1), False)])
def test_a_plan_can_be_approved_until_it_is_too_old(passed: timedelta, allowed: bool) -> None:
    world = approved(*texts(3), status=RunStatus.HELD, started_by="one person")
    seen = run_of(world).plan_hash
    if not allowed:
        with pytest.raises(NotAllowed, match="too old"):
            world.operate.approve(MONTH, "another person", seen, NOW + passed)
    else:
        assert world.operate.approve(MONTH, "another person", seen, NOW + passed).status is RunStatus.APPROVED


def test_a_halted_run_says_who_stopped_it_and_why() -> None:
    world = approved(*texts(3))
    halted = world.operate.halt(MONTH, "one person", "a wrong letter", NOW)
    assert (halted.status, halted.halted_by) == (RunStatus.HALTED, "one person")
    assert "halted by one person: a wrong letter" in halted.events[-1]


# --- again, at once, halfway -----------------------------------------------------------------------------------------


def test_a_halt_stops_the_next_wave_and_a_resume_lets_it_go() -> None:
    world = approved(*texts(30))
    hourly(world, 1)
    world.operate.halt(MONTH, "a person", "wait", later(hours=1))
    assert world.reconcile(later(hours=1)).released == 0
    world.operate.resume(MONTH, "a person", "go on", later(hours=2))
    assert world.reconcile(later(hours=2)).released == 20


class Crash(BaseException):
    """The process dies."""


@pytest.mark.parametrize("place", range(1, 18))  # every write that two waves make
def test_wherever_a_release_dies_the_next_one_completes_it_and_nobody_is_texted_twice(place: int) -> None:
    world = approved(*texts(11), a_line(50, Step.HAND_TO_PERSON, Status.OPEN))
    dying(world, place)
    with pytest.raises(Crash):
        two_waves(world)
    dying(world, 10**9)
    for hour in range(2, 7):
        world.reconcile(later(hours=hour))
        world.pump(later(hours=hour))
    assert len(world.sms.accepted) == len({sms.to for sms in world.sms.accepted}) == 11
    assert len(world.ledger.rows) == 12
    assert run_of(world).status is RunStatus.DONE


def two_waves(world: World) -> None:
    for hour in range(2):
        world.release(MONTH, later(hours=hour))
        world.pump(later(hours=hour))


def dying(world: World, place: int) -> None:
    """Lets the process die before the release's so-manieth write."""
    writes = iter(range(1, 10**9))

    def mortal(write: Any) -> Any:
        def writing(*args: Any, **changes: Any) -> Any:
            if next(writes) == place:
                raise Crash
            return write(*args, **changes)

        return writing

    for port, name in ((world.ledger, "plan"), (world.runs, "change"), (world.bells["notices"], "ring")):
        setattr(port, name, mortal(getattr(type(port), name).__get__(port)))


def test_a_run_let_go_twice_at_once_goes_out_once() -> None:
    world = approved(*texts(25))
    plan = world.ledger.plan
    twins = iter([None])

    def meanwhile(row: Any) -> bool:
        if next(twins, 0) is None:
            assert world.release(MONTH, NOW) == 10
        return plan(row)

    world.ledger.plan = meanwhile  # type: ignore[method-assign]
    world.release(MONTH, NOW)
    world.pump(NOW)
    assert len(world.sms.accepted) == 10
    assert run_of(world).released == 10
