"""What the name of an export tells: its format and its ledger day."""

import re
from datetime import date

from arrears.intake.findings import Code, Wrong, masked
from arrears.model import day

# A table may have another name; its ledger day is then the first row's.
NAME = re.compile(r"(?:.*/)?(?:snapshot-([0-9-]{10})|[^/]*(?=\.csv))\.(jsonl|jsonl\.gz|csv)", re.ASCII | re.DOTALL)


def kind_of(name: str) -> str:
    """The format: jsonl, jsonl.gz or csv. Raises Wrong for a name that no export has."""
    found = NAME.fullmatch(name)
    if found is None or (found[1] and day_in(name) is None):
        raise Wrong(Code.FILE_NAME, got=masked(name.rsplit("/", 1)[-1]))
    return found[2]


def day_in(name: str) -> date | None:
    """The ledger day that a file's name tells, if it does."""
    found = NAME.fullmatch(name)
    try:
        return day(found[1]) if found and found[1] else None
    except ValueError:
        return None
