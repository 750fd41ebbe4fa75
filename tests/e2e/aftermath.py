"""What a month on the deployed stack left behind, read once; and what must be true of it. Each check yields a sentence
for everything that is not."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from arrears.compliance import check
from arrears.ledger import Row, Run, RunStatus, Status
from arrears.model import LETTERS, MESSAGES, Step
from arrears.policy import policy_on
from tests.e2e.month import LETTER_DAY, TICK, Month, decide
from tests.local.dialects import Taken
from tests.local.summary import LEFT
from tests.local.template import ROOT

Found = Iterator[str]
DOORS = sorted(door.parent.name for door in (ROOT / "functions").glob("*/app.py"))
DEAD_LETTERS = ("NoticesDlq", "LettersDlq", "ReceiptsDlq", "InboxDlq", "SchedulesDlq")
OVER = frozenset(Status) - {Status.PLANNED, Status.SENDING, Status.UNKNOWN, Status.SENT}
BY_DAY = LETTERS | {Step.COURT_NOTICE}


@dataclass(frozen=True)
class Aftermath:
    """Everything that is left. `decided` is what the judgement alone says of each export, by tenancy."""

    rows: list[Row]
    runs: list[Run]
    taken: list[Taken]
    decided: Mapping[date, Mapping[str, Step]]
    news: frozenset[str]
    letters: Mapping[str, bytes]
    batches: list[str]
    told: Counter[str]
    answered: Counter[int]
    forged: list[int]
    dead: Mapping[str, int]
    logs: Mapping[str, list[str]]
    people: frozenset[str]
    report: Mapping[str, bytes]


def look(month: Month) -> Aftermath:
    """Reads what is left of a month that was lived."""
    stack, rows = month.stack, month.rows
    letters = stack.files("LettersBucket")
    reminded = [row for row in rows if row.on < LETTER_DAY]
    reports = stack.files("RecordsBucket")
    return Aftermath(
        rows=rows,
        runs=[run for name in sorted({row.run for row in rows}) if (run := stack.runs.run(name))],
        taken=list(stack.street.accepted),
        decided={
            TICK: decide(month.exports[0], TICK),
            LETTER_DAY: decide(month.exports[1], LETTER_DAY, reminded),
        },
        news=month.news,
        letters={name: letters.get(name) or b"" for name in letters.names("letters/")},
        batches=[
            letter["letter_id"]
            for name in letters.names("print-jobs/")
            for letter in json.loads(letters.get(name) or b"")["letters"]
        ],
        told=month.told,
        answered=month.answered,
        forged=month.forged,
        dead={queue: stack.waiting(queue) for queue in DEAD_LETTERS},
        logs={door: stack.logs(door) for door in DOORS},
        people=frozenset(_words(month.exports)),
        report={name: reports.get(name) or b"" for name in reports.names("reports/")},
    )


def _words(exports: Iterable[Path]) -> Iterator[str]:
    """Everything by which a log could tell who somebody is."""
    for row in (json.loads(line) for export in exports for line in export.read_text("utf-8").splitlines()[1:]):
        yield row["address"]["street"]
        for tenant in row["tenants"]:
            yield tenant["name"]
            yield from filter(None, (tenant["phone"], tenant["email"]))


def as_decided(after: Aftermath) -> Found:
    """Exactly those have a row of whom the judgement alone says that something is due."""
    texts = [row for row in after.rows if row.key.step is Step.SMS_REMINDER and row.status is not Status.IMPOSSIBLE]
    reminders = {row.key.tenancy_id for row in texts}
    yield from _differ("the month's texts", reminders, after.decided[TICK], {Step.SMS_REMINDER})
    letters = {row.key.tenancy_id for row in after.rows if row.run == f"{LETTER_DAY}" and row.key.step in BY_DAY}
    yield from _differ("the letters", letters, after.decided[LETTER_DAY], BY_DAY)


def _differ(what: str, planned: set[str], decided: Mapping[str, Step], steps: Iterable[Step]) -> Found:
    due = {tenancy for tenancy, step in decided.items() if step in set(steps)}
    if not due:
        yield f"{what}: nobody is due any, so nothing is shown"
    if planned != due:
        yield f"{what}: planned and not due {sorted(planned - due)}, due and not planned {sorted(due - planned)}"


def once(after: Aftermath) -> Found:
    """What the ledger says has left was taken by the provider once, and nothing else was."""
    taken = Counter(each.reference for each in after.taken)
    left = {row.reference for row in after.rows if row.key.step in MESSAGES and row.status in LEFT}
    if not left:
        yield "no text left"
    for reference in sorted(set(taken) | left):
        if taken[reference] != (reference in left):
            yield f"{reference} was taken {taken[reference]} times, and the ledger says {reference in left}"


def one_a_number(after: Aftermath) -> Found:
    """No number and no address got two messages in the month."""
    for to, times in Counter((each.provider, each.to) for each in after.taken).items():
        if times > 1:
            yield f"{to} got {times}"


def fit_to_leave(after: Aftermath) -> Found:
    """Every word that left passes the censor, under the landlord's name."""
    steps, policy = {row.reference: row.key.step for row in after.rows}, policy_on(TICK)
    for each in after.taken:
        texted, step = each.provider != "ses", steps.get(each.reference, Step.SMS_REMINDER)
        limit = policy.court.notice_max_segments if step is Step.COURT_NOTICE else policy.sms.max_segments
        broken = check(each.text, step, None, limit if texted else None)
        if broken or (texted and each.sender != "Heka"):
            yield f"{each.reference} from {each.sender} breaks {broken}"


def news_heeded(after: Aftermath) -> Found:
    """Who paid, agreed or disputed that morning got no reminder, though last night's export knew nothing of it."""
    of_news = [row for row in after.rows if row.run == f"{TICK:%Y-%m}" and row.key.tenancy_id in after.news]
    for row in of_news:
        if row.status is not Status.STOOD_DOWN:
            yield f"{row.key} is {row.status}"
    if not of_news:
        yield "there was no such news of anybody who was selected"


def nobody_waits(after: Aftermath) -> Found:
    """At the end of the month every case has come to an end, or is in a person's hands."""
    for row in after.rows:
        if row.status not in OVER:
            yield f"{row.key} is {row.status}"


def letters_drawn(after: Aftermath) -> Found:
    """Each letter that left is one PDF and one line of a print batch, and there are no others."""
    drawn = Counter(name.rsplit("/", 1)[-1].removesuffix(".pdf") for name in after.letters)
    printed = Counter(after.batches)
    left = Counter(row.reference for row in after.rows if row.key.step in LETTERS and row.status in LEFT)
    if not left:
        yield "no letter left"
    if not drawn == printed == left:
        yield f"{drawn.total()} drawn, {printed.total()} printed, {left.total()} in the ledger, or not the same ones"
    for name, body in after.letters.items():
        if not body.startswith(b"%PDF-"):
            yield f"{name} is no PDF"


def runs_done(after: Aftermath) -> Found:
    """Every run is done, all its cases were let out, and no more left than its cap was asked for."""
    for run in after.runs:
        of_run = [row for row in after.rows if row.run == run.run]
        left = sum(row.status in LEFT for row in of_run)
        if run.status is not RunStatus.DONE or run.released != run.total:
            yield f"run {run.run} is {run.status}, {run.released} of {run.total} released"
        if run.claimed < left:
            yield f"run {run.run} has let {run.claimed} be sent, the ledger says {left}"


def receipts_recorded(after: Aftermath) -> Found:
    """What the provider told stands in the ledger; what a forger told was turned away and changed nothing."""
    became = Counter(row.status for row in after.rows if row.key.step in MESSAGES and row.status in LEFT)
    told = (after.told["DELIVERED"], after.told["FAILED"], after.told[""])
    if told != (became[Status.DELIVERED], became[Status.UNDELIVERED], became[Status.NO_RECEIPT]):
        yield f"told {told}, recorded {dict(became)}"
    if set(after.answered) != {204}:
        yield f"signed receipts were answered {dict(after.answered)}"
    if set(after.forged) != {401}:
        yield f"forged receipts were answered {after.forged}"


def nothing_dead(after: Aftermath) -> Found:
    """No message, file or tick was given up."""
    for queue, messages in after.dead.items():
        if messages:
            yield f"{messages} in {queue}"


def quiet_logs(after: Aftermath) -> Found:
    """Every door wrote its log; none told of an error, and none who anybody is."""
    for door, lines in after.logs.items():
        whole = "\n".join(lines)
        if not lines:
            yield f"{door} wrote no log"
        for line in lines:
            if '"level":"ERROR"' in line or "Traceback" in line or "AccessDenied" in line:
                yield f"{door}: {line}"
        yield from (f"{door} names {word}" for word in after.people if word in whole)


def report_published(after: Aftermath) -> Found:
    """The month's report is published, and counts as many texts as left."""
    pages = [body for name, body in after.report.items() if name.endswith("report.html")]
    if len(pages) != 1:
        yield f"{len(pages)} reports"


Check = Callable[[Aftermath], Found]
CHECKS: tuple[Check, ...] = (
    as_decided,
    once,
    one_a_number,
    fit_to_leave,
    news_heeded,
    nobody_waits,
    letters_drawn,
    runs_done,
    receipts_recorded,
    nothing_dead,
    quiet_logs,
    report_published,
)
