"""The month's course, from debt to court."""

from typing import Any

from arrears.ledger import Status
from arrears.model import Step
from arrears.outcomes.figures import Figures
from arrears.outcomes.hiding import WHOLE, hidden
from arrears.outcomes.messages import became
from arrears.outcomes.tables import Table, percent, shown
from arrears.outcomes.words import said

STAGES = ("owed", "chosen", "texted", "delivered", "contacted", "agreed", "paid", "answered", "letters", "court")


def stages(figures: Figures, least: int) -> dict[str, int | None]:
    """How many tenancies reached each stage of the month; None where it is not shown. Who is missing from a stage may
    be so few that it and the stage around it together would show them: then one of the two is not shown either."""
    counts = {stage: figures.of("month", stage) for stage in STAGES}
    gone = set(hidden(counts, (), least))
    out = became(figures, Step.SMS_REMINDER, least).hidden
    if WHOLE in out or 0 < counts["chosen"] - counts["texted"] < least:
        gone.add("chosen")
    if Status.DELIVERED in out or 0 < counts["texted"] - counts["delivered"] < least:
        gone.add("delivered")
    return {stage: None if stage in gone else count for stage, count in counts.items()}


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
    """How long a stage's bar is: none for a small group; one hidden for its neighbour's sake is as long as that."""
    count = figures.of("month", stage)
    if 0 < count < least:
        return 0
    return figures.of("month", "texted") if stages(figures, least)[stage] is None else count
