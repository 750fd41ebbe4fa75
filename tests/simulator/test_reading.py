"""What is answered from memory is what would have been read."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from arrears.intake import Report, read
from arrears.model import Snapshot
from arrears.policy import policy_named
from tests.makers import a_snapshot_row, a_tenant_row
from tests.simulator.reading import reading_once
from tests.world import export_of

MAIN, OTHER = a_snapshot_row(), a_snapshot_row(tenancy_id="T-2", tenants=[a_tenant_row(tenant_id="P-2")])
CALLED = OTHER | {"contacted_on": "2026-11-21"}
EXPORTS = (
    (date(2026, 11, 18), MAIN, OTHER),
    (date(2026, 11, 19), MAIN, OTHER),
    (date(2026, 11, 20), MAIN | {"monthly_rent": "801.00"}, OTHER | {"area": "nowhere"}),
    (date(2026, 11, 21), MAIN, CALLED),
    (date(2026, 11, 22), MAIN | {"monthly_rent": "0.00"}, CALLED),
    (date(2026, 11, 20), MAIN, CALLED),
)


def told() -> Iterator[tuple[Report, list[Snapshot]]]:
    """What each export's reading came to."""
    for day, *rows in EXPORTS:
        body = export_of(day, rows)
        with read(BytesIO(body), f"snapshot-{day}.jsonl", policy_named("2024-10-01")) as reading:
            good = [] if reading.report.refused else [*reading.snapshots()]
            yield reading.report, good


def test_who_is_known_again_is_who_would_have_been_read() -> None:
    every_time = [*told()]
    with reading_once():
        assert [*told()] == every_time
    assert [len(report.rejected) for report, _ in every_time] == [0, 0, 1, 0, 1, 1]
