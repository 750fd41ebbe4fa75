"""A ledger of any size that is made while it is read: for measuring what a report needs.

`python -m tests.report.many 1000000` reports on so many rows and prints rows, seconds and peak memory as JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache

from arrears.calendar import HELSINKI, days_between, is_working_day
from arrears.ledger import CaseKey, Row, Status
from arrears.model import Reason, Snapshot, Step
from arrears.ports import Remembered
from arrears.work.gzipped import GzipLines
from arrears.work.report import PublishReport
from tests.fakes import MemoryLedger, MemoryRecords, MemoryRuns, MemorySnapshots
from tests.makers import a_decision, a_snapshot, an_item_row
from tests.rows import a_row, a_run

SHARDS, ROWS_EACH = 16, 10
FIRST, LAST = date(2026, 2, 2), date(2026, 3, 31)
TICK = datetime(2026, 4, 1, 7, tzinfo=HELSINKI)
AREAS, BIRTHS = ("north", "northeast", "east"), ("2000-05-17", "1990-05-17", "1970-05-17", "1950-05-17")
# Decisions and exports of a few days are enough to be counted: the ledger's rows are what is many here.
LOOKED = [day for n, day in enumerate(days_between(FIRST, LAST)) if is_working_day(day) and (n % 5 == 0 or day == LAST)]


class ManyRows(MemoryLedger):
    """Ten rows a tenancy, made when their shard is read."""

    def __init__(self, rows: int) -> None:
        super().__init__(MemoryRuns())
        self.tenancies = rows // ROWS_EACH

    def shard(self, shard: int, of: int) -> Iterator[Remembered]:
        for number in range(shard, self.tenancies, of):
            yield Remembered(_name(number), tuple(_row(number, place) for place in range(ROWS_EACH)))


class ManySnapshots(MemorySnapshots):
    """Half of the tenancies, made when they are read."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.tenancies = rows // ROWS_EACH

    def shard(self, version: str, shard: int) -> Iterator[Snapshot]:
        for number in range(shard, self.tenancies, SHARDS):
            if number // SHARDS % 2:
                changes = {"tenancy_id": _name(number), "area": AREAS[number % 3]}
                yield _export(version[:10], BIRTHS[number % 4]).model_copy(update=changes)


class ManyDecisions(MemoryRecords):
    """A decision about each of those on each day, packed when its file is asked for, and not kept."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.tenancies = rows // ROWS_EACH

    def get(self, name: str) -> bytes | None:
        if not name.startswith("decisions/"):
            return super().get(name)
        _, run, file = name.split("/")
        lines = GzipLines()
        for number in range(int(file[:3]), self.tenancies, SHARDS):
            if number // SHARDS % 2:
                lines.add(_decided(run).replace("T-1", _name(number)))
        return lines.body()

    def names(self, prefix: str) -> Iterator[str]:
        run = prefix.split("/")[1]
        known = run in {f"{day}" for day in LOOKED} | {"2026-03"}
        return iter([f"{prefix}{shard:03}.jsonl.gz" for shard in range(SHARDS)] if known else [])


def many(rows: int) -> PublishReport:
    """The report's errand over so many ledger rows."""
    ledger = ManyRows(rows)
    for day in LOOKED:
        ledger.runs.open(a_run(f"{day}", snapshot=f"{day - timedelta(days=1)}-0000000000aa"))
    ledger.runs.open(a_run("2026-03", day=LOOKED[-1], snapshot=f"{LAST}-0000000000aa"))
    return PublishReport(ManySnapshots(rows), ledger, ledger.runs, ManyDecisions(rows), SHARDS)


def published(rows: int, seconds_left: Callable[[], float] = lambda: 900.0) -> PublishReport:
    """The errand, done."""
    errand = many(rows)
    assert errand(TICK, TICK, seconds_left).status == "published"
    return errand


def measured(rows: int) -> dict[str, float]:
    """What the report on so many rows took: seconds, and this process's peak memory in MB."""
    start = time.perf_counter()
    published(rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": rows, "seconds": round(time.perf_counter() - start, 1), "peak_mb": round(peak, 1)}


def _name(number: int) -> str:
    return f"T-{number:08d}"


def _row(number: int, place: int) -> Row:
    changes = {
        "key": CaseKey.model_construct(tenancy_id=_name(number), period=f"2026-{place + 1:02}", step=Step.SMS_REMINDER)
    }
    return _texts()[place].model_copy(update=changes | {"area": AREAS[number % 3]})


@cache
def _texts() -> tuple[Row, ...]:
    statuses = (Status.DELIVERED, Status.NO_RECEIPT, Status.UNDELIVERED)
    return tuple(
        a_row(on=FIRST + timedelta(days=5 * place), status=statuses[place % 3], segments=1, channel="sms")
        for place in range(ROWS_EACH)
    )


@cache
def _export(day: str, born: str) -> Snapshot:
    tenant = a_snapshot().tenants[0].model_copy(update={"birth_date": date.fromisoformat(born)})
    item = an_item_row(due_date="2026-02-04")
    return a_snapshot(as_of=day, contacted_on="2026-03-05", open_items=[item]).model_copy(update={"tenants": (tenant,)})


@cache
def _decided(run: str) -> str:
    return a_decision(Step.NONE, Reason.NO_CRITERION, recipient=None, on=LAST).model_dump_json()


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
