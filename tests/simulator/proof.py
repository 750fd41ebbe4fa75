"""Simulated years as lines of `make prove`. FULL_YEARS and YEARS say how many."""

import os
from functools import partial

from tests.proof.table import Proof, Tried
from tests.simulator.checker import check
from tests.simulator.scenario import FULL, Scenario
from tests.simulator.year import live

FULL_YEARS, YEARS = int(os.environ.get("FULL_YEARS", "30")), int(os.environ.get("YEARS", "600"))


def lived(seeds: range, tenancies: int | None = None) -> Tried:
    """Lives those seeds' years; every broken promise is harm."""
    harm, faults, size = list[str](), list[str](), " --full" if tenancies else ""
    for seed in seeds:
        year = live(Scenario.of(seed, tenancies))
        again = f"python -m tests.simulator --seed {seed}{size} --shrink"
        harm += [f"{broken}; again: {again}" for broken in check(year.history)]
        faults += year.faults
    return Tried(len(seeds), len(faults), tuple(harm), sites=frozenset(map(site_of, faults)))


def site_of(fault: str) -> tuple[str, str]:
    """Where a fault was, and what it was: of "tick@...: ledger.plan (7) dies before" the last two."""
    _, _, told = fault.partition(": ")
    site, _, kind = told.partition(" (")
    return site, kind.partition(") ")[2]


PROOFS = (
    Proof(f"years of {FULL:,} tenancies", [partial(lived, range(seed, seed + 1), FULL) for seed in range(FULL_YEARS)]),
    Proof("years of few tenancies, most in debt", [partial(lived, range(n, n + 20)) for n in range(0, YEARS, 20)]),
)
