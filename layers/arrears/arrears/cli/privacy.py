"""`arrears export`, `arrears erase`: what is held about one person."""

import json

import boto3
import click

from arrears.adapters import clock
from arrears.adapters.pseudonyms import KeyedPseudonyms
from arrears.adapters.secrets import secret
from arrears.cli.people import done
from arrears.cli.stack import Stack, on_stack
from arrears.work.privacy import Privacy


@click.command("export")
@click.argument("person")
@on_stack
def export_command(person: str, stack: Stack) -> None:
    """Everything held about PERSON (a tenant id), as JSON for the person who asked for it."""
    found = [held.model_dump(mode="json", exclude_none=True) for held in _privacy(stack).held(person)]
    click.echo(json.dumps({"person": person, "held": found}, ensure_ascii=False, indent=1))
    if not found:
        raise click.exceptions.Exit(1)


@click.command("erase")
@click.argument("person")
@click.confirmation_option(prompt="This cannot be undone. Erase?")
@on_stack
def erase_command(person: str, stack: Stack) -> None:
    """Take PERSON (a tenant id) out of the ledger and delete their letters; that nothing is sent twice survives."""
    gone = done(lambda: _privacy(stack).erase(person, stack.who, clock.now()))
    click.echo(f"{gone.ledger_rows} ledger rows without the person, {gone.letters} letters deleted.")


def _privacy(stack: Stack) -> Privacy:
    names = KeyedPseudonyms(secret(stack.output("ReferenceSecret"), boto3.client("secretsmanager")))
    return Privacy(stack.snapshots, stack.ledger, stack.records("LettersBucket"), names)
