"""What DynamoDB leaves undone is asked again, each time after a longer wait, and only that."""

from datetime import UTC, datetime
from typing import Any

import pytest

from arrears.adapters.dynamo.sight import DynamoSight
from arrears.adapters.dynamo.snapshots import DynamoSnapshots
from arrears.adapters.pace import Paced
from arrears.ports import Sms
from tests.fakes import MemorySms
from tests.makers import a_snapshot
from tests.rows import VERSION, a_message

EXPIRES = datetime(2027, 1, 1, tzinfo=UTC)


class Busy:
    """A DynamoDB that leaves the last part of what it is asked undone, so many times."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, list[int]()

    def _left(self, table: str, parts: list[Any]) -> dict[str, Any]:
        self.asked.append(len(parts))
        self.times -= 1
        return {table: parts[-1:]} if self.times >= 0 else {}

    def batch_write_item(self, RequestItems: dict[str, Any]) -> Any:  # noqa: N803  # as AWS calls it
        ((table, parts),) = RequestItems.items()
        return {"UnprocessedItems": self._left(table, parts)}

    def batch_get_item(self, RequestItems: dict[str, Any]) -> Any:  # noqa: N803  # as AWS calls it
        left = self._left("ledger", RequestItems["ledger"]["Keys"])
        return {"Responses": {}, "UnprocessedKeys": {table: {"Keys": keys} for table, keys in left.items()}}


@pytest.fixture(name="waits")
def _waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    for module in ("sight", "snapshots"):
        monkeypatch.setattr(f"arrears.adapters.dynamo.{module}.sleep", waits.append)
    return waits


def test_a_snapshot_is_written_whole_however_busy_dynamodb_is(waits: list[float]) -> None:
    busy = Busy(9)
    rows = [a_snapshot(tenancy_id=f"T-{number}") for number in range(26)]
    DynamoSnapshots(busy, "snapshots").write(VERSION, 2, rows, EXPIRES)  # type: ignore[arg-type]
    assert busy.asked == [25, *[1] * 9, 1]
    assert waits == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]


def test_a_look_gives_up_after_eight_times(waits: list[float]) -> None:
    with pytest.raises(TimeoutError):
        DynamoSight(Busy(8), "snapshots", "ledger").look(a_message())  # type: ignore[arg-type]
    assert waits == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4]


def test_a_look_that_is_answered_at_the_eighth_time_is_a_look(waits: list[float]) -> None:
    busy = Busy(7)
    assert DynamoSight(busy, "snapshots", "ledger").look(a_message()).row is None  # type: ignore[arg-type]
    assert (busy.asked, len(waits)) == ([3, *[1] * 7], 7)


def test_a_provider_is_asked_no_faster_than_it_agreed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    moments, waited = iter([100.0, 100.0, 100.1, 100.25, 101.0, 101.0]), list[float]()
    monkeypatch.setattr("arrears.adapters.pace.monotonic", lambda: next(moments))
    monkeypatch.setattr("arrears.adapters.pace.sleep", waited.append)
    paced = Paced(MemorySms(), per_second=4)
    for number in range(3):
        paced.send(Sms(to="+358401122334", text="Hei", sender="Heka", reference=f"r-{number}"))
    assert waited == [0, pytest.approx(0.15), 0]
