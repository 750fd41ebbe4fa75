"""One month's own tables: whom it did not reach and why, which runs were held, what it cost."""

from decimal import Decimal
from typing import Any

from arrears.outcomes.figures import Counts, Figures
from arrears.outcomes.hiding import WHOLE, hidden, in_line
from arrears.outcomes.tables import Money, Row, Table, shown
from arrears.outcomes.words import said


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
