"""What was read before: a line of an export is read twice, and most differ from the last night's by their day alone; a
plan is read every hour until all of it has left; towns and streets are many people's.

The errands are the real ones; only what they ask again about a row, a plan or a name they know is answered from memory.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from unittest.mock import patch

from arrears import sample
from arrears.compliance.inflection import Forms, forms
from arrears.intake.jsonlines import JsonLines
from arrears.intake.lines import Line
from arrears.intake.rows import snapshot_of
from arrears.intake.rules import check
from arrears.model import Snapshot
from arrears.policy import Policy
from arrears.work import release
from arrears.work.plan import plan_lines

DAY = b'"as_of":"'
LENGTH = len("2025-07-01")
HASHED = cache(sample._hash)
INFLECTED = lru_cache(4096)(forms)


@contextmanager
def reading_once() -> Iterator[None]:
    """While the context lasts, whoever was read and found good is known again as long as nothing but the day is new."""
    known: dict[bytes, tuple[bytes, Snapshot]] = {}
    good: dict[str, tuple[Snapshot, Policy]] = {}

    def read(row: Line, policy: Policy) -> Snapshot:
        cut = row.body.find(DAY) + len(DAY)
        day, text = row.body[cut : cut + LENGTH], row.body[:cut] + row.body[cut + LENGTH :]
        then, snapshot = known.get(text) or (day, snapshot_of(row, policy))
        if then != day:
            before, snapshot = snapshot, dated(snapshot, date.fromisoformat(day.decode()))
            of, under = good.get(snapshot.tenancy_id, (None, policy))
            if of is before and still_good(before, snapshot):
                good[snapshot.tenancy_id] = snapshot, under
        known[text] = day, snapshot
        return snapshot

    def checked(snapshot: Snapshot, policy: Policy) -> None:
        of, under = good.get(snapshot.tenancy_id, (None, policy))
        if of is not snapshot or under is not policy:
            check(snapshot, policy)
            good[snapshot.tenancy_id] = snapshot, policy

    examining = "arrears.intake.examining"
    with (
        patch(f"{examining}.snapshot_of", read),
        patch(f"{examining}.check", checked),
        patch.object(JsonLines, "rows", rows),
        patch.object(sample, "_hash", HASHED),
        patch("arrears.compliance.records.forms", inflected),
        patch.object(release, "plan_lines", lru_cache(4)(lambda body: tuple(plan_lines(body)))),
    ):
        yield


def inflected(parts: Iterable[str]) -> Forms:
    """What words may look like in a text."""
    return INFLECTED(tuple(parts))


def rows(file: JsonLines, every_time: Callable[[JsonLines], Iterator[Line]] = JsonLines.rows) -> Iterator[Line]:
    """A file's lines; those of a file that was read to its end are known."""
    if known := vars(file).get("known"):
        yield from known
        return
    lines = list[Line]()
    for line in every_time(file):
        lines.append(line)
        yield line
    vars(file)["known"] = lines


def dated(snapshot: Snapshot, day: date) -> Snapshot:
    """The same tenancy on another day."""
    twin = object.__new__(Snapshot)
    object.__setattr__(twin, "__dict__", snapshot.__dict__ | {"as_of": day})
    for kept in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        object.__setattr__(twin, kept, getattr(snapshot, kept))
    return twin


def still_good(before: Snapshot, after: Snapshot) -> bool:
    """Whether who was good then is surely good now: nothing comes to lie ahead, and ages are counted by years."""
    return before.as_of <= after.as_of and before.as_of.year == after.as_of.year
