"""One person's data: everything that is held about them, handed out or erased.

What must survive an erasure survives without the person: a ledger row keeps its case, fate and reference, so that
nothing is ever sent twice; who it was for becomes a pseudonym.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from arrears.ledger import Row, Standing
from arrears.model import Facts, Snapshot
from arrears.ports import Ledger, Pseudonyms, Records, Remembered, Snapshots
from arrears.work.operate import NotAllowed
from arrears.work.print_ import letter_name


class Held(Facts):
    """What is held about one person in one tenancy. `snapshot` names nobody else of it; `letters` are files."""

    tenancy_id: str
    snapshot: Snapshot | None
    rows: tuple[Row, ...]
    standing: Standing | None
    letters: tuple[str, ...]


class Erased(Facts):
    """What an erasure took away."""

    tenancies: int
    ledger_rows: int
    letters: int


@dataclass(frozen=True, slots=True)
class Privacy:
    """Finds, hands out and erases what is held about one person, by tenant id. Older snapshots go by themselves."""

    snapshots: Snapshots
    ledger: Ledger
    letters: Records
    pseudonyms: Pseudonyms

    def held(self, person: str) -> Iterator[Held]:
        """Everything held about the person, tenancy by tenancy."""
        pointer = self.snapshots.current()
        for shard in range(pointer.shards if pointer else 0):
            version = pointer.version if pointer else ""
            rows = (row for row in self.snapshots.shard(version, shard) if isinstance(row, Snapshot))
            living = {row.tenancy_id: row for row in rows if _lives_in(row, person)}
            written = {known.tenancy_id: known for known in self.ledger.shard(shard, pointer.shards if pointer else 0)}
            for tenancy_id in sorted(living.keys() | {name for name, known in written.items() if _to(known, person)}):
                known = written.get(tenancy_id, Remembered(tenancy_id))
                yield self._held(tenancy_id, living.get(tenancy_id), known, person)

    def erase(self, person: str, who: str, now: datetime) -> Erased:
        """Takes the person out of the ledger and deletes their letters. Raises NotAllowed while the rent ledger still
        exports them: its next export would only bring them back, and a debt in force still needs its debtor."""
        found = list(self.held(person))
        if living := [held.tenancy_id for held in found if held.snapshot]:
            raise NotAllowed(f"the rent ledger still exports {person} in {', '.join(living)}: erase there first")
        rows, letters = [row for held in found for row in held.rows], [name for held in found for name in held.letters]
        for name in letters:
            self.letters.delete(name)
        alias = f"erased-{self.pseudonyms.number(f'person:{person}')[:12]}"
        erased = sum(self.ledger.forget(row, alias, who, now) for row in rows)
        return Erased(tenancies=len(found), ledger_rows=erased, letters=len(letters))

    def _held(self, tenancy_id: str, snapshot: Snapshot | None, known: Remembered, person: str) -> Held:
        rows = _to(known, person)
        own = [tenant for tenant in snapshot.tenants if tenant.tenant_id == person] if snapshot else []
        return Held(
            tenancy_id=tenancy_id,
            snapshot=snapshot.model_copy(update={"tenants": tuple(own)}) if snapshot else None,
            rows=rows,
            standing=known.standing,
            letters=tuple(letter_name(row.on, row.reference) for row in rows if row.channel == "post"),
        )


def _lives_in(snapshot: Snapshot, person: str) -> bool:
    return any(tenant.tenant_id == person for tenant in snapshot.tenants)


def _to(known: Remembered, person: str) -> tuple[Row, ...]:
    return tuple(row for row in known.rows if row.recipient == person)
