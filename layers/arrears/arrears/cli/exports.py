"""What is given to a command that only judges: an export, a history, a policy, a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

import click
from pydantic import ValidationError

from arrears.adapters import clock
from arrears.calendar import helsinki_day
from arrears.cli import Unreadable
from arrears.intake import Finding, UnreadableExport, day_in, one_by_one
from arrears.intake.findings import Wrong
from arrears.intake.lines import Line
from arrears.intake.rows import strict_object
from arrears.model import Identifier, Past, Snapshot, day
from arrears.policy import Policy, PolicyError, parse_policy, policy_on

FIRST_YEAR, LAST_YEAR = 2000, 2199

History = dict[str, tuple[Past, ...]]


class Day(click.ParamType[date]):
    """A day on the command line."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Raises Unreadable for anything else."""
        called = param.opts[0] if param else "day"
        try:
            found = day(value)
        except ValueError as error:
            raise Unreadable(f"{called} {value}: {error}") from None
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise Unreadable(f"{called} {value}: expected a year from {FIRST_YEAR} to {LAST_YEAR}")
        return found


class Told(Past):
    """One line of a history file."""

    tenancy_id: Identifier


def today() -> date:
    """Today in Helsinki."""
    return helsinki_day(clock.now())


def policy_from(file: Path | None, on: date) -> Policy:
    """The policy of that file, or the one in force that day. Raises Unreadable."""
    try:
        return parse_policy(text_of(file), file.stem) if file else policy_on(on)
    except PolicyError as error:
        raise Unreadable(f"{file}: {error}" if file else str(error)) from None


def history_from(file: Path | None) -> History:
    """What was already done, by tenancy. Raises Unreadable naming the first line and field that is wrong."""
    told: History = {}
    lines = text_of(file).split("\n") if file else []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            past = _told(f"{file}: line {number}", Line(number, line.encode()))
            done = Past(step=past.step, on=past.on, outcome=past.outcome, fee=past.fee)
            told[past.tenancy_id] = (*told.get(past.tenancy_id, ()), done)
    return told


@contextmanager
def rows_of(file: Path, policy: Policy) -> Iterator[Iterator[Snapshot | Finding]]:
    """Every row of an export, or what is wrong with it. Raises Unreadable where the rest cannot be read."""
    try:
        with opened(file) as stream, one_by_one(stream, file.name, policy) as rows:
            yield rows
    except UnreadableExport as error:
        raise Unreadable(told_of(file, error.finding)) from None


def whole_name(file: Path, policy: Policy) -> str:
    """The name an import knows the file by: its own, or one with the ledger day of its first row. Raises Unreadable."""
    if day_in(file.name) or file.suffix == ".csv":
        return file.name
    with rows_of(file, policy) as rows:
        first = next(rows, None)
    if isinstance(first, Finding):
        raise Unreadable(told_of(file, first))
    if first is None:
        raise Unreadable(f"{file}: no tenancies: expected at least one")
    return f"snapshot-{first.as_of}.jsonl{'.gz' if file.suffix == '.gz' else ''}"


def told_of(file: Path, found: Finding) -> str:
    """One line: which file, line and field, what is wrong and what is expected."""
    places = (f"line {found.line}" if found.line else "", found.field or "")
    return ": ".join([f"{file}", *filter(None, places), found.message])


def text_of(file: Path) -> str:
    """The words of a small file. Raises Unreadable."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}: expected a file that can be read") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{file}: line {line}: not UTF-8: expected UTF-8 text") from None


def _told(where: str, line: Line) -> Told:
    try:
        strict_object(line)
        told = Told.model_validate_json(line.body, strict=True)
    except Wrong as wrong:
        raise Unreadable(f"{where}: {wrong.message}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Unreadable(f"{where}: {field}: {first['msg']}") from None
    if not FIRST_YEAR <= told.on.year <= LAST_YEAR:
        raise Unreadable(f"{where}: on: expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return told


def opened(file: Path) -> IO[bytes]:
    """The file. Raises Unreadable."""
    try:
        return file.open("rb")
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}: expected an export that can be read") from None
