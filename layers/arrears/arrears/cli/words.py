"""The operators' door to words: may this text leave, and can a text go to this number?"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from arrears.adapters import clock
from arrears.calendar import helsinki_day
from arrears.cli import Unreadable
from arrears.compliance import check
from arrears.model import MESSAGES, Step
from arrears.phones import e164, problem
from arrears.policy import Policy, PolicyError, policy_on
from arrears.wording import segments

STDIN = "-"


@click.command("check-text")
@click.option(
    "--kind",
    type=click.Choice([step.value for step in sorted(MESSAGES)]),
    required=True,
    help="The message that the text is for.",
)
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose policy limits the length; today by default."
)
@click.argument("file", default=STDIN, type=click.Path(path_type=Path, allow_dash=True))
@click.pass_context
def check_text_command(ctx: click.Context, kind: str, on: datetime | None, file: Path) -> None:
    """Say whether the text in FILE (or on stdin) may leave, and what it costs; exit code 1 when it may not.

    The line end at the end of the file is no part of the text. In ucs2, "septets" counts UTF-16 units.
    """
    text = _read(file).rstrip("\r\n")
    step = Step(kind)
    violations = check(text, step, None, _max_segments(step, _policy(on)))
    click.echo(json.dumps({"ok": not violations, **asdict(segments(text)), "violations": violations}))
    ctx.exit(1 if violations else 0)


@click.command("phone", context_settings={"ignore_unknown_options": True})
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...", type=click.UNPROCESSED)
@click.pass_context
def phone_command(ctx: click.Context, numbers: tuple[str, ...]) -> None:
    """Say for each NUMBER (or line of stdin) whether a text can go to it; exit code 1 when to any it cannot."""
    judged = list(_judged(numbers or _read(Path(STDIN)).splitlines()))
    for one in judged:
        click.echo(json.dumps(one))
    ctx.exit(1 if any(one["problem"] for one in judged) else 0)


def _judged(numbers: Iterable[str]) -> Iterable[dict[str, str | None]]:
    return ({"input": number, "e164": e164(number), "problem": problem(number)} for number in numbers)


def _max_segments(step: Step, policy: Policy) -> int:
    return policy.court.notice_max_segments if step is Step.COURT_NOTICE else policy.sms.max_segments


def _policy(on: datetime | None) -> Policy:
    try:
        return policy_on(on.date() if on else helsinki_day(clock.now()))
    except PolicyError as error:
        raise Unreadable(str(error)) from None


def _read(file: Path) -> str:
    stdin = str(file) == STDIN
    name = "stdin" if stdin else str(file)
    try:
        content = sys.stdin.buffer.read() if stdin else file.read_bytes()
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Unreadable(f"{name}: line {line}: byte {error.start} is not UTF-8; expected a text in UTF-8") from None
    except OSError as error:
        raise Unreadable(f"{name}: cannot be read: {error.strerror}") from None
