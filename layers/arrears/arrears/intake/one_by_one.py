"""An export row by row, for whoever only judges: each is held to the contract's form, and a bad one stops no other.

What an import also refuses (doubled tenancies, days that cannot be, too many bad rows) is left to `read`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection
from typing import IO

from arrears.intake.findings import Finding, Wrong
from arrears.intake.jsonlines import JsonLines
from arrears.intake.lines import Limits, Line, rewindable
from arrears.intake.manifests import check_manifest
from arrears.intake.reports import Tally, finding
from arrears.intake.rows import snapshot_of
from arrears.intake.tables import Table
from arrears.model import Snapshot
from arrears.policy import Policy
from arrears.scratch import scratch

LIMITS = Limits(file=2**31, unpacked=2**33)


class UnreadableExport(Exception):
    """The rest of a file cannot be read; `finding` says why."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.message)
        self.finding = found


@contextmanager
def one_by_one(stream: IO[bytes], name: str, policy: Policy) -> Iterator[Iterator[Snapshot | Finding]]:
    """Every row, or what is wrong with it. The ending of `name` tells the format: .csv, .gz, or else JSON Lines.

    The iterator raises UnreadableExport where it cannot go on.
    """
    with rewindable(stream, LIMITS) as export, scratch() as database:
        yield _rows(export, name, policy, database)


def _rows(export: IO[bytes], name: str, policy: Policy, database: Connection) -> Iterator[Snapshot | Finding]:
    try:
        source = _source(export, name, database)
        _check_manifest(source, policy)
        for row in source.rows():
            judged = _judged(row, policy)
            yield judged if isinstance(judged, Snapshot) else finding(judged, row, _tenancy_of(row))
    except Wrong as wrong:
        raise UnreadableExport(finding(wrong)) from None


def _check_manifest(source: Table | JsonLines, policy: Policy) -> None:
    """Where there is a manifest the rows are read once before, for only a whole file that agrees with it is judged."""
    tally, first = Tally(), None
    for row in source.rows():
        if source.manifest is None:
            return
        judged = _judged(row, policy)
        if isinstance(judged, Snapshot):
            tally.good(judged)
            first = first or judged.as_of
        else:
            tally.wrong(row, judged)
    if source.manifest:
        check_manifest(source.manifest, tally, first or source.manifest.as_of)


def _source(export: IO[bytes], name: str, database: Connection) -> Table | JsonLines:
    if name.endswith(".csv"):
        return Table(export, LIMITS, database)
    return JsonLines(export, LIMITS, packed=name.endswith(".gz"))


def _judged(row: Line, policy: Policy) -> Snapshot | Wrong:
    try:
        return snapshot_of(row, policy)
    except Wrong as wrong:
        return wrong


def _tenancy_of(row: Line) -> object:
    """Whose row it is, as far as it can be read."""
    try:
        given = json.loads(row.body)
    except (ValueError, RecursionError):
        return None
    return given.get("tenancy_id") if isinstance(given, dict) else None
