"""The page that an approver reads before a run goes out."""

from decimal import Decimal

from arrears.guards import Verdict
from arrears.outcomes.tables import as_shown
from arrears.outcomes.words import day_said, said
from arrears.page import render
from arrears.work.preview.outlook import Outlook
from arrears.work.preview.texts import cents


def page(outlook: Outlook) -> str:
    """One file that asks nothing of anyone; it holds no name, number or address."""
    shown = {
        name: {
            "title": table.title,
            "columns": table.columns,
            "rows": [tuple(as_shown(cell) for cell in row) for row in table.rows],
            "names": table.names,
            "note": table.note,
        }
        for name, table in outlook.tables.items()
    }
    return render(
        "preview.html",
        f"Preview of {day_said(outlook.day)}",
        day=day_said(outlook.day),
        as_of=day_said(outlook.as_of),
        before=day_said(outlook.before) if outlook.before else None,
        outlook=outlook,
        counts={name: f"{number:,}" for name, number in outlook.counts.items()},
        debt=f"{outlook.debt.quantize(Decimal(1)):,}",
        cost=cents(outlook.cost),
        tables=shown,
        guards=sorted(((verdict, said("guard", verdict.guard)) for verdict in outlook.verdicts), key=_held_first),
        messages=[(said("step", text.step), f"{text.count:,}", text) for text in outlook.messages],
    )


def _held_first(guard: tuple[Verdict, str]) -> bool:
    return guard[0].passed
