"""Everything that was kept of one shard's tenancies, told in the order of their ids by streams side by side."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import merge
from tempfile import TemporaryFile

from arrears.model import Decision, Snapshot
from arrears.outcomes.lives import Told, booked_by
from arrears.ports import Ledger, Records, Snapshots
from arrears.work.report.looks import Look, Looks


@dataclass(frozen=True, slots=True)
class Gathering:
    """Reads a shard: its ledger rows, the decisions of each day, and the snapshots of the month."""

    snapshots: Snapshots
    ledger: Ledger
    records: Records
    shards: int
    looks: Looks
    decided: frozenset[str]

    @classmethod
    def of(cls, snapshots: Snapshots, ledger: Ledger, records: Records, shards: int, looks: Looks) -> "Gathering":
        """Knows which decisions were kept at all."""
        runs = [looks.month.name, *(look.run for look in looks.looks)]
        kept = frozenset(name for run in runs for name in records.names(f"decisions/{run}/"))
        return cls(snapshots, ledger, records, shards, looks, kept)

    def shard(self, shard: int) -> tuple[Iterator[Told], frozenset[date]]:
        """What is known of the shard's tenancies, and the banking days on which they were looked at."""
        looks = [look for look in self.looks.looks if decisions_name(look.run, shard) in self.decided]
        streams = [
            self._rows(shard),
            self._decisions(self.looks.month.name, shard, None),
            *(self._decisions(look.run, shard, look) for look in looks),
            *(self._snapshots(version, shard) for version in self.looks.versions),
        ]
        told = merge(*streams, key=lambda one: one.tenancy_id)
        return told, frozenset(booked_by(look.ledger_day) for look in looks)

    def _rows(self, shard: int) -> Iterator[Told]:
        for remembered in self.ledger.shard(shard, self.shards):
            yield Told(remembered.tenancy_id, remembered.rows)

    def _decisions(self, run: str, shard: int, look: Look | None) -> Iterator[Told]:
        """A run's decisions. They wait on the disk: the files of two months side by side would grow with the rows."""
        name = decisions_name(run, shard)
        if name not in self.decided:
            return
        with TemporaryFile() as file:
            file.write(self.records.get(name) or b"")
            file.seek(0)
            with gzip.open(file) as lines:
                for line in lines:
                    decision = Decision.model_validate_json(line)
                    yield Told(decision.tenancy_id, decision, look and look.ledger_day, planned=look is None)

    def _snapshots(self, version: str, shard: int) -> Iterator[Told]:
        for snapshot in self.snapshots.shard(version, shard):
            if isinstance(snapshot, Snapshot):
                yield Told(snapshot.tenancy_id, snapshot, snapshot.as_of)


def decisions_name(run: str, shard: int) -> str:
    """Where a run's decisions about a shard are kept."""
    return f"decisions/{run}/{shard:03}.jsonl.gz"
