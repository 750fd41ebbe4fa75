"""Two months of a made-up portfolio in memory, told day by day what reached it: what a report is made from."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from arrears.calendar import DAY, HELSINKI, days_between, is_working_day
from arrears.ledger import CaseKey, Status
from arrears.model import LETTERS, MESSAGES
from arrears.work.report import PublishReport
from tests.local.portfolio import DEMO_END, DEMO_START, Portfolio
from tests.world import SHARDS, World, export_of

TICK = datetime(2026, 4, 1, 7, tzinfo=HELSINKI)
FEBRUARY = datetime(2026, 3, 1, 7, tzinfo=HELSINKI)
PLENTY = 900.0


@cache
def lived(tenancies: int = 700, seed: int = 7) -> tuple[World, dict[str, bytes]]:
    """The world after two months, and the exports it was given, by file name."""
    world, portfolio = World(), Portfolio(tenancies, seed, DEMO_START - DAY)
    exports: dict[str, bytes] = {}
    told: set[CaseKey] = set()
    for day in days_between(DEMO_START, DEMO_END):
        if is_working_day(day):
            rows = portfolio.export(day - DAY)
            exports[f"snapshot-{day - DAY}.jsonl"] = export_of(day - DAY, rows)
            world.live(day, rows)
            for row in list(world.ledger.rows.values()):
                if row.status is Status.SENT and row.key.step in MESSAGES | LETTERS and row.key not in told:
                    told.add(row.key)
                    portfolio.react(row.key.step, row.key.tenancy_id, row.on)
        if day == DEMO_START.replace(month=3):
            publisher(world)(FEBRUARY, FEBRUARY, lambda: PLENTY)
        portfolio.advance(day)
    return world, exports


def publisher(world: World) -> PublishReport:
    """The errand around a world's memory."""
    return PublishReport(world.snapshots, world.ledger, world.runs, world.records, SHARDS)


@cache
def published(tenancies: int = 700, seed: int = 7) -> dict[str, bytes]:
    """March's report of those two months, by file name."""
    world, _ = lived(tenancies, seed)
    outcome = publisher(world)(TICK, TICK, lambda: PLENTY)
    assert outcome.status == "published"
    return {name: world.records.files[f"reports/2026-03/{name}"] for name in (*outcome.files, "figures.json")}


def as_files(world: World, exports: dict[str, bytes], folder: Path) -> list[Path]:
    """Everything that the world keeps, as an operator would save it: rows, decisions, runs and exports."""
    saved = {
        "ledger.jsonl": _lines(row.model_dump_json() for row in world.ledger.rows.values()),
        "runs.jsonl": _lines(run.model_dump_json() for run in world.runs.runs.values()),
        "ended/figures.json": world.records.files["reports/2026-02/figures.json"],
        **exports,
    }
    saved |= {
        name.removesuffix(".gz"): gzip.decompress(body)
        for name, body in world.records.files.items()
        if name.startswith("decisions/")
    }
    for name, body in saved.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return [folder / name for name in saved]


def again(errand: PublishReport, **changes: object) -> PublishReport:
    """The errand with one part changed."""
    return replace(errand, **changes)  # type: ignore[arg-type]


def _lines(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
