"""`arrears run`: what a month's or a day's run is doing, and what people do to it."""

import json
from collections.abc import Callable

import boto3
import click
from rich.console import Console
from rich.table import Table

from arrears.adapters import clock
from arrears.calendar import helsinki_day, month_of
from arrears.cli.stack import Stack, on_stack
from arrears.ledger import Run
from arrears.work.operate import NotAllowed, Operate


@click.group("run")
def run_command() -> None:
    """Look at a run, approve it, hold it, halt it, let it go on."""


@run_command.command()
@click.argument("period", required=False)
@on_stack
def status(period: str | None, stack: Stack) -> None:
    """What the run PERIOD (2026-11, or a day 2026-11-16) is doing; the current month's without one."""
    name = period or month_of(helsinki_day(clock.now()))
    run = stack.runs.run(name)
    if run is None:
        click.echo(f"There is no run {name}.", err=True)
        raise click.exceptions.Exit(1)
    show(run)


@run_command.command()
@click.argument("period")
@on_stack
def start(period: str, stack: Stack) -> None:
    """Make the plan of PERIOD now, in your name; another person approves it. Only the current month can be started."""
    if period != month_of(helsinki_day(clock.now())):
        raise click.UsageError(f"{period}: expected the current month, {month_of(helsinki_day(clock.now()))}")
    _invoke(stack, {"time": clock.now().isoformat(), "by": stack.who})
    click.echo(f"Run {period} is being planned. See `arrears run status {period}`.")


@run_command.command()
@click.argument("period")
@click.option("--plan", required=True, help="The hash of the plan that you have looked at (`arrears run status`).")
@on_stack
def approve(period: str, plan: str, stack: Stack) -> None:
    """Let a held run go: exactly the plan that you looked at, started by somebody else."""
    run = _done(lambda: _operate(stack).approve(period, stack.who, plan, clock.now()))
    _invoke(stack, {"release": period})
    click.echo(f"Run {period} is approved by {run.approved_by}. The first wave leaves now.")


@run_command.command()
@click.argument("period")
@click.option("--why", required=True, help="The reason, for those who come after you.")
@on_stack
def hold(period: str, why: str, stack: Stack) -> None:
    """Keep a run from going out."""
    show(_done(lambda: _operate(stack).hold(period, stack.who, why, clock.now())))


@run_command.command()
@click.argument("period")
@click.option("--why", required=True, help="The reason, for those who come after you.")
@on_stack
def halt(period: str, why: str, stack: Stack) -> None:
    """Stop a run that is going out."""
    show(_done(lambda: _operate(stack).halt(period, stack.who, why, clock.now())))


@run_command.command()
@click.argument("period")
@click.option("--why", required=True, help="The reason, for those who come after you.")
@on_stack
def resume(period: str, why: str, stack: Stack) -> None:
    """Let a halted run go on."""
    show(_done(lambda: _operate(stack).resume(period, stack.who, why, clock.now())))


def show(run: Run) -> None:
    """One run, as a person reads it."""
    table = Table(title=f"Run {run.run}", show_header=False, title_justify="left")
    rows = {
        "status": run.status,
        "why": "\n".join(run.why),
        "plan": run.plan_hash,
        "snapshot": run.snapshot,
        "cases": f"{run.released} of {run.total} released, {run.claimed} sent or tried",
        "unknown": run.unknown,
        "refused": run.rejected,
        "started": f"{run.started_by}, {run.started_at:%Y-%m-%d %H:%M}",
        "approved": run.approved_by,
        "history": "\n".join(run.events),
    }
    for name, value in rows.items():
        if value not in (None, ""):
            table.add_row(name, str(value))
    Console().print(table)


def _operate(stack: Stack) -> Operate:
    return Operate(stack.snapshots, stack.runs)


def _done(change: Callable[[], Run]) -> Run:
    try:
        return change()
    except NotAllowed as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(1) from None


def _invoke(stack: Stack, event: dict[str, str]) -> None:
    function = stack.output("SelectTenantsFunction")
    boto3.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())
