"""The stack's own ticks, fired by the cloud's scheduler."""

import pytest

from tests.e2e import deploying
from tests.e2e.stack import Stack, name_of, wait_for

pytestmark = pytest.mark.deployed


@pytest.mark.parametrize("door", ["reconcile", "follow_up"])
def test_a_tick_calls_its_door_when_its_time_has_come(stack: Stack, door: str) -> None:
    before = len(stack.logs(door))
    deploying.set_ticks(stack.client, "ENABLED", name_of(door), ScheduleExpression="rate(1 minute)")
    try:
        wait_for(lambda: any('"level":"INFO"' in line for line in stack.logs(door)[before:]), f"the tick of {door}")
    finally:
        deploying.set_ticks(stack.client, "DISABLED", name_of(door))
