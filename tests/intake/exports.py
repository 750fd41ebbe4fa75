"""Exports as the rent ledger would write them, whole and wrong."""

import gzip
import json
from collections.abc import Iterable
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from arrears import intake
from arrears.intake import Limits, PreviousSnapshot, Reading, Report
from arrears.intake.tables import COLUMNS
from arrears.model import Snapshot
from tests.makers import POLICY, TODAY, a_snapshot_row

NAME = f"snapshot-{TODAY}.jsonl"
TABLE = f"snapshot-{TODAY}.csv"
ENOUGH = 200  # good rows beside which one bad row is at most half a per cent
Row = dict[str, Any]


def rows(count: int = ENOUGH) -> list[Row]:
    """Ordinary tenancies T-1, T-2 and so on."""
    return [a_snapshot_row(tenancy_id=f"T-{number}") for number in range(1, count + 1)]


def an_export(given: Iterable[Row | str | bytes], manifest: Row | None = None) -> bytes:
    """JSON Lines; a row that is text or bytes already stands as it is."""
    first = [{"manifest": manifest}] if manifest else []
    return b"".join(line(row) + b"\n" for row in [*first, *given])


def line(row: Row | str | bytes) -> bytes:
    """One line without its break."""
    if isinstance(row, bytes):
        return row
    return row.encode() if isinstance(row, str) else json.dumps(row, ensure_ascii=False).encode()


def a_manifest(given: list[Row], **changes: Any) -> Row:
    """The manifest that agrees with the rows, each of which owes 800.00."""
    return {"as_of": f"{TODAY}", "rows": len(given), "debt_total": f"{len(given) * 800}.00"} | changes


def cells(**changes: str) -> dict[str, str]:
    """The ordinary tenancy as one row of a table."""
    row = a_snapshot_row()
    item, tenant = row["open_items"][0], row["tenants"][0]
    every = {**row, **item, **tenant, **row["address"]}
    return {column: str(every[column]) for column in COLUMNS} | changes


def a_table(
    given: Iterable[dict[str, str] | str], delimiter: str = ",", header: str | None = None, end: str = "\n"
) -> bytes:
    """CSV; a row that is text already stands as it is. No cell is put in quotes."""
    head = delimiter.join(COLUMNS) if header is None else header
    body = [row if isinstance(row, str) else delimiter.join(row.values()) for row in given]
    return "".join(text + end for text in [head, *body]).encode()


def packed(body: bytes) -> bytes:
    """The same, compressed."""
    return gzip.compress(body, mtime=0)


@contextmanager
def reading(body: bytes, name: str = NAME, previous: PreviousSnapshot | None = None, **limits: int) -> Any:
    """An examined export."""
    with intake.read(BytesIO(body), name, POLICY, previous, today=TODAY, limits=Limits(**limits)) as examined:
        yield examined


def report(body: bytes, name: str = NAME, previous: PreviousSnapshot | None = None, **limits: int) -> Report:
    """What the person who made the export reads."""
    with reading(body, name, previous, **limits) as examined:
        return _of(examined).report


def accepted(body: bytes, name: str = NAME) -> list[Snapshot]:
    """The tenancies that would be published."""
    with reading(body, name) as examined:
        return list(_of(examined).snapshots())


def remembered(body: bytes, name: str = NAME) -> PreviousSnapshot:
    """The export as it is remembered once it is in use."""
    with reading(body, name) as examined:
        return _of(examined).remembered()


def _of(examined: Reading) -> Reading:
    return examined
