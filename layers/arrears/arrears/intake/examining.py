"""An export is examined whole before a single row of it may be published: one pass to judge and, where its good rows
are more than can be kept, another to hand over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain, islice
from sqlite3 import Connection
from typing import IO, Protocol

from arrears.intake.doubles import Seen
from arrears.intake.findings import Code, Wrong
from arrears.intake.jsonlines import JsonLines
from arrears.intake.lines import Limits, Line, digest, rewindable
from arrears.intake.manifests import check_manifest
from arrears.intake.names import day_in, kind_of
from arrears.intake.previous import PreviousSnapshot
from arrears.intake.reports import Report, Tally, finding, report_of
from arrears.intake.rows import Manifest, snapshot_of
from arrears.intake.rules import check
from arrears.intake.tables import Table
from arrears.model import Snapshot
from arrears.policy import Policy
from arrears.sample import Sample, Sampling
from arrears.scratch import scratch

DEFAULT_LIMITS = Limits()
# Rows go through each step together, so that the processor keeps the step at hand: alone they take half as long again.
HANDFUL = 32
KEPT = 5000  # so many good rows are kept to be handed over, at 5 kB each; where there are more, the file is read again
Judged = tuple[Line, Snapshot | Wrong]


class Source(Protocol):
    """A file in one of the formats."""

    manifest: Manifest | None

    def rows(self) -> Iterator[Line]:
        """Every tenancy's row, from the start, as often as asked. Raises Wrong for what refuses the file."""
        ...


@dataclass(slots=True)
class Reading:
    """An examined export: the report, and, unless it was refused, its good tenancies and a fair sample of them."""

    report: Report
    sample: Sample
    _rows: Iterator[Snapshot]

    def snapshots(self) -> Iterator[Snapshot]:
        """The accepted tenancies that were asked for, once; none of a refused file. Raises RuntimeError when the file
        changed meanwhile."""
        try:
            yield from self._rows
        except (Wrong, ValueError):
            raise RuntimeError("the export has changed since it was examined: import it again") from None

    def remembered(self) -> PreviousSnapshot:
        """What the next export is compared with. Raises ValueError for a refused file: nothing of it is in use."""
        if self.report.as_of is None or self.report.sha256 is None or self.report.refused:
            raise ValueError("a refused export is not remembered")
        return PreviousSnapshot(as_of=self.report.as_of, sha256s=frozenset({self.report.sha256}), sample=self.sample)


@contextmanager
def read(
    stream: IO[bytes],
    name: str,
    policy: Policy,
    previous: PreviousSnapshot | None = None,
    *,
    today: date | None = None,
    limits: Limits = DEFAULT_LIMITS,
    wanted: Callable[[Snapshot], bool] = lambda _: True,
) -> Iterator[Reading]:
    """Examines a whole export and opens it for handing over; memory stays the same whatever its size, but for a byte
    a row, once it has more good rows than are kept.

    `name` is the file's, with or without folders: it tells format and ledger day. `previous` is the snapshot in use.
    `wanted` says which of the good tenancies are to be handed over. Nothing is raised for a bad file: its report says
    so.
    """
    with rewindable(stream, limits) as file, scratch() as database:
        examination = Examination(name, policy, previous, today, limits, wanted)
        seen = Seen(database)
        examination.examine(file, database, seen)
        yield Reading(examination.report(), examination.sample, examination.accepted(seen))


@dataclass
class Examination:
    """One file being examined."""

    name: str
    policy: Policy
    previous: PreviousSnapshot | None
    today: date | None
    limits: Limits
    wanted: Callable[[Snapshot], bool]
    marks: bytearray = field(default_factory=bytearray)  # 1 for each row that is handed over
    kept: list[Snapshot] | None = field(default_factory=list)  # these rows, unless they are too many
    sha256: str | None = None
    ledger_day: date | None = None
    source: Source | None = None
    refusal: Wrong | None = None
    tally: Tally = field(default_factory=Tally)
    sampling: Sampling = field(default_factory=Sampling)

    def examine(self, file: IO[bytes], database: Connection, seen: Seen) -> None:
        """The whole file, in the order in which trust grows: bytes, lines, rows, sums, the snapshot before."""
        try:
            self._check_file(file, database)
            for handful in self._judged(self._rows()):
                self._count(handful, seen)
            self._check_sums()
            if self.previous:
                self.previous.check_scale(self.sample, self.policy)
        except Wrong as wrong:
            self.refusal = wrong

    @cached_property
    def sample(self) -> Sample:
        """A fair sample of the good tenancies, once the whole file was examined."""
        return self.sampling.taken()

    def accepted(self, seen: Seen) -> Iterator[Snapshot]:
        """The wanted good tenancies of a file that is not refused. Raises Wrong when one is good no more,
        and ValueError when there are not as many rows as before."""
        if self.refusal:
            return
        doubled = seen.doubled()
        for snapshot in self._read_again() if self.kept is None else self.kept:
            if snapshot.tenancy_id not in doubled:
                yield snapshot

    def _read_again(self) -> Iterator[Snapshot]:
        wanted = (row for row, mark in zip(self._rows(), self.marks, strict=True) if mark)
        for _, judged in chain.from_iterable(self._judged(wanted)):
            if isinstance(judged, Wrong):
                raise judged
            yield judged

    def report(self) -> Report:
        """What came of it."""
        manifest = self.source.manifest if self.source else None
        return report_of(self.tally, self.refusal, manifest, name=self.name, sha256=self.sha256, as_of=self.ledger_day)

    def _check_file(self, file: IO[bytes], database: Connection) -> None:
        self.sha256 = digest(file, self.limits)
        if self.previous:
            self.previous.check_file(self.sha256)
        kind, ledger_day = kind_of(self.name), day_in(self.name)
        if ledger_day:
            self._take_day(ledger_day)
        if kind == "csv":
            self.source = Table(file, self.limits, database)
        else:
            self.source = JsonLines(file, self.limits, packed=kind.endswith(".gz"))

    def _take_day(self, ledger_day: date) -> None:
        self.ledger_day = ledger_day
        if self.today and ledger_day > self.today:
            raise Wrong(Code.FUTURE_DAY, today=self.today)
        if self.previous:
            self.previous.check_day(ledger_day)

    def _rows(self) -> Iterator[Line]:
        return self.source.rows() if self.source else iter(())

    def _judged(self, rows: Iterator[Line]) -> Iterator[list[Judged]]:
        while handful := list(islice(rows, HANDFUL)):
            read = [(row, self._read(row)) for row in handful]
            yield [(row, self._checked(judged)) for row, judged in read]

    def _read(self, row: Line) -> Snapshot | Wrong:
        try:
            return snapshot_of(row, self.policy)
        except Wrong as wrong:
            return wrong

    def _checked(self, judged: Snapshot | Wrong) -> Snapshot | Wrong:
        if isinstance(judged, Wrong):
            return judged
        try:
            if self.ledger_day is None:
                self._take_day(judged.as_of)
            if judged.as_of != self.ledger_day:
                raise Wrong(Code.OTHER_DAY, "as_of", expected=self.ledger_day)
            check(judged, self.policy)
        except Wrong as wrong:
            return wrong
        return judged

    def _count(self, handful: list[Judged], seen: Seen) -> None:
        for row, judged in handful:
            if isinstance(judged, Wrong):
                self._count_wrong(row, judged)
                self.marks.append(False)
            else:
                self.tally.good(judged)
                self._keep(judged, wanted=self.wanted(judged))
        good = [(row.number, judged) for row, judged in handful if isinstance(judged, Snapshot)]
        for snapshot in [judged for line, judged in good if self._is_new(judged.tenancy_id, line, seen)]:
            self.sampling.add(snapshot)

    def _keep(self, snapshot: Snapshot, *, wanted: bool) -> None:
        self.marks.append(wanted)
        if wanted and self.kept is not None:
            self.kept.append(snapshot)
            if len(self.kept) > KEPT:
                self.kept = None

    def _count_wrong(self, row: Line, wrong: Wrong) -> None:
        if wrong.refuses:
            wrong.line = wrong.line or row.of(wrong.place)
            raise wrong
        self.tally.wrong(row, wrong)

    def _is_new(self, tenancy_id: str, line: int, seen: Seen) -> bool:
        """Which of two rows of one tenancy is true nobody can say: then neither is published."""
        first = seen.add(tenancy_id, line)
        if first is None:
            return True
        for bad in (line,) if first.told else (first.line, line):
            wrong = Wrong(Code.SAME_TENANCY, "tenancy_id", line=bad, first=first.line, second=line)
            self.tally.tell(finding(wrong, tenancy_id=tenancy_id))
            self.tally.accepted -= 1
        return False

    def _check_sums(self) -> None:
        tally, most = self.tally, self.policy.guards.bad_rows_share
        if self.source and (manifest := self.source.manifest):
            check_manifest(manifest, tally, self.ledger_day)
        if tally.rows == 0:
            raise Wrong(Code.EMPTY)
        if tally.bad > most * tally.rows:
            commonest, _ = tally.causes.most_common(1)[0]
            first = tally.examples[commonest]
            raise Wrong(Code.TOO_MANY_BAD_ROWS, got=tally.bad, rows=tally.rows, most=f"{most * 100:.2f} %", first=first)
