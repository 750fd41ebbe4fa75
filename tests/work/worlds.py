"""An ordinary world for the errands: one tenancy that owes, its case planned, its run on its way out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from arrears.ledger import CaseKey, Row, Run, Status
from arrears.model import Snapshot, Step
from arrears.work.notify import Left
from tests.makers import a_snapshot, a_tenant_row
from tests.rows import NOW, VERSION, a_key, a_message, a_pointer, a_row, a_run
from tests.world import PLENTY, SHARDS, World

OPENED = "2026-11-20"
COURT = a_key(period=OPENED, step=Step.COURT_NOTICE)


def a_world(*rows: Row, run: Run | None = None, **snapshot: Any) -> World:
    """The ordinary world; `snapshot` changes one fact of the tenancy since it was selected."""
    world = World()
    show(world, [a_snapshot(**snapshot)])
    world.runs.open(run or a_run())
    for row in rows or (a_row(),):
        assert world.ledger.plan(row)
    return world


def show(world: World, snapshots: Iterable[Snapshot], version: str = VERSION) -> None:
    """Puts a snapshot in force that holds these tenancies and no others."""
    pointer = world.snapshots.current()
    world.snapshots.write(version, SHARDS, snapshots, NOW)
    assert world.snapshots.publish(a_pointer(version, shards=SHARDS), pointer.version if pointer else None)


def send(world: World, key: CaseKey | None = None, at: datetime = NOW, seconds_left: float = PLENTY) -> Left:
    """The bell rings for a case."""
    return world.notify(a_message(key), at, seconds_left)


def row(world: World, key: CaseKey | None = None) -> Row:
    """The case's row as it is now."""
    found = world.ledger.row(key or a_key())
    assert found is not None
    return found


def the_run(world: World) -> Run:
    """November's run as it is now."""
    found = world.runs.run("2026-11")
    assert found is not None
    return found


def fate(world: World, key: CaseKey | None = None) -> tuple[Status, str | None, int]:
    """What became of a case, why, and how many texts left in all."""
    now = row(world, key)
    return now.status, now.why, len(world.sms.accepted)


def in_court(**tenant: Any) -> dict[str, Any]:
    """For a_world: a tenant of 26 whose case the court opened three days ago."""
    young = a_tenant_row(birth_date="2000-05-17", **tenant)
    return {"court": {"opened_on": OPENED, "status": "pending"}, "tenants": [young]}
