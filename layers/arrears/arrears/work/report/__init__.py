"""The errand after the month: everything that was kept of it counted, the page and its tables published.

A shard at a time, and within one a tenancy at a time, so that a million rows need no more memory than a thousand; a
report that runs short of time goes on where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from arrears.calendar import helsinki_day
from arrears.model import Facts
from arrears.outcomes.counting import counted
from arrears.outcomes.figures import Counts, Figures
from arrears.outcomes.report import report
from arrears.policy import Policy, policy_on
from arrears.ports import Ledger, Records, Runs, Snapshots
from arrears.work.import_ import KEPT
from arrears.work.report.gathering import Gathering
from arrears.work.report.looks import Looks, held_runs, months_until

SECONDS_TO_SPARE = 120.0


class Published(Facts):
    """What the errand did. `next_shard` is set when time ran short: the same tick goes on there."""

    month: str
    status: str
    files: tuple[str, ...] = ()
    next_shard: int | None = None


@dataclass(frozen=True, slots=True)
class PublishReport:
    """Publishes the report of a month in `reports/<month>/`. Doing it again while the month's snapshots are kept counts
    the same debts anew; after that the report that was made stays as it is."""

    snapshots: Snapshots
    ledger: Ledger
    runs: Runs
    records: Records
    shards: int

    def __call__(self, tick: datetime, now: datetime, seconds_left: Callable[[], float], shard: int = 0) -> Published:
        """The report of the month before the tick's; nothing when no run looked at the ledger in it."""
        name = months_until(helsinki_day(tick), 2)[0]
        looks = Looks.of(name, self.runs, policy_on(helsinki_day(tick)))
        if looks is None:
            return Published(month=name, status="no_runs")
        if helsinki_day(now) > (looks.month.since or looks.month.until) + KEPT:
            return Published(month=name, status="too_late")
        policy = policy_on(looks.month.until)
        gathering = Gathering.of(self.snapshots, self.ledger, self.records, self.shards, looks)
        for place in range(shard, self.shards):
            if seconds_left() < SECONDS_TO_SPARE:
                return Published(month=name, status="not_done", next_shard=place)
            told, looked = gathering.shard(place)
            counts = counted(told, looks.month, policy, looked)
            part = self._figures(looks, policy, now, counts)
            self.records.put(self._part(looks, place), part.model_dump_json().encode(), "application/json")
        return self._published(looks, policy, now)

    def _published(self, looks: Looks, policy: Policy, now: datetime) -> Published:
        folder, counts = f"reports/{looks.month.name}", Counts()
        for shard in range(self.shards):
            part = self._kept(self._part(looks, shard))
            if part is None:
                raise LookupError(f"{self._part(looks, shard)} is missing: publish the report again from shard 0")
            counts.update(part.counts)
        figures = self._figures(looks, policy, now, counts)
        self.records.put(f"{folder}/figures.json", figures.model_dump_json().encode(), "application/json")
        earlier = (self._kept(f"reports/{month}/figures.json") for month in looks.months[:-1])
        made = report([*(month for month in earlier if month), figures], policy)
        for file, text in made.files.items():
            self.records.put(f"{folder}/{file}", text.encode(), "text/csv; charset=utf-8")
        self.records.put(f"{folder}/report.html", made.page.encode(), "text/html; charset=utf-8")
        return Published(month=looks.month.name, status="published", files=("report.html", *made.files))

    def _figures(self, looks: Looks, policy: Policy, now: datetime, counts: Counts) -> Figures:
        return Figures(
            month=looks.month,
            policy=policy.name,
            made_on=helsinki_day(now),
            held=held_runs(looks, self.runs),
            counts=dict(sorted(counts.items())),
        )

    def _kept(self, name: str) -> Figures | None:
        body = self.records.get(name)
        return Figures.model_validate_json(body) if body else None

    def _part(self, looks: Looks, shard: int) -> str:
        return f"reports/{looks.month.name}/parts/{looks.month.until}-{shard:03}.json"
