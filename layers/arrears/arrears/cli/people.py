"""`arrears hold`, `arrears waive`, `arrears people`: what people decide about a tenancy, and what waits for them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table

from arrears.adapters import clock
from arrears.cli.stack import Stack, on_stack
from arrears.ledger import CaseKey, Row, Standing, Status
from arrears.model import HoldKind, Step
from arrears.work.operate import NotAllowed, Settle
from arrears.work.stand import Stand

T = TypeVar("T")
DAY = click.DateTime(["%Y-%m-%d"])
FOR_PEOPLE = (Status.OPEN, Status.SET_ASIDE, Status.EXHAUSTED, Status.REJECTED)


@click.group("hold")
def hold_command() -> None:
    """Leave a tenancy in peace, with a reason and an end."""


@hold_command.command()
@click.argument("tenancy_id")
@click.argument("kind", type=click.Choice([kind.value for kind in HoldKind]))
@click.option("--until", type=DAY, help="The last day of the hold; without one it holds until it is ended.")
@click.option("--why", required=True, help="The reason, for those who come after you.")
@on_stack
def add(tenancy_id: str, kind: str, until: datetime | None, why: str, stack: Stack) -> None:
    """Put a hold of KIND on TENANCY_ID; it takes effect at once, for what is planned too."""
    last: date | None = until.date() if until else None
    show(done(lambda: Stand(stack.ledger).add(tenancy_id, HoldKind(kind), last, stack.who, why, clock.now())))


@hold_command.command("list")
@click.argument("tenancy_id")
@on_stack
def list_holds(tenancy_id: str, stack: Stack) -> None:
    """The holds that people and the payment feed put on TENANCY_ID."""
    show(stack.ledger.remembered(tenancy_id).standing or Standing(tenancy_id=tenancy_id))


@hold_command.command()
@click.argument("tenancy_id")
@click.argument("kind", type=click.Choice([kind.value for kind in HoldKind]))
@on_stack
def end(tenancy_id: str, kind: str, stack: Stack) -> None:
    """Take the hold of KIND off TENANCY_ID."""
    show(done(lambda: Stand(stack.ledger).end(tenancy_id, HoldKind(kind))))


@click.command("waive")
@click.argument("tenancy_id")
@on_stack
def waive_command(tenancy_id: str, stack: Stack) -> None:
    """Letters to TENANCY_ID carry no fee from now on."""
    show(done(lambda: Stand(stack.ledger).waive(tenancy_id, stack.who)))


@click.group("people")
def people_command() -> None:
    """What the machine handed to a person, and why."""


@people_command.command("list")
@on_stack
def list_people(stack: Stack) -> None:
    """Every case that waits for a person."""
    rows = [row for status in FOR_PEOPLE for row in stack.ledger.waiting(status, clock.now())]
    show_rows("For a person", rows)


@people_command.command()
@click.argument("tenancy_id")
@click.argument("period")
@click.option("--why", required=True, help="What was done.")
@on_stack
def close(tenancy_id: str, period: str, why: str, stack: Stack) -> None:
    """The case of TENANCY_ID in PERIOD has been dealt with."""
    key = CaseKey(tenancy_id=tenancy_id, period=period, step=Step.HAND_TO_PERSON)
    done(lambda: Settle(stack.ledger).close(key, stack.who, why, clock.now()))
    click.echo(f"{key} is closed.")


def show(standing: Standing) -> None:
    """What stands beside a tenancy's snapshot."""
    table = Table("kind", "until", "by", "why", "since", title=f"Tenancy {standing.tenancy_id}", title_justify="left")
    for hold in standing.holds:
        table.add_row(hold.kind, str(hold.until or "ended by a person"), hold.by, hold.why, f"{hold.since:%Y-%m-%d}")
    Console().print(table)
    if standing.waived_by:
        click.echo(f"Letters carry no fee: waived by {standing.waived_by}.")


def show_rows(title: str, rows: list[Row]) -> None:
    """Ledger rows, as a worklist."""
    table = Table("tenancy", "period", "step", "status", "why", "since", title=title, title_justify="left")
    for row in rows:
        why = row.why or ", ".join(row.reasons)
        key = row.key
        table.add_row(key.tenancy_id, key.period, key.step, row.status, why, f"{row.changed_at:%Y-%m-%d %H:%M}")
    Console().print(table)
    click.echo(f"{len(rows)} in all.")


def done(change: Callable[[], T]) -> T:
    """The change, or its refusal in one sentence and exit code 1."""
    try:
        return change()
    except NotAllowed as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(1) from None
