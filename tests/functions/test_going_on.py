"""A tick that runs short of time calls itself again, and however often it does, the plan is the same."""

import json
from datetime import timedelta
from types import ModuleType
from typing import Any

import boto3
import pytest
from functions.follow_up import app as follow_up
from functions.publish_report import app as publish_report
from functions.select_tenants import app as select_tenants

from arrears.adapters import clock
from arrears.work.report import Published
from tests.work.test_select import TICK, mixed, published, run_of
from tests.world import SHARDS, World

DAY = "2026-11-23"


class Calls:
    """Lambda, where calls wait until they are taken."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []

    def invoke(self, **asked: Any) -> None:
        assert (asked["FunctionName"], asked["InvocationType"]) == ("the-tick", "Event")
        self.waiting.append(json.loads(asked["Payload"]))


class Context:
    """A call that has time for so many shards."""

    function_name = "the-tick"
    function_version = memory_limit_in_mb = invoked_function_arn = aws_request_id = "-"

    def __init__(self, shards: int) -> None:
        self.left = iter([600_000] * shards)

    def get_remaining_time_in_millis(self) -> int:
        return next(self.left, 60_000)


def ticked(door: ModuleType, event: dict[str, Any], shards: int, monkeypatch: pytest.MonkeyPatch) -> tuple[World, int]:
    """A world in which the door's tick has come to its end, and how often it was called. Each call is a quarter of an
    hour after the one before, from a minute before midnight on."""
    world, calls = published(mixed()), Calls()
    monkeypatch.setattr(door, "selecting", lambda: world.select)
    monkeypatch.setattr(door.metrics, "namespace", "arrears")
    monkeypatch.setattr(boto3, "client", {"lambda": calls}.__getitem__)
    now, called = TICK.replace(hour=23, minute=59), 0
    calls.waiting.append(event)
    while calls.waiting:
        moment = now + called * timedelta(minutes=15)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        door.handler(calls.waiting.pop(), Context(shards))
        called += 1
    return world, called


@pytest.mark.parametrize("event", [{"time": TICK.isoformat()}, {}], ids=["scheduled", "by hand"])
@pytest.mark.parametrize("shards", range(1, SHARDS))
@pytest.mark.parametrize(("door", "run"), [(select_tenants, DAY[:7]), (follow_up, DAY)], ids=["month", "day"])
def test_a_tick_calls_itself_until_it_is_done_and_comes_to_the_same_plan(
    door: ModuleType, run: str, shards: int, event: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, once = ticked(door, event, SHARDS, monkeypatch)
    cut, often = ticked(door, event, shards, monkeypatch)
    assert (once, often) == (1, -(-SHARDS // shards))
    assert run_of(cut, run).plan_hash == run_of(whole, run).plan_hash
    assert cut.records.files == whole.records.files


def test_a_report_that_runs_short_of_time_goes_on_at_its_next_part(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, asked = Calls(), []

    def publish(tick: Any, now: Any, seconds_left: Any, shard: int) -> Published:
        asked.append((tick.isoformat(), seconds_left(), shard))
        return Published(month="2026-10", status="not_done", next_shard=3)

    monkeypatch.setattr(publish_report, "publishing", lambda: publish)
    monkeypatch.setattr(boto3, "client", {"lambda": calls}.__getitem__)
    event = {"time": "2026-11-01T05:00:00+00:00", "shard": 2, "more": "kept"}
    answer = publish_report.handler(event, Context(1))  # type: ignore[arg-type]
    assert asked == [("2026-11-01T05:00:00+00:00", 600, 2)]
    assert calls.waiting == [event | {"shard": 3}]
    assert (answer["month"], answer["status"], answer["next_shard"]) == ("2026-10", "not_done", 3)
