"""What a proof has tried, and the one table of all of them.

Whoever has a proof of their own adds it to PROOFS in `tests/proof/__main__.py`:

    Proof("a year of a portfolio", (lambda: Tried(worlds=1, faulted=12),))
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Self

from rich.console import Console
from rich.table import Column, Table

ALTOGETHER = "altogether"


@dataclass(frozen=True)
class Tried:
    """`worlds` that were lived to their end, `faulted` calls in which something went wrong, the `harm` found, each with
    how to see it again. `moments` tells how many different states stand for the worlds, where equal ones were tried
    once; `sites` which calls were faulted, and how."""

    worlds: int = 0
    faulted: int = 0
    harm: tuple[str, ...] = ()
    moments: int = 0
    seconds: float = 0.0
    sites: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)

    def __add__(self, other: Self) -> "Tried":
        return Tried(
            self.worlds + other.worlds,
            self.faulted + other.faulted,
            self.harm + other.harm,
            self.moments + other.moments,
            self.seconds + other.seconds,
            self.sites | other.sites,
        )


@dataclass(frozen=True)
class Proof:
    """One line of the table. Its parts can be tried at the same time, the longest first; each says what it tried."""

    name: str
    parts: Sequence[Callable[[], Tried]]


def tried(part: Callable[[], Tried]) -> Tried:
    """What the part tried, and how long it took; whatever it raises is harm found."""
    began = time.monotonic()
    try:
        found = part()
    except Exception as error:
        found = Tried(harm=(f"{type(error).__name__}: {error}",))
    return found + Tried(seconds=time.monotonic() - began)


def all_tried(proofs: Sequence[Proof], processes: int) -> Iterator[tuple[Proof, Tried]]:
    """Tries them all, so many parts at once, each in a process of its own; answers in the order of the proofs."""
    _AT_WORK[:] = [part for proof in proofs for part in proof.parts]
    with get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        answers = pool.imap(_try_part, range(len(_AT_WORK)), chunksize=1)
        for proof in proofs:
            yield proof, sum((next(answers) for _ in proof.parts), Tried())


def table_of(lines: Iterable[tuple[str, Tried]]) -> Table:
    """The table that a stranger can read."""
    table = Table("what was tried", *(_number(name) for name in ("worlds", "by way of", "calls faulted", "harm", "s")))
    for name, found in lines:
        numbers = (found.worlds, found.moments or found.worlds, found.faulted, len(found.harm))
        table.add_row(name, *map(_shown, numbers), f"{found.seconds:.0f}")
    return table


def show(proofs: Sequence[Proof], processes: int) -> bool:
    """Tries them, prints the table and every harm; whether there was none."""
    console, lines, whole = Console(width=120), [], Tried()
    for proof, found in all_tried(proofs, processes):
        told = (
            f"{found.worlds:,} worlds, {found.faulted:,} calls faulted, harm {len(found.harm)}, {found.seconds:.0f} s"
        )
        console.print(f"{proof.name}: {told}", style="dim", highlight=False, soft_wrap=True)
        lines.append((proof.name, found))
        whole += found
    console.print(table_of([*lines, (ALTOGETHER, whole)]))
    for harm in whole.harm:
        console.print(harm, markup=False, highlight=False)
    return not whole.harm


_AT_WORK: list[Callable[[], Tried]] = []  # filled before the processes are forked off


def _try_part(place: int) -> Tried:
    return tried(_AT_WORK[place])


def _shown(number: int) -> str:
    return f"{number:,}" if number < 10**12 else f"{number:.1e}"


def _number(name: str) -> Column:
    return Column(name, justify="right")
