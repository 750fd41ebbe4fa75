"""What became of each message, and what of it waits for people."""

from typing import NamedTuple

from arrears.ledger import Status
from arrears.model import Step
from arrears.outcomes.counting import LEFT
from arrears.outcomes.figures import Counts, Figures
from arrears.outcomes.hiding import WHOLE, Sum, hidden
from arrears.outcomes.tables import Row, Table
from arrears.outcomes.words import said

_NUMBERS = {"no_mobile": Status.IMPOSSIBLE, "refused": Status.REJECTED, "dead": Status.UNDELIVERED}
_STATUSES = (Status.DELIVERED, Status.NO_RECEIPT, Status.SENT, Status.UNDELIVERED)


def messages_table(figures: Figures, least: int) -> Table:
    """What became of every message and letter of the month."""
    rows: list[Row] = []
    for step in Step:
        counts, out = became(figures, step, least)
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


class Became(NamedTuple):
    """A kind's messages by status, with those that left and the total, and what of it is not shown."""

    counts: Counts
    hidden: frozenset[str]


def became(figures: Figures, step: Step, least: int) -> Became:
    """Whoever left is counted elsewhere too, so a small status among them takes another with it; a small one among the
    rest takes the total."""
    counts = Counts({status: count for (status,), count in figures.under("messages", step)})
    rest = counts.keys() - LEFT
    counts["left"] = sum(counts[status] for status in LEFT)
    out = hidden(counts, [Sum(tuple(LEFT), "left")], least)
    few = [counts[status] for status in {*rest, "left"} & out]
    counts[WHOLE] = sum(counts[status] for status in {*rest, "left"})
    alone = bool(few) and (len(few) == 1 or sum(few) < least)
    return Became(counts, out | {WHOLE} if alone or 0 < counts[WHOLE] < least else out)


def waiting_table(figures: Figures, least: int) -> Table:
    """What waits for people: numbers to mend, and messages of which nobody knows whether they left."""
    out = became(figures, Step.SMS_REMINDER, least).hidden
    rows: list[Row] = []
    for (code,), count in sorted(figures.under("numbers")):
        few = 0 < count < least or _NUMBERS[code] in out
        rows.append(("number to mend", said("number", code), None if few else count))
    for (step,), count in sorted(figures.under("unknown")):
        few = 0 < count < least or Status.UNKNOWN in became(figures, Step(step), least).hidden
        rows.append(("nobody knows whether it left", said("step", step), None if few else count))
    return Table(
        name="waiting",
        title="Numbers to mend and messages in doubt",
        columns=("what", "which", "tenancies"),
        rows=tuple(rows),
        names=2,
    )
