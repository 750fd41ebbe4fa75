"""Goal 7: how long a month would take and what it would cost at any size, from a discrete-event model of AWS's limits.

`python -m tests.bench.scale` prints the table. The model asks the same limits as AWS does: read units of a table and
of a partition, with a second's worth saved up; a page's latency; a worker's CPU; what a provider takes a second. What
it is told of our own code (CPU a tenancy, bytes a row, pages) is measured by the bench.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

import simpy
from rich.console import Console
from rich.table import Table

from arrears.policy import policy_on
from tests.bench.made import DAY

READ_UNIT = 8192  # bytes of one read unit where a read need not be the newest
SIZES = (50_000, 1_000_000, 10_000_000)
WORKING_DAYS, DAYS = 21, 30


@dataclass(frozen=True)
class Town:
    """A portfolio and the cloud it is in. `workers` decide shards at once: as shipped one, which continues itself."""

    tenancies: int
    workers: int = 1
    shards: int = 16
    row_bytes: int = 880
    cpu_us: float = 60.0  # a tenancy, on the bench's machine
    vcpu_slower: float = 1.6  # a Lambda's vCPU beside the bench's machine
    page_seconds: float = 0.045  # a query's page of a megabyte
    file_seconds: float = 0.05  # a file put into S3
    cold_seconds: float = 1.0
    table_units: float = 40_000  # read units a second that a table may be asked by default
    partition_units: float = 3_000
    partitions: int = 16
    selected_share: float = 0.074
    parts: int = 2
    provider_rate: float = 10.0
    hours_a_day: int = 9

    @property
    def units(self) -> float:
        """Read units of reading every row once."""
        return self.tenancies * self.row_bytes / READ_UNIT

    @property
    def page_rows(self) -> int:
        """Rows in a megabyte."""
        return (1 << 20) // self.row_bytes

    @property
    def row_seconds(self) -> float:
        """What a worker needs for a row: its CPU, and its part of the wait for a page."""
        return self.cpu_us / 1e6 * self.vcpu_slower + self.page_seconds / self.page_rows

    @property
    def messages(self) -> int:
        """Texts a month."""
        return round(self.tenancies * self.selected_share)


@dataclass
class Allowance:
    """Units a second, with one second's worth saved up at most."""

    rate: float
    used_up_at: float = field(default=0.0)

    def wait(self, now: float, units: float) -> float:
        """How long a request for so many units is held back."""
        self.used_up_at = max(self.used_up_at, now - 1.0) + units / self.rate
        return max(0.0, self.used_up_at - now)


def simulated(town: Town) -> float:
    """Seconds from the tick until the last shard is decided, as events happen one after the other."""
    world = simpy.Environment()
    workers, table = simpy.Resource(world, capacity=town.workers), Allowance(town.table_units)
    partitions = [Allowance(town.partition_units) for _ in range(town.partitions)]
    for shard in range(town.shards):
        world.process(_shard(world, town, workers, table, partitions[shard % town.partitions]))
    world.run()
    return town.cold_seconds + float(world.now)


def _shard(
    world: simpy.Environment, town: Town, workers: simpy.Resource, table: Allowance, partition: Allowance
) -> Generator[Any, Any, None]:
    with workers.request() as turn:
        yield turn
        left = town.tenancies / town.shards
        while left > 0:
            rows = min(left, town.page_rows)
            units = rows * town.row_bytes / READ_UNIT
            held_back = max(table.wait(world.now, units), partition.wait(world.now, units))
            yield world.timeout(held_back + town.page_seconds * rows / town.page_rows)
            yield world.timeout(rows * town.cpu_us / 1e6 * town.vcpu_slower)
            left -= rows
        yield world.timeout(3 * town.file_seconds)


def bounds(town: Town) -> dict[str, float]:
    """What each limit alone would take, in seconds; the largest binds."""
    at_once = min(town.workers, town.shards)
    files = 3 * town.file_seconds * ceil(town.shards / at_once)
    return {
        "worker": town.row_seconds * town.tenancies / at_once + files,
        "table's read units": (town.units - town.table_units) / town.table_units,
        "partition's read units": (town.units / town.partitions - town.partition_units) / town.partition_units,
    }


def formula(town: Town) -> float:
    """The same seconds in closed form: a cold start, and the limit that binds."""
    return town.cold_seconds + max(bounds(town).values())


def sending_seconds(town: Town) -> float:
    """Seconds of sending hours until the last text is with the provider."""
    return town.messages / town.provider_rate


def sending_days(town: Town) -> int:
    """Days on which texts leave."""
    return ceil(sending_seconds(town) / (town.hours_a_day * 3600))


# US dollars, on demand, as AWS lists them for its larger regions; a text's part as the policy has it.
PRICE = {
    "read unit": 0.125e-6,
    "write unit": 0.625e-6,
    "gigabyte kept": 0.25,
    "queue request": 0.40e-6,
    "file put": 5e-6,
    "gigabyte-second": 13.3334e-6,
    "function call": 0.20e-6,
    "gigabyte logged": 0.50,
}
SNAPSHOT_DAYS = 35
WRITES_PER_TEXT = 22  # planned, claimed in a transaction, sent, delivered; with the indexes
READS_PER_TEXT = 5
LOG_BYTES_PER_TEXT = 1_200
SENDER_SECONDS, SENDER_GB = 0.25, 0.5


def dollars(town: Town) -> dict[str, float]:
    """What a month costs, by item, where every tenancy has a row: a nightly export, a text a month, a daily look."""
    looks = 1 + WORKING_DAYS
    gigabytes = town.tenancies * town.row_bytes / 1e9
    select_seconds = town.tenancies * town.row_seconds * looks
    functions = select_seconds * 1.0 + town.messages * SENDER_SECONDS * SENDER_GB
    return {
        "text messages": town.messages * town.parts * float(policy_on(DAY).sending.price_per_segment),
        "snapshot writes": DAYS * town.tenancies * ceil(town.row_bytes / 1024) * PRICE["write unit"],
        "snapshot storage": gigabytes * SNAPSHOT_DAYS * PRICE["gigabyte kept"],
        "ledger writes": town.messages * WRITES_PER_TEXT * PRICE["write unit"],
        "reads": (looks * town.units + town.messages * READS_PER_TEXT) * PRICE["read unit"],
        "functions": functions * PRICE["gigabyte-second"] + town.messages * PRICE["function call"],
        "queues and files": town.messages * 0.3 * PRICE["queue request"] + looks * 3 * town.shards * PRICE["file put"],
        "logs": town.messages * LOG_BYTES_PER_TEXT / 1e9 * PRICE["gigabyte logged"],
    }


def wide(town: Town) -> Town:
    """The same portfolio in 64 shards, each with a worker of its own."""
    return replace(town, workers=64, shards=64, partitions=64)


def makespan_ratio(town: Town) -> float:
    """Selecting, over what reading every row once takes at the table's read rate."""
    return simulated(town) / (town.units / town.table_units)


def table_of(towns: Iterable[Town]) -> list[dict[str, Any]]:
    """The table's rows."""
    return [
        {
            "tenancies": town.tenancies,
            "selecting_s": round(simulated(town), 1),
            "formula_s": round(formula(town), 1),
            "binds": max(bounds(town), key=lambda limit: bounds(town)[limit]),
            "read_unit_bound_s": round(town.units / town.table_units, 1),
            "a_worker_a_shard_s": round(simulated(replace(town, workers=town.shards)), 1),
            "in_64_shards_s": round(simulated(wide(town)), 1),
            "texts": town.messages,
            "sending_h": round(sending_seconds(town) / 3600, 1),
            "sending_days": sending_days(town),
            "dollars": {item: round(each, 2) for item, each in dollars(town).items()},
        }
        for town in towns
    ]


def drawn(rows: list[dict[str, Any]]) -> Table:
    """The rows as a table for people."""
    table = Table(title="A month at three sizes (simulated)")
    for column in ("", *(f"{row['tenancies']:,}" for row in rows)):
        table.add_column(column, justify="right" if column else "left")
    for name, key, unit in (
        ("selecting, as shipped", "selecting_s", " s"),
        ("selecting, a worker for each of 16 shards", "a_worker_a_shard_s", " s"),
        ("selecting, a worker for each of 64 shards", "in_64_shards_s", " s"),
        ("the read units alone", "read_unit_bound_s", " s"),
        ("binds", "binds", ""),
        ("texts", "texts", ""),
        ("sending, at the provider's rate", "sending_h", " h"),
        ("days of sending", "sending_days", ""),
    ):
        table.add_row(name, *(f"{row[key]:,}{unit}" if key != "binds" else row[key] for row in rows))
    for item in rows[0]["dollars"]:
        table.add_row(f"$ {item}", *(f"{row['dollars'][item]:,.2f}" for row in rows))
    table.add_row("$ in all", *(f"{sum(row['dollars'].values()):,.2f}" for row in rows))
    return table


if __name__ == "__main__":
    Console(width=110).print(drawn(table_of(Town(size) for size in SIZES)))
