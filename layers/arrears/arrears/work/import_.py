"""An export's errand: examined whole, written as a version nobody sees yet, published by one flip of the pointer."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import IO

from arrears.calendar import helsinki_day
from arrears.guards import Figures
from arrears.intake import Limits, PreviousSnapshot, Reading, Report, read
from arrears.ledger import Pointer
from arrears.model import AgreementStatus, CourtStatus, Snapshot
from arrears.policy import policy_on
from arrears.ports import Records, Snapshots
from arrears.sample import Sample, sample_name

REMEMBERED_FILES = 400  # more than a year of nightly exports
NEWS = timedelta(days=60)
KEPT = timedelta(days=35)  # a whole month's run can be explained from the snapshots it was made from


class PublishedMeanwhile(Exception):
    """Another export was published while this one was read: import this one again, and it will be judged against it."""


@dataclass(frozen=True, slots=True)
class Import:
    """Publishes exports. Nothing is ever partly published: until the flip, every reader sees the version before."""

    snapshots: Snapshots
    records: Records
    shards: int
    limits: Limits = field(default_factory=Limits)

    def __call__(self, stream: IO[bytes], name: str, now: datetime) -> Report:
        """What came of the export; a refused one changes nothing. Raises PublishedMeanwhile when it lost a race."""
        today, in_force = helsinki_day(now), self.snapshots.current()
        policy, before = policy_on(today), self._previous(in_force)
        with read(stream, name, policy, before, today=today, limits=self.limits, wanted=needs_row) as reading:
            if reading.report.refused is None:
                self._publish(reading, in_force, now)
            return reading.report

    def _previous(self, pointer: Pointer | None) -> PreviousSnapshot | None:
        if pointer is None:
            return None
        body = self.records.get(sample_name(pointer.version))
        sample = Sample.model_validate_json(body) if body else None
        return PreviousSnapshot(as_of=pointer.as_of, sha256s=frozenset(pointer.earlier), sample=sample)

    def _publish(self, reading: Reading, in_force: Pointer | None, now: datetime) -> None:
        report, sample = reading.report, reading.sample
        if report.as_of is None or report.sha256 is None:
            raise ValueError("an accepted export has a ledger day and a hash")
        version = f"{report.as_of}-{report.sha256[:12]}"
        self.snapshots.write(version, self.shards, reading.snapshots(), now + KEPT)
        self.records.put(sample_name(version), sample.model_dump_json().encode(), "application/json")
        earlier = in_force.earlier if in_force else ()
        pointer = Pointer(
            version=version,
            as_of=report.as_of,
            published_at=now,
            rows=report.rows,
            debt_total=report.debt_total,
            shards=self.shards,
            sha256=report.sha256,
            earlier=(*earlier, report.sha256)[-REMEMBERED_FILES:],
            figures=_figures(report, sample, now).model_dump_json(),
        )
        if not self.snapshots.publish(pointer, in_force.version if in_force else None):
            raise PublishedMeanwhile(version)


def needs_row(snapshot: Snapshot) -> bool:
    """Whether anything can be due to a tenancy, or its news matter: one without a row owes nothing."""
    agreement, court = snapshot.agreement, snapshot.court
    return (
        any(item.unpaid > 0 for item in snapshot.open_items)
        or (court is not None and court.status is CourtStatus.PENDING)
        or (
            agreement is not None
            and (agreement.status is AgreementStatus.ACTIVE or _is_news(agreement.agreed_on, snapshot))
        )
        or (snapshot.contacted_on is not None and _is_news(snapshot.contacted_on, snapshot))
    )


def _is_news(day: date, snapshot: Snapshot) -> bool:
    return day >= snapshot.as_of - NEWS


def _figures(report: Report, sample: Sample, now: datetime) -> Figures:
    if report.as_of is None:
        raise ValueError("an accepted export has a ledger day")
    return Figures(
        as_of=report.as_of,
        published_at=now,
        rows=report.rows,
        debt_total=report.debt_total,
        manifest_rows=report.manifest_rows,
        manifest_debt_total=report.manifest_debt_total,
        people=sample.people,
        numbers=sample.numbers,
        selected=0,
    )
