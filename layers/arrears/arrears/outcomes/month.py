"""One month's own tables: its course from debt to court, whom it did not reach, what waits for people, what it cost."""

from decimal import Decimal
from typing import Any

from arrears.ledger import Status
from arrears.model import Step
from arrears.outcomes.figures import Counts, Figures
from arrears.outcomes.hiding import WHOLE, hidden, in_line
from arrears.outcomes.tables import Money, Row, Table, percent
from arrears.outcomes.words import said

STAGES = ("owed", "chosen", "texted", "delivered", "contacted", "agreed", "paid", "answered", "letters", "court")
# A stage within a stage: who is missing from it may be so few that the two numbers together would show them.
_WITHIN = {"texted": "chosen", "delivered": "texted"}
_NUMBERS = {"no_mobile": Status.IMPOSSIBLE, "refused": Status.REJECTED, "dead": Status.UNDELIVERED}
_STATUSES = (Status.DELIVERED, Status.NO_RECEIPT, Status.SENT, Status.UNDELIVERED)


def stages(figures: Figures, least: int) -> dict[str, int | None]:
    """How many tenancies reached each stage of the month; None where it is not shown."""
    counts = {stage: figures.of("month", stage) for stage in STAGES}
    few = {stage for stage, count in counts.items() if 0 < count < least}
    few |= {stage for stage, of in _WITHIN.items() if 0 < counts[of] - counts[stage] < least}
    if Status.DELIVERED in _became(figures, Step.SMS_REMINDER, least)[1]:
        few.add("delivered")
    return {stage: None if stage in few else count for stage, count in counts.items()}


def stages_table(figures: Figures, least: int) -> Table:
    """The month from debt to court."""
    return Table(
        name="month",
        title="The month from debt to court",
        columns=("stage", "tenancies"),
        rows=tuple((said("stage", stage), count) for stage, count in stages(figures, least).items()),
        note="Letters and court cases of the month follow texts of this month and of earlier ones.",
    )


def stages_chart(figures: Figures, least: int) -> dict[str, Any]:
    """The same as a picture: one bar under each number."""
    counts = stages(figures, least)
    rows = [
        {"label": said("stage", stage), "value": _drawn(figures, stage, least), "shown": shown(count)}
        | ({"main": True, "note": _of_texted(counts)} if stage == "answered" else {})
        for stage, count in counts.items()
    ]
    return {"id": "month", "kind": "bars", "rows": rows}


def _of_texted(counts: dict[str, int | None]) -> str:
    answered, texted = counts["answered"], counts["texted"]
    return "" if answered is None or not texted else f"{percent(answered / texted)} of them"


def _drawn(figures: Figures, stage: str, least: int) -> int:
    """A hidden stage is drawn as none, or, when nearly everyone is in it, as the stage around it."""
    count, around = figures.of("month", stage), _WITHIN.get(stage)
    if 0 < count < least:
        return 0
    return figures.of("month", around) if around and stages(figures, least)[stage] is None else count


def shown(count: int | None) -> str:
    """A count in a sentence or picture."""
    return "hidden" if count is None else f"{count:,}"


def not_written_table(figures: Figures, least: int) -> Table:
    """Why tenancies that owed rent got no text: what stood first in the way, and everything that did."""
    first = Counts({code: count for (code,), count in figures.under("not_written", "first")})
    anywhere = Counts({code: count for (code,), count in figures.under("not_written", "any")})
    first[WHOLE] = first.total()
    out = hidden(first, in_line(first.keys() - {WHOLE}), least) | hidden(anywhere, (), least)
    codes = sorted((first | anywhere).keys() - {WHOLE}, key=lambda code: (-first[code], -anywhere[code], code))
    return Table(
        name="not_written",
        title="Why tenancies that owed rent were not written to",
        columns=("what stood in the way", "it came first", "it stood in the way at all"),
        rows=(
            *(
                (said("reason", code), *((None, None) if code in out else (first[code], anywhere[code])))
                for code in codes
            ),
            ("together", None if WHOLE in out else first[WHOLE], None if WHOLE in out else first[WHOLE]),
        ),
        note="When the month was planned. Several things may stand in the way of one text.",
    )


def not_written_chart(table: Table) -> dict[str, Any]:
    """What came first, as a picture."""
    rows = [
        {"label": f"{name}", "value": first if isinstance(first, int) else 0, "shown": shown_cell(first)}
        for name, first, _ in table.rows[:-1]
        if first != 0
    ]
    return {"id": "not-written", "kind": "bars", "rows": rows}


def shown_cell(cell: object) -> str:
    """A count of a table in a picture."""
    return shown(cell if isinstance(cell, int) else None)


def messages_table(figures: Figures, least: int) -> Table:
    """What became of every message and letter of the month."""
    rows: list[Row] = []
    for step in Step:
        counts, out = _became(figures, step, least)
        known = [status for status in dict.fromkeys((*_STATUSES, *Status)) if counts[status]]
        rows += [
            (said("step", step), said("status", status), None if status in out else counts[status]) for status in known
        ]
        if known:
            rows.append((said("step", step), "together", None if WHOLE in out else counts[WHOLE]))
    return Table(
        name="messages",
        title="What became of each message",
        columns=("kind", "what became of it", "tenancies"),
        rows=tuple(rows),
        names=2,
    )


def _became(figures: Figures, step: Step, least: int) -> tuple[Counts, frozenset[str]]:
    """A kind's messages by status with their total, and the statuses that are not shown."""
    counts = Counts({status: count for (status,), count in figures.under("messages", step)})
    counts[WHOLE] = counts.total()
    return counts, hidden(counts, in_line(counts.keys() - {WHOLE}), least)


def waiting_table(figures: Figures, least: int) -> Table:
    """What waits for people: numbers to mend, and messages of which nobody knows whether they left."""
    _, out = _became(figures, Step.SMS_REMINDER, least)
    rows: list[Row] = []
    for (code,), count in sorted(figures.under("numbers")):
        few = 0 < count < least or _NUMBERS[code] in out
        rows.append(("number to mend", said("number", code), None if few else count))
    for (step,), count in sorted(figures.under("unknown")):
        few = 0 < count < least or Status.UNKNOWN in _became(figures, Step(step), least)[1]
        rows.append(("nobody knows whether it left", said("step", step), None if few else count))
    return Table(
        name="waiting",
        title="Numbers to mend and messages in doubt",
        columns=("what", "which", "tenancies"),
        rows=tuple(rows),
        names=2,
    )


def held_table(figures: Figures) -> Table:
    """The month's runs that had to wait or were stopped."""
    return Table(
        name="held",
        title="Runs that were held",
        columns=("run", "now", "why"),
        rows=tuple(
            (held.run, said("run", held.status), "; ".join(said("held", why) for why in held.why))
            for held in figures.held
        ),
        names=3,
    )


def cost_table(figures: Figures, price: Decimal, least: int) -> Table:
    """What was sent and what it cost: texts by their segments, and the fees that letters asked for."""
    sent = dict(figures.under("sent"))
    out = hidden(sent, (), least)
    rows: list[Row] = []
    for step, channel in sorted(sent):
        segments = figures.of("segments", step) if channel == "sms" else 0
        fees = figures.of("fees", step)
        known = (sent[step, channel], segments, cost(segments, price), Money(fees))
        rows.append((said("step", step), said("channel", channel), *((None,) * 4 if (step, channel) in out else known)))
    return Table(
        name="cost",
        title="What was sent, and what it cost",
        columns=("kind", "how", "sent", "segments", "price of texts, EUR", "fees asked for, EUR"),
        rows=tuple(rows),
        names=2,
        note=f"A segment costs EUR {price} by the policy. Print and postage are not in the ledger.",
    )


def cost(segments: int, price: Decimal) -> Money:
    """What so many segments cost."""
    return Money(int((segments * price * 100).to_integral_value()))
