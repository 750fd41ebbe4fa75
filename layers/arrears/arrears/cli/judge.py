"""`arrears decide`, `explain` and `schema`: the judgement by itself; needs no AWS."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from arrears.cli import Unreadable
from arrears.cli.exports import Day, history_from, policy_from, rows_of, today, told_of
from arrears.explain import explain
from arrears.intake import Finding
from arrears.model import Case, Decision, Snapshot
from arrears.policy import policy_schema
from arrears.rules import decide

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "snapshot": Snapshot.model_json_schema,
    "decision": lambda: Decision.model_json_schema() | {"required": list(Decision.model_fields)},
    "policy": policy_schema,
}
FILE = click.Path(path_type=Path)
on_option = click.option("--on", type=Day(), help="The day that is judged; today in Helsinki by default.")
policy_option = click.option("--policy", type=FILE, help="A policy file; by default the one in force that day.")
history_option = click.option(
    "--history", type=FILE, help='JSON Lines of {"tenancy_id", "step", "on", "outcome"}: what was already done.'
)


@click.command("decide")
@click.argument("file", type=FILE)
@on_option
@policy_option
@history_option
def decide_command(file: Path, on: date | None, policy: Path | None, history: Path | None) -> None:
    """Say for each tenancy of the export FILE what is due, and why: one decision a line, as JSON.

    A bad row is told on stderr and does not stop the others; exit code 2 then.
    """
    day = on or today()
    numbers, done, wrong = policy_from(policy, day), history_from(history), False
    with rows_of(file, numbers) as rows:
        for row in rows:
            if isinstance(row, Finding):
                click.echo(told_of(file, row), err=True)
                wrong = True
            else:
                click.echo(decide(_case(row, done), numbers, day).model_dump_json())
    raise SystemExit(2 if wrong else 0)


@click.command("explain")
@click.argument("tenancy_id")
@click.option("--snapshot", type=FILE, required=True, help="The export in which the tenancy is.")
@on_option
@policy_option
@history_option
def explain_command(
    tenancy_id: str, snapshot: Path, on: date | None, policy: Path | None, history: Path | None
) -> None:
    """Say in sentences what is due to TENANCY_ID and why, with its own number beside each threshold."""
    day = on or today()
    numbers, done = policy_from(policy, day), history_from(history)
    for sentence in explain(_case(_found(tenancy_id, snapshot, numbers), done), numbers, day):
        click.echo(sentence)


@click.command("schema")
@click.argument("of", type=click.Choice(list(SCHEMAS)))
def schema_command(of: str) -> None:
    """Print the JSON Schema of a row of the export, of a decision, or of a policy file."""
    click.echo(json.dumps({"$schema": DIALECT, **SCHEMAS[of]()}, ensure_ascii=False, indent=2))


def _found(tenancy_id: str, file: Path, policy: Any) -> Snapshot:
    bad: list[Finding] = []
    with rows_of(file, policy) as rows:
        for row in rows:
            if row.tenancy_id == tenancy_id:
                if isinstance(row, Finding):
                    raise Unreadable(told_of(file, row))
                return row
            if isinstance(row, Finding):
                bad.append(row)
    unread = f"; {len(bad)} of its rows cannot be read, the first on line {bad[0].line}" if bad else ""
    raise Unreadable(f"{file}: no tenancy {tenancy_id}{unread}: expected the tenancy_id of one of its rows")


def _case(snapshot: Snapshot, done: dict[str, tuple[Any, ...]]) -> Case:
    return Case(snapshot=snapshot, history=done.get(snapshot.tenancy_id, ()))
