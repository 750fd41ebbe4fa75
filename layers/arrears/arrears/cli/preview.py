"""`arrears preview`: what a run made of an export would do; needs no AWS and sends nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from arrears.adapters import clock
from arrears.calendar import HELSINKI
from arrears.cli import Unreadable
from arrears.cli.exports import History, history_from, opened, policy_from, today, whole_name
from arrears.cli.judge import FILE, history_option, on_option, policy_option
from arrears.cli.outlook import show
from arrears.guards import Guard
from arrears.intake import Limits, Reading, read
from arrears.policy import Policy
from arrears.work.preview import Counted, counted, outlook, page

LIMITS = Limits(file=2**31, unpacked=2**33)
PRICE = re.compile(r"[01]?\.[0-9]{1,4}|[01]", re.ASCII)


class Price(click.ParamType[Decimal]):
    """Euros for one segment of a text, on the command line."""

    name = "EUR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Raises Unreadable for anything else."""
        if isinstance(value, str) and PRICE.fullmatch(value):
            return Decimal(value)
        raise Unreadable(f"--price {value}: expected euros such as 0.08")


@click.command("preview")
@click.argument("file", type=FILE)
@on_option
@click.option("--previous", type=FILE, help="The export that the last run was made of, to compare with.")
@policy_option
@history_option
@click.option("--price", type=Price(), help="EUR for one segment of a text; by default the policy's.")
@click.option("--html", type=FILE, help="Write the page that an approver reads to this file.")
def preview_command(
    file: Path,
    on: date | None,
    previous: Path | None,
    policy: Path | None,
    history: Path | None,
    price: Decimal | None,
    html: Path | None,
) -> None:
    """Say who would get what if a run were made of the export FILE, and which guards would hold it.

    Exit code 1 when rows of the file were rejected, or, with --previous, when a guard would hold the run.
    """
    day, done = on or today(), history_from(history)
    numbers = policy_from(policy, day)
    with _reading(file, numbers) as reading:
        now, report = _counted(reading, done, day, numbers), reading.report
    before = None
    if previous:
        with _reading(previous, numbers) as reading:
            then = _as_long_after(reading, day - (report.as_of or day))
            before = _counted(reading, _until(then, done), then, policy_from(policy, then)), reading.report
    each = numbers.sending.price_per_segment if price is None else price
    seen = outlook(now, report, before, _moment(on, numbers), each)
    if html:
        _write(html, page(seen))
    show(seen)
    held = any(verdict.guard is not Guard.FIRST_RUN for verdict in seen.held)
    raise SystemExit(1 if report.rejected_rows or held else 0)


@contextmanager
def _reading(file: Path, policy: Policy) -> Iterator[Reading]:
    with opened(file) as stream, read(stream, whole_name(file, policy), policy, limits=LIMITS) as reading:
        if reading.report.refused:
            raise Unreadable(f"{file}: {reading.report.message}")
        yield reading


def _counted(reading: Reading, done: History, day: date, policy: Policy) -> Counted:
    seed = reading.report.sha256 or reading.report.name
    return counted(reading.snapshots(), done, day, policy, seed, reading.sample)


def _as_long_after(reading: Reading, wait: timedelta) -> date:
    """An earlier export is judged as long after its ledger day as this one is."""
    return (reading.report.as_of or date.min) + wait


def _until(day: date, done: History) -> History:
    """What was done before that day."""
    return {one: tuple(past for past in pasts if past.on < day) for one, pasts in done.items()}


def _moment(on: date | None, policy: Policy) -> datetime:
    """When the run would be made: now, or the first hour of the day that is asked for."""
    return datetime.combine(on, time(policy.sending.opens_hour), HELSINKI) if on else clock.now()


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise Unreadable(f"{file}: cannot be written: {error.strerror}") from None
