"""Each tenancy once: what was seen is kept on disk, so that a million rows need no more memory than a thousand."""

import sqlite3
from typing import NamedTuple


class First(NamedTuple):
    """The first row of a tenancy that is there again: its line, and whether it was told already."""

    line: int
    told: bool


class Seen:
    """The tenancies of one file so far."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._rows = database
        self._rows.execute("CREATE TABLE seen (tenancy_id TEXT PRIMARY KEY, line, told) WITHOUT ROWID")

    def add(self, tenancy_id: str, line: int) -> First | None:
        """Remembers the tenancy; answers its first row when it was there before."""
        if self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, 0)", (tenancy_id, line)).rowcount:
            return None
        first = self._rows.execute("SELECT line, told FROM seen WHERE tenancy_id = ?", (tenancy_id,)).fetchone()
        self._rows.execute("UPDATE seen SET told = 1 WHERE tenancy_id = ?", (tenancy_id,))
        return First(*first)

    def doubled(self) -> frozenset[str]:
        """The tenancies that were there more than once."""
        return frozenset(row[0] for row in self._rows.execute("SELECT tenancy_id FROM seen WHERE told"))
