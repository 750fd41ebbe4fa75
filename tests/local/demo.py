"""Two months of a made-up portfolio on an embedded AWS: `python -m tests.local.demo`.

The real handlers run as the template wires them; only the clock, the tenants and the street are made up. The same seed
gives the same bytes.
"""

import gc
import gzip
import shutil
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from arrears.adapters.s3 import S3Records
from arrears.calendar import DAY, HELSINKI, days_between, is_working_day, month_of
from arrears.model import Decision
from tests.local.apart import Apart
from tests.local.cloud import Cloud
from tests.local.portfolio import DEMO_END, DEMO_START
from tests.local.report import bring_report
from tests.local.street import Street
from tests.local.summary import rows_of, summary, who_got_nothing

MADE = ("sms.jsonl", "emails.jsonl", "decisions.jsonl", "report.html", "letters", "print-jobs", "exports")
DEAD_LETTERS = ("NoticesDlq", "LettersDlq", "ReceiptsDlq", "InboxDlq", "SchedulesDlq")
EXPORT_LANDS, OFFICE_OPENS, NEWS_COMES = time(3), time(9, 45), time(10, 45)
OFFICE_HOURS = [time(hour, 45) for hour in range(9, 18)]
Say = Callable[[str], None]


@click.command()
@click.option("--tenancies", type=click.IntRange(min=1), default=3000, show_default=True, help="How many flats.")
@click.option("--seed", type=int, default=2026, show_default=True, help="The same seed gives the same bytes.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out"), show_default=True)
def main(tenancies: int, seed: int, out: Path) -> None:
    """Two months of a made-up portfolio on an embedded AWS."""
    # A call that has nothing to count is no news; on AWS the warning is a line in the function's log.
    warnings.filterwarnings("ignore", message="No application metrics to publish")
    gc.set_threshold(2_000_000, 20, 100)  # what the cloud keeps lives to the end: looking through it finds no rubbish
    sys.exit(0 if demo(tenancies, seed, out, list(days_between(DEMO_START, DEMO_END)), Console()) else 1)


def demo(tenancies: int, seed: int, out: Path, days: Sequence[date], console: Console) -> bool:
    """Lives those days, leaves in the folder what CONTRACT section 4 lists, and prints what became of it.
    Answers whether nothing failed."""
    begin_anew(out)
    console.print(f"[bold]{tenancies:,} made-up tenancies[/], {days[0]:%-d %B} to {days[-1]:%-d %B %Y}, seed {seed}")
    parameters = {"ConsoleFolder": str(out.resolve()), "SendPerSecond": "200", "SnapshotShards": "2"}
    with Apart(tenancies, seed, days[0] - DAY) as portfolio, Cloud(_at(days[0]), parameters) as cloud:
        street = Street(cloud, portfolio, out, seed)
        live(street, out, days, console)
        collect(cloud, out)
        console.print(summary(rows_of(street.ledger)))
        for month in sorted({month_of(day) for day in days}):
            if decisions := decided(cloud, month):
                console.print(who_got_nothing(month, decisions), highlight=False)
        left = "the texts, e-mails, letters and print jobs that left, and every decision"
        console.print(f"{out}/ has {left}.", soft_wrap=True)
        if (days[-1] + DAY).day == 1:
            console.print(f"The report: {bring_report(cloud, days[-1], out)}", soft_wrap=True)
        failed = [f"{each.function}, {each.at:%Y-%m-%d %H:%M}Z: {each.error!r}" for each in cloud.failures]
        failed += [f"{len(dead)} in {queue}" for queue in DEAD_LETTERS if (dead := cloud.dead_letters(queue))]
        for line in failed:
            console.print(f"[red]failed:[/] {line}", highlight=False)
        return not failed


def begin_anew(out: Path) -> None:
    """An empty place for what the demo makes; what else is in the folder stays."""
    out.mkdir(parents=True, exist_ok=True)
    for name in MADE:
        if (out / name).is_dir():
            shutil.rmtree(out / name)
        (out / name).unlink(missing_ok=True)
    for table in out.glob("report-*.csv"):
        table.unlink()
    for name in ("sms.jsonl", "emails.jsonl"):
        (out / name).touch()


def live(street: Street, out: Path, days: Sequence[date], console: Console) -> None:
    """Lets the days pass: with a bar on a terminal, and a line for each day on which anything happened."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True) if console.is_terminal else None
    with progress or nullcontext():
        task = progress.add_task("", total=len(days)) if progress else None
        for day in days:
            one_day(street, out, day, partial(_tell, console, day))
            if progress and task is not None:
                progress.update(task, advance=1, description=f"{day:%a %-d %b}")


def one_day(street: Street, out: Path, day: date, say: Say) -> None:
    """One day: last night's export, the ticks, and what the street answers."""
    cloud, portfolio = street.cloud, street.portfolio
    last_night = portfolio.export()
    if is_working_day(day):
        cloud.run_until(_at(day, EXPORT_LANDS))
        cloud.put_export(portfolio.write_export(out / "exports"))
    portfolio.advance(day)
    messages = 0
    for hour in OFFICE_HOURS:
        cloud.run_until(_at(day, hour))
        if hour == OFFICE_OPENS:
            street.bring_post(day)
            for said in street.look_at_runs(day):
                say(said)
        elif hour == NEWS_COMES and is_working_day(day):
            street.bring_news(day, last_night)
        messages += street.answer_messages()
    letters = street.take_letters(day)
    if left := [_counted(count, thing) for count, thing in ((messages, "message"), (letters, "letter")) if count]:
        say(f"{' and '.join(left)} left.")
    cloud.run_until(_at(day + DAY))


def collect(cloud: Cloud, out: Path) -> None:
    """Brings what the cloud keeps into the folder: letters, print jobs, and the decisions of every run in one file."""
    letters = S3Records(cloud.client("s3"), cloud.physical("LettersBucket"))
    for name in letters.names("letters/"):
        _write(out / "letters" / name.removeprefix("letters/").replace("/", "-"), letters.get(name))
    for name in letters.names("print-jobs/"):
        _write(out / name, letters.get(name))
    records = S3Records(cloud.client("s3"), cloud.physical("RecordsBucket"))
    with (out / "decisions.jsonl").open("wb") as file:
        for name in sorted(records.names("decisions/")):
            file.write(gzip.decompress(records.get(name) or b""))


def decided(cloud: Cloud, month: str) -> list[Decision]:
    """The decisions of a month's run of texts."""
    records = S3Records(cloud.client("s3"), cloud.physical("RecordsBucket"))
    kept = (gzip.decompress(records.get(name) or b"") for name in records.names(f"decisions/{month}/"))
    return [Decision.model_validate_json(line) for body in kept for line in body.splitlines()]


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _tell(console: Console, day: date, said: str) -> None:
    told = Table.grid(padding=(0, 2, 0, 0))
    told.add_column(width=len("Wed 30 Sep"))
    told.add_row(f"{day:%a %-d %b}", said)
    console.print(told, highlight=False)


def _write(path: Path, body: bytes | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body or b"")


def _at(day: date, hour: time = time(0)) -> datetime:
    return datetime.combine(day, hour, HELSINKI)


if __name__ == "__main__":
    main()
