"""Room on the disk, so that sorting and looking up a million rows needs no more memory than a thousand."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def scratch() -> Iterator[sqlite3.Connection]:
    """A private database on disk, gone afterwards. Its cache does not grow, and nothing in it need survive a crash."""
    database = sqlite3.connect("")
    database.execute("PRAGMA journal_mode = OFF")
    try:
        yield database
    finally:
        database.close()
