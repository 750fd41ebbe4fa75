"""A fair sample of an export, small enough to keep: what the guards compare this run with the last one by.

A bottom-k sample: the tenancies whose hashed ids are smallest. It needs no more memory for a million rows than for a
thousand, and the same tenancies are in it again next month.
"""

from datetime import date
from decimal import Decimal
from hashlib import blake2b
from heapq import heappush, heappushpop
from statistics import median
from typing import NamedTuple

from arrears.model import ZERO, Day, Facts, Money, Snapshot
from arrears.phones import e164

SIZE = 4000


Balance = dict[Day, Money]  # one tenancy's charges by due date, in euros unpaid


class Sample(Facts):
    """The sampled tenancies by id, and what was counted among their main tenants."""

    balances: dict[str, Balance]
    people: int
    numbers: int
    whole: bool

    def known_here(self, earlier: "Sample") -> list[str]:
        """The earlier sample's tenancies that should be in this one too: those hashed low enough to be sampled."""
        highest = None if self.whole else max(map(_hash, self.balances), default=None)
        return [name for name in earlier.balances if highest is None or _hash(name) <= highest]

    def missing(self, earlier: "Sample") -> int:
        """How many of those are not."""
        return sum(name not in self.balances for name in self.known_here(earlier))

    def balance_ratio(self, earlier: "Sample", then: date) -> Decimal | None:
        """The median of what is unpaid now / then, over tenancies that owe in both, counting charges due by `then`."""
        ratios = []
        for name in self.known_here(earlier):
            before = _due_by(earlier.balances[name], then)
            now = _due_by(self.balances[name], then) if before and name in self.balances else ZERO
            if before and now:
                ratios.append(now / before)
        return median(ratios).quantize(Decimal("0.0001")) if ratios else None


class Kept(NamedTuple):
    """What is kept of a tenancy until all have passed by: whole ones would take eight times the memory."""

    place: int
    tenancy_id: str
    balance: Balance
    phones: list[str | None]


class Sampling:
    """Takes a sample while rows pass by."""

    def __init__(self, size: int = SIZE) -> None:
        self.size, self.rows = size, 0
        self._lowest: list[Kept] = []

    def add(self, snapshot: Snapshot) -> None:
        """One more row of the export; each tenancy once."""
        self.rows += 1
        place = -_hash(snapshot.tenancy_id)
        if len(self._lowest) < self.size:
            heappush(self._lowest, _kept(place, snapshot))
        elif place > self._lowest[0].place:
            heappushpop(self._lowest, _kept(place, snapshot))

    def taken(self) -> Sample:
        """The sample of all rows so far."""
        phones = [phone for kept in self._lowest for phone in kept.phones]
        return Sample.model_construct(  # all of it was read strictly before: once more would be a tenth of an import
            balances=dict(sorted((kept.tenancy_id, kept.balance) for kept in self._lowest)),
            people=len(phones),
            numbers=len({number for phone in phones if (number := e164(phone))}),
            whole=self.rows <= self.size,
        )


def sample_name(version: str) -> str:
    """Where a snapshot's sample is kept."""
    return f"samples/{version}.json"


def _kept(place: int, snapshot: Snapshot) -> Kept:
    return Kept(place, snapshot.tenancy_id, _balance(snapshot), [tenant.phone for tenant in snapshot.main_tenants])


def _balance(snapshot: Snapshot) -> Balance:
    unpaid: dict[date, Decimal] = {}
    for item in snapshot.open_items:
        unpaid[item.due_date] = unpaid.get(item.due_date, ZERO) + item.unpaid
    return unpaid


def _due_by(balance: Balance, day: date) -> Decimal:
    return sum([unpaid for due, unpaid in balance.items() if due <= day], ZERO)


def _hash(tenancy_id: str) -> int:
    return int.from_bytes(blake2b(tenancy_id.encode(), digest_size=8, key=b"sample").digest(), "big")
