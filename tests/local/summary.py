"""What became of two months, as a table that a rent officer understands."""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from rich.table import Table

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.ledger import Row, Status
from arrears.model import LETTERS, Decision, Step
from arrears.outcomes.words import month_said
from arrears.outcomes.words import said as in_words

NAMES = {
    Step.SMS_REMINDER: "Text messages",
    Step.COURT_NOTICE: "Notices of court proceedings",
    Step.COLLECTION_LETTER: "Collection letters",
    Step.AGREEMENT_BROKEN_LETTER: "Letters about a broken agreement",
    Step.COURT_WARNING_LETTER: "Last letters before court",
    Step.HAND_TO_PERSON: "Handed to people",
}
LEFT = frozenset({Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.NO_RECEIPT})
BECAME = {
    Status.DELIVERED: "arrived",
    Status.UNDELIVERED: "did not arrive",
    Status.NO_RECEIPT: "nothing heard",
    Status.SENT: "on its way",
}
NOT_SENT = {
    Status.IMPOSSIBLE: "no number that a text can reach",
    Status.STOOD_DOWN: "stood down",
    Status.SET_ASIDE: "set aside",
    Status.HELD_OUT: "comparison group",
    Status.REJECTED: "refused for good",
    Status.EXHAUSTED: "refused too often",
    Status.EXPIRED: "too late",
    Status.UNKNOWN: "nobody knows",
    Status.PLANNED: "waits",
    Status.SENDING: "under way",
}
WHY = {
    "no_debt": "paid meanwhile",
    "payment_agreement": "agreed meanwhile",
    "disputed": "disputed meanwhile",
    "collection_halted": "a halt was asked for",
    "number_taken": "another flat has the same number",
    "contact_forbidden": "may not be contacted by machine",
    "guardian": "has a guardian",
    "warning_unanswered": "did not answer the last letter",
}
TOP = 4  # reasons that are named one by one
Counted = Callable[[list[Row]], str]


def rows_of(ledger: DynamoLedger) -> list[Row]:
    """Every row of the ledger."""
    shards = ledger.shards
    return [row for shard in range(shards) for remembered in ledger.shard(shard, shards) for row in remembered.rows]


def summary(rows: Iterable[Row]) -> Table:
    """What was selected, sent, stood down and why, with letters, fees and what people must take on, month by month."""
    rows = list(rows)
    months = sorted({f"{row.on:%Y-%m}" for row in rows})
    table = Table("", title="What became of it", title_justify="left")
    for month in [*months, "together"]:
        table.add_column(month, justify="right")
    for name, count in _lines(rows):
        by_month = [count([row for row in rows if f"{row.on:%Y-%m}" == month]) for month in months]
        table.add_row(name, *by_month, count(rows))
    return table


def who_got_nothing(month: str, decisions: Iterable[Decision]) -> str:
    """How many tenancies a month's run judged, and in one sentence why most of them got nothing: each counts for the
    first thing that stood in its way."""
    judged = list(decisions)
    whys = Counter(decision.reasons[0] for decision in judged if decision.step is Step.NONE).most_common()
    named = [f"{in_words('reason', why)} ({count:,})" for why, count in whys[:TOP]]
    if others := sum(count for _, count in whys[TOP:]):
        named.append(f"other reasons ({others:,})")
    nothing = sum(count for _, count in whys)
    told = f"{month_said(month)}: {len(judged):,} tenancies were judged, {nothing:,} of them got nothing"
    return f"{told}{': ' if named else ''}{', '.join(named)}."


def _lines(rows: list[Row]) -> list[tuple[str, Counted]]:
    lines: list[tuple[str, Counted]] = []
    for step, name in NAMES.items():
        if of_step := [row for row in rows if row.key.step is step]:
            lines += _of_step(step, name, of_step)
    return lines


def _of_step(step: Step, name: str, rows: list[Row]) -> list[tuple[str, Counted]]:
    if step is Step.HAND_TO_PERSON:
        return [(f"[bold]{name}[/]", _count(step)), *_whys(step, rows, Status.OPEN, "  ")]
    lines = [(f"[bold]{name}[/], selected", _count(step)), ("  sent", _count(step, LEFT))]
    lines += [(f"    {BECAME[each]}", _count(step, {each})) for each in BECAME if _has(rows, each)]
    for status, said in NOT_SENT.items():
        if _has(rows, status):
            lines += [(f"  {said}", _count(step, {status})), *_whys(step, rows, status, "    ")]
    if step in LETTERS:
        lines.append(("  fees, EUR", lambda rows: f"{_fees(rows, step):,.2f}"))
    return lines


def _whys(step: Step, rows: list[Row], status: Status, indent: str) -> list[tuple[str, Counted]]:
    whys = Counter(_why(row) for row in rows if row.status is status and _why(row))
    return [(f"{indent}{_said(why)}", _count(step, {status}, why)) for why, _ in whys.most_common()]


def _count(step: Step, statuses: Iterable[Status] = frozenset(Status), why: str | None = None) -> Counted:
    kept = frozenset(statuses)

    def count(rows: list[Row]) -> str:
        found = [row for row in rows if row.key.step is step and row.status in kept]
        return f"{sum(why is None or _why(row) == why for row in found):,}"

    return count


def _has(rows: list[Row], status: Status) -> bool:
    return any(row.status is status for row in rows)


def _fees(rows: list[Row], step: Step) -> Decimal:
    return sum((row.fee for row in rows if row.key.step is step and row.fee and row.status in LEFT), Decimal(0))


def _why(row: Row) -> str:
    if row.status in (Status.STOOD_DOWN, Status.SET_ASIDE):
        return (row.why or "").split(",")[0]
    return row.reasons[0] if row.key.step is Step.HAND_TO_PERSON else ""


def _said(why: str) -> str:
    return WHY.get(why, why.replace("_", " "))
