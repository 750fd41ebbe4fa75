"""`arrears import`: an export examined whole, and published when nothing speaks against it."""

from datetime import date, datetime
from pathlib import Path
from typing import IO

import click

from arrears.adapters import clock
from arrears.calendar import helsinki_day
from arrears.cli import Unreadable
from arrears.intake import Limits, PreviousSnapshot, Report, day_in, read
from arrears.policy import Policy, PolicyError, policy_on

MB = 1_000_000
PACKED_AT_MOST = 20  # what gzip makes of an export: a twentieth


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Examine the file and publish nothing; needs no AWS.")
@click.option("--previous", type=click.Path(path_type=Path), help="The export before, to compare a dry run with.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of a dry run; without it the ledger day in the file's name.",
)
@click.option("--largest", default=50, show_default=True, help="MB a file may have; unpacked, 20 times as much.")
@click.option("--stack", envvar="ARREARS_STACK", default="rent-arrears", help="The deployed stack to publish to.")
@click.pass_context
def import_command(
    ctx: click.Context, file: Path, dry_run: bool, previous: Path | None, on: datetime | None, largest: int, stack: str
) -> None:
    """Examine the export FILE, publish it, and print a report of what is wrong with it.

    Nothing is published of a file that is refused. Exit code 1 when rows were rejected or the file was refused.
    """
    limits = Limits(largest * MB, largest * MB * PACKED_AT_MOST)
    if not dry_run and (previous or on):
        raise click.UsageError("--previous and --on are for a dry run: an import is compared with the snapshot in use")
    report = _examined(file, previous, on, limits) if dry_run else _published(file, stack, limits)
    click.echo(report.model_dump_json(indent=2))
    ctx.exit(1 if report.refused or report.rejected_rows else 0)


def _examined(file: Path, previous: Path | None, on: datetime | None, limits: Limits) -> Report:
    today = on.date() if on else None
    before = _remembered(previous, limits) if previous else None
    policy = _policy(file, today)
    with _opened(file) as stream, read(stream, file.name, policy, before, today=today, limits=limits) as reading:
        return reading.report


def _remembered(file: Path, limits: Limits) -> PreviousSnapshot:
    with _opened(file) as stream, read(stream, file.name, _policy(file, None), limits=limits) as reading:
        if reading.report.refused:
            raise Unreadable(f"{file}: cannot be compared with: {reading.report.message}")
        return reading.remembered()


def _published(file: Path, stack: str, limits: Limits) -> Report:
    from arrears.cli.stack import Stack  # only here is there any AWS
    from arrears.work.import_ import Import, PublishedMeanwhile

    target = Stack(stack)
    publish = Import(target.snapshots, target.records("RecordsBucket"), int(target.output("SnapshotShards")), limits)
    try:
        with _opened(file) as stream:
            return publish(stream, file.name, clock.now())
    except PublishedMeanwhile:
        raise Unreadable(f"{file}: another export was published meanwhile: import it again") from None


def _policy(file: Path, on: date | None) -> Policy:
    try:
        return policy_on(on or day_in(file.name) or helsinki_day(clock.now()))
    except PolicyError as error:
        raise Unreadable(f"{file}: {error}") from None


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}: expected an export that can be read") from None
