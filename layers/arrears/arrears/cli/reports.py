"""`arrears report`: the monthly report page from a ledger as files. No AWS is needed."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO

import click

from arrears.adapters import clock
from arrears.calendar import helsinki_day
from arrears.cli import Unreadable
from arrears.outcomes.counting import counted
from arrears.outcomes.figures import Figures
from arrears.outcomes.report import report
from arrears.policy import PolicyError, policy_on
from arrears.work.report.filed import Filed
from arrears.work.report.filed_lines import NotOurs

GZIP = b"\x1f\x8b"


@click.command("report")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where the report goes.")
@click.option("--month", help="Which month, as 2026-03; the latest in the files without one.")
@click.option("--made-on", type=click.DateTime(["%Y-%m-%d"]), help="The day on the page; today without one.")
@click.option("--keep", type=click.Path(dir_okay=False, path_type=Path), help="A file for the month's exact figures.")
def report_command(
    files: tuple[Path, ...], out: Path, month: str | None, made_on: datetime | None, keep: Path | None
) -> None:
    """Make a month's report page from FILES: report.html, and a CSV file of every table on it.

    \b
    Each line of a file may be (plain or .gz, any order, any names):
      a ledger row                 as the ledger keeps it, or {"tenancy_id", "step", "on", "outcome"}
      a decision                   as `arrears decide` prints it; a folder named as a run says which run's it is
      a row of an export           as of CONTRACT section 1; who owed, and who made contact
      a run                        held runs, and the day on which the month was planned
      the figures of a month       what --keep kept of an earlier report

    What is kept holds small groups too: it is for the next month's report, not for showing.

    Exit code 1 when the files have nothing of that month.
    """
    today = made_on.date() if made_on else helsinki_day(clock.now())
    with Filed.opened() as filed:
        for path in files:
            _read(path, filed)
        months = [name for name in filed.months() if month is None or name <= month]
        if not months or month not in (None, months[-1]):
            click.echo(f"nothing of {month or 'any month'} in {len(files)} files", err=True)
            raise SystemExit(1)
        try:
            figures = [_figures(filed, name, today) for name in months]
            made = report(figures, policy_on(figures[-1].month.until))
        except PolicyError as error:
            raise Unreadable(str(error)) from None
    _write(out, {"report.html": made.page} | made.files)
    if keep:
        _write(keep.parent, {keep.name: figures[-1].model_dump_json()})
    click.echo(f"{months[-1]}: {out / 'report.html'} and {len(made.files)} tables")


def _figures(filed: Filed, name: str, today: date) -> Figures:
    if kept := filed.figures.get(name):
        return kept
    month = filed.month(name)
    policy = policy_on(month.until)
    counts = counted(filed.told(month, policy), month, policy, filed.looked(month, policy))
    return Figures(
        month=month, policy=policy.name, made_on=today, held=filed.held(name), counts=dict(sorted(counts.items()))
    )


def _read(path: Path, filed: Filed) -> None:
    number = 0
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):  # noqa: B007
                if line.strip():
                    filed.add(line, path.parent.name)
    except NotOurs as error:
        raise Unreadable(f"{path.name}: line {number}: {error}") from None
    except EOFError:
        raise Unreadable(f"{path.name}: line {number + 1}: the packed file is cut off") from None
    except (gzip.BadGzipFile, zlib.error):
        raise Unreadable(f"{path.name}: line {number + 1}: the packed file is damaged") from None
    except OSError as error:
        raise Unreadable(f"{path.name}: cannot be read: {error.strerror or error}") from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
        file.seek(0)
        if packed:
            with gzip.open(file) as lines:
                yield lines  # type: ignore[misc]
        else:
            yield file


def _write(out: Path, files: dict[str, str]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (out / name).write_text(text, "utf-8", newline="")
    except OSError as error:
        raise Unreadable(f"{out}: cannot be written: {error.strerror}") from None
