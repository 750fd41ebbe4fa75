"""`arrears unknown`, `arrears numbers`, `arrears redrive`: the worklists, and what became stuck."""

import boto3
import click
from rich.console import Console
from rich.table import Table

from arrears.adapters import clock
from arrears.cli.people import done, show_rows
from arrears.cli.stack import Stack, on_stack
from arrears.ledger import CaseKey, Row, Status
from arrears.model import Step
from arrears.phones import problem
from arrears.work.operate import Settle

QUEUES = {"notices": ("NoticesDlq", "NoticesQueue"), "letters": ("LettersDlq", "LettersQueue")}
QUEUES["receipts"] = ("ReceiptsDlq", "ReceiptsQueue")
BAD_NUMBER = (Status.IMPOSSIBLE, Status.REJECTED, Status.UNDELIVERED)


@click.group("unknown")
def unknown_command() -> None:
    """Messages of which nobody knows whether they left."""


@unknown_command.command("list")
@on_stack
def list_unknown(stack: Stack) -> None:
    """Every message in doubt, the oldest first."""
    show_rows("Nobody knows whether these left", list(stack.ledger.waiting(Status.UNKNOWN, clock.now())))


@unknown_command.command()
@click.argument("tenancy_id")
@click.argument("period")
@click.argument("step", type=click.Choice([Step.SMS_REMINDER.value, Step.COURT_NOTICE.value]))
@click.option("--sent/--not-sent", required=True, help="What the provider's own log says.")
@click.option("--why", required=True, help="How you know.")
@on_stack
def resolve(tenancy_id: str, period: str, step: str, sent: bool, why: str, stack: Stack) -> None:
    """End the doubt about one message: it was sent, or it was not and waits to be sent."""
    key = CaseKey(tenancy_id=tenancy_id, period=period, step=Step(step))
    done(lambda: Settle(stack.ledger).unknown(key, sent, stack.who, why, clock.now()))
    click.echo(f"{key} was {'sent' if sent else 'not sent, and waits to be sent again'}.")


@click.command("numbers")
@on_stack
def numbers_command(stack: Stack) -> None:
    """Tenancies without a number that a text can reach, and what is wrong with it; never the number."""
    rows = [row for status in BAD_NUMBER for row in stack.ledger.waiting(status, clock.now()) if _is_bad_number(row)]
    table = Table("tenancy", "period", "what is wrong", title="Numbers to mend", title_justify="left")
    for row in rows:
        table.add_row(row.key.tenancy_id, row.key.period, _what_is_wrong(row, stack))
    Console().print(table)
    click.echo(f"{len(rows)} in all.")


@click.command("redrive")
@click.argument("queue", type=click.Choice(list(QUEUES)))
@on_stack
def redrive_command(queue: str, stack: Stack) -> None:
    """Bring the dead letters of QUEUE back. Harmless however old they are: the ledger decides what is still due."""
    dead, alive = (stack.output(name) for name in QUEUES[queue])
    sqs, moved = boto3.client("sqs"), 0
    while messages := sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            sqs.send_message(QueueUrl=alive, MessageBody=message["Body"])
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
            moved += 1
    click.echo(f"{moved} brought back.")


def _is_bad_number(row: Row) -> bool:
    return row.status is Status.IMPOSSIBLE or (row.why or "").startswith("bad_number") or row.status is Status.REJECTED


def _what_is_wrong(row: Row, stack: Stack) -> str:
    if row.status is not Status.IMPOSSIBLE:
        return row.why or row.status
    snapshot = stack.snapshots.find(row.key.tenancy_id)
    mains = snapshot.main_tenants if snapshot else ()
    return (
        ", ".join(f"{tenant.tenant_id}: {problem(tenant.phone) or 'mended'}" for tenant in mains) or "no debt any more"
    )
