"""`arrears letter`: one letter as PDF, from the facts of one case."""

import json
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from arrears.adapters.pdf import render
from arrears.cli import Unreadable
from arrears.creditor import Creditor, example
from arrears.letters import Incomplete, Letter, compose
from arrears.model import Case, Day, Facts, Identifier, Past, Snapshot, Step
from arrears.policy import PolicyError, policy_on


class Told(Past):
    """A step already taken, as history tells it; it may name its tenancy."""

    tenancy_id: Identifier | None = None


class Request(Facts):
    """What a letter is made from. Without a creditor the letter is from a made-up landlord, plainly a test one."""

    snapshot: Snapshot
    history: tuple[Told, ...] = ()
    step: Step
    on: Day
    creditor: Creditor | None = None
    waived: bool = False


@click.command("letter")
@click.argument("case", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF goes.")
def letter_command(case: Path, out: Path) -> None:
    """Render one letter from CASE.json.

    \b
    CASE.json: {"snapshot": <a row of the export>, "history": [{"step", "on", "outcome", "fee"}],
                "step": "collection_letter" | "agreement_broken_letter" | "court_warning_letter",
                "on": "YYYY-MM-DD", "creditor": {...} (optional), "waived": true (optional)}

    Prints what the letter asks for as JSON. Exit code 1 when it may not leave because something is missing.
    """
    try:
        letter = _composed(_read(case))
        pdf = render(letter)
    except Incomplete as error:
        click.echo(f"{case.name}: set aside: {error}", err=True)
        raise SystemExit(1) from None
    try:
        out.write_bytes(pdf)
    except OSError as error:
        raise Unreadable(f"{out}: cannot be written: {error.strerror}") from None
    click.echo(json.dumps(_asked(letter)))


def _composed(asked: Request) -> Letter:
    history = tuple(told for told in asked.history if told.tenancy_id in (None, asked.snapshot.tenancy_id))
    case = Case(snapshot=asked.snapshot, history=history)
    try:
        policy = policy_on(asked.on)
    except PolicyError as error:
        raise Unreadable(str(error)) from None
    return compose(case, asked.step, asked.on, policy, asked.creditor or example(), waived=asked.waived)


def _read(file: Path) -> Request:
    try:
        text = file.read_text("utf-8")
        json.loads(text, object_pairs_hook=_each_once)
        return Request.model_validate_json(text, strict=True)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{file.name}: line {error.lineno}: not JSON: {error.msg}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise Unreadable(f"{file.name}: {field}: {first['msg'].removeprefix('Value error, ')}") from None
    except OSError as error:
        raise Unreadable(f"{file.name}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise Unreadable(f"{file.name}: {error}") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"{twice}: there twice, expected once")
    return dict(pairs)


def _asked(letter: Letter) -> dict[str, Any]:
    claim, payment = letter.claim, letter.payment
    return {
        "tenancy_id": letter.tenancy_id,
        "step": letter.step,
        "on": f"{letter.on}",
        "total": f"{claim.total}",
        "fee": f"{claim.fee}",
        "fee_month": claim.fee_month,
        "pay_by": f"{payment.pay_by}",
        "object_by": f"{letter.object_by}",
        "reference": payment.reference,
        "barcode": payment.barcode,
    }
