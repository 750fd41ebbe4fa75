"""The tables of a preview: by step, reason, area, age group and text."""

from decimal import Decimal

from arrears.model import Reason, Step
from arrears.outcomes.tables import Table
from arrears.outcomes.words import day_said, place, said
from arrears.work.preview.counting import Counted
from arrears.work.preview.texts import Message, cents

STEPS = [step for step in Step if step is not Step.NONE]
SHORT = {
    Step.COURT_NOTICE: "Court notices",
    Step.COURT_WARNING_LETTER: "Last letters",
    Step.AGREEMENT_BROKEN_LETTER: "Broken agreements",
    Step.COLLECTION_LETTER: "Collection letters",
    Step.SMS_REMINDER: "Texts",
    Step.HAND_TO_PERSON: "For a person",
}


def all_tables(now: Counted, before: Counted | None, texts: list[Message], price: Decimal) -> list[Table]:
    """Every table, in the order in which they are read; some may have no rows."""
    return [_steps(now, before), _why(now), _why_not(now), *_groups(now), _texts(texts, price)]


def _steps(now: Counted, before: Counted | None) -> Table:
    if before is None:
        rows = tuple((said("step", step), now.steps[step]) for step in STEPS if now.steps[step])
        return Table("steps", "What would be due", ("Step", "Tenancies"), rows)
    found = [step for step in STEPS if now.steps[step] or before.steps[step]]
    return Table(
        "steps",
        f"What would be due, and what was on {day_said(before.day)}",
        ("Step", "Then", "Now", "New", "No longer"),
        tuple((said("step", step), before.steps[step], now.steps[step], *_moved(now, before, step)) for step in found),
        note="New and no longer: tenancies to which this step is due now but was not then, and the other way round.",
    )


def _moved(now: Counted, before: Counted, step: Step) -> tuple[int, int]:
    here, there = ({one for one, due in counted.due.items() if due is step} for counted in (now, before))
    return len(here - there), len(there - here)


def _why(now: Counted) -> Table:
    found = {(step, reason): number for (step, reason), number in now.reasons.items() if step is not Step.NONE}
    order = sorted(found, key=lambda each: (STEPS.index(each[0]), -found[each], list(Reason).index(each[1])))
    rows = tuple((said("step", step), said("reason", reason), found[step, reason]) for step, reason in order)
    note = "One tenancy may have several reasons."
    return Table("why", "Why they are written to", ("Step", "Reason", "Tenancies"), rows, names=2, note=note)


def _why_not(now: Counted) -> Table:
    found = {reason: number for (step, reason), number in now.reasons.items() if step is Step.NONE}
    rows = tuple((said("reason", reason), found[reason]) for reason in sorted(found, key=lambda each: -found[each]))
    note = "Everything that stands in the way is told, so one tenancy may be in several rows."
    title = "Why other tenancies in debt are not written to"
    return Table("why_not", title, ("Reason", "Tenancies"), rows, note=note)


def _groups(now: Counted) -> list[Table]:
    columns = [step for step in STEPS if now.steps[step]]
    heads = ("In debt", *(SHORT[step] for step in columns))
    wanted = (("areas", "By area", "Area", now.areas), ("ages", "By age group", "Age", now.ages))
    return [
        Table(
            name,
            title,
            (first, *heads),
            tuple(
                (place(group), *(counts[group, step] for step in (None, *columns)))
                for group in sorted({group for group, _ in counts})
            ),
        )
        for name, title, first, counts in wanted
    ]


def _texts(texts: list[Message], price: Decimal) -> Table:
    rows = tuple(
        (
            said("step", text.step),
            text.words.split("\n")[0][:40] + "…",
            text.count,
            text.segments,
            cents(text.cost(price)),
        )
        for text in texts
    )
    columns = ("Message", "It begins", "Messages", "Segments each", "EUR")
    note = f"At EUR {price} a segment. A court notice that goes by e-mail costs less than is told here."
    return Table("texts", "What the texts cost", columns, rows, names=2, note=note)
