"""What the brakes say to bad snapshots: `make brakes`. A good month first, then the next export goes wrong."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.local.portfolio import Portfolio
from tests.world import IMPORT, TICK, World, at, export_of

FIRST, SECOND = date(2026, 2, 12), date(2026, 3, 12)
EVENING = timedelta(days=1)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Stopped:
    """Where a bad snapshot was stopped: refused when it came, or the run held; and the sentences that said so."""

    by: str
    sentences: tuple[str, ...]
    texts: int


def good(rows: Rows, before: Rows) -> Rows:
    """The ledger as it is."""
    return rows


def a_hundred_times_too_much(rows: Rows, before: Rows) -> Rows:
    """Cents written as euros."""
    return _money(rows, lambda euros: f"{Decimal(euros) * 100:.2f}")


def half_the_rows(rows: Rows, before: Rows) -> Rows:
    """The export broke off, and its manifest was made of what was left."""
    return rows[: len(rows) // 2]


def last_months_file(rows: Rows, before: Rows) -> Rows:
    """The wrong file was picked; its rows bear last month's day."""
    return before


def the_sign_flipped(rows: Rows, before: Rows) -> Rows:
    """Debts as negative numbers, as some ledgers book them."""
    return _money(rows, lambda euros: f"-{euros}")


def every_number_the_same(rows: Rows, before: Rows) -> Rows:
    """A column filled down in a spreadsheet."""
    for row in rows:
        for tenant in row["tenants"]:
            tenant["phone"] = "040 112 2334"
    return rows


SPOILED: tuple[Callable[[Rows, Rows], Rows], ...] = (
    good,
    a_hundred_times_too_much,
    half_the_rows,
    last_months_file,
    the_sign_flipped,
    every_number_the_same,
)


def stopped(spoil: Callable[[Rows, Rows], Rows], tenancies: int = 400, seed: int = 2026) -> Stopped:
    """A good February, and a March whose export was spoiled."""
    portfolio, world = Portfolio(tenancies, seed, FIRST - EVENING), World()
    before = portfolio.export(FIRST - EVENING, everyone=True)
    world.publish(FIRST - EVENING, before, at(FIRST, IMPORT))
    world.month(at(FIRST, TICK))
    world.approve("2026-02", at(FIRST, TICK))
    portfolio.advance(SECOND - EVENING)
    rows = spoil(deepcopy(portfolio.export(SECOND - EVENING, everyone=True)), before)
    day = FIRST - EVENING if spoil is last_months_file else SECOND - EVENING
    report = world.import_(BytesIO(export_of(day, rows)), f"snapshot-{day}.jsonl", at(SECOND, IMPORT))
    run = world.month(at(SECOND, TICK))
    texts = len(world.bells["notices"].messages) - world.runs.runs["2026-02"].released
    if report.refused:
        return Stopped(f"import: {report.refused}", (report.message or "", *run.why), texts)
    return Stopped(f"run: {run.status}", run.why, texts)


def main() -> None:
    """One table: what was wrong, what stopped it, what it said."""
    table = Table("the export", "stopped by", "what it said", "texts", title="Bad snapshots", show_lines=True)
    for spoil in SPOILED:
        found = stopped(spoil)
        table.add_row(spoil.__name__.replace("_", " "), found.by, "\n".join(found.sentences), str(found.texts))
    Console(width=140).print(table)


def _money(rows: Rows, change: Callable[[str], str]) -> Rows:
    for item in (item for row in rows for item in row["open_items"]):
        item["charged"], item["unpaid"] = change(item["charged"]), change(item["unpaid"])
    return json.loads(json.dumps(rows))  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
