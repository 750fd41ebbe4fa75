"""What followed a message: contact, agreement and payment, by age group and area, over the months that were kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from arrears.model import Step
from arrears.outcomes.counting import ANSWERS
from arrears.outcomes.figures import AGES, UNKNOWN, Counts, Figures
from arrears.outcomes.hiding import WHOLE, hidden, in_line
from arrears.outcomes.rates import Difference, Rate
from arrears.outcomes.tables import Cell, Row, Table
from arrears.outcomes.words import place, said
from arrears.policy.terms import ReportTerms

COLUMNS = ("group", "within days", "messages", *(said("answer", answer) for answer in ANSWERS))
STEPS = (
    Step.SMS_REMINDER,
    Step.COLLECTION_LETTER,
    Step.AGREEMENT_BROKEN_LETTER,
    Step.COURT_WARNING_LETTER,
    Step.COURT_NOTICE,
)
Groups = dict[tuple[str, str], Counts]  # (group, days) -> "of" and each answer


def answered(months: Iterable[Figures], step: Step) -> Groups:
    """Messages of that kind and what followed, for everyone, each age group and each area."""
    groups: Groups = defaultdict(Counts)
    for figures in months:
        for (area, age, days, what), count in figures.under("answers", step):
            for group in (WHOLE, age, area) if area != UNKNOWN else (WHOLE, age):
                groups[group, days][what] += count
    return groups


def kinds(months: Sequence[Figures], terms: ReportTerms) -> list[Step]:
    """The kinds of message that reached enough people to be shown: of a few, even the list of their groups tells."""
    return [step for step in STEPS if _most(answered(months, step)) >= terms.smallest_group]


def order(groups: Groups) -> list[str]:
    """The groups as they are told: everyone, the ages, the areas."""
    found = {group for group, _ in groups}
    first = [group for group in (WHOLE, *AGES) if group in found]
    return first + sorted(found - set(first))


def unseen(groups: Groups, days: str, least: int) -> frozenset[str]:
    """The groups that are too small to be shown, and those that would give them away."""
    counts = {group: found["of"] for (group, told), found in groups.items() if told == days}
    ages = {group: count for group, count in counts.items() if group in (*AGES, UNKNOWN, WHOLE)}
    areas = {group: count for group, count in counts.items() if group not in (*AGES, UNKNOWN)}
    return hidden(ages, in_line([*AGES, UNKNOWN]), least) | hidden(areas, in_line(areas.keys() - {WHOLE}), least)


def answers_table(months: Sequence[Figures], step: Step, terms: ReportTerms) -> Table:
    """Messages of one kind and the rates at which they were answered."""
    groups = answered(months, step)
    return Table(
        name=f"answers_{step}",
        title=said("step", step),
        columns=COLUMNS,
        rows=tuple(_rows(groups, terms)),
        names=2,
        note=f"{span(months)}. In brackets: where the true rate may lie, 95 times out of 100.",
    )


def answers_chart(months: Sequence[Figures], step: Step, terms: ReportTerms) -> dict[str, Any]:
    """The same as a picture: contact for the court notice, with the landlord's own finding; any answer for the rest."""
    groups, what = answered(months, step), "contacted" if step is Step.COURT_NOTICE else "answered"
    mark = {"share": float(terms.court_contact), "text": f"{terms.court_contact:.0%}".replace("%", " %")}
    rows = [
        {"group": place(group), "panel": _panel(days), "main": group == WHOLE}
        | _drawn(groups, group, days, what, terms)
        for days in _days(terms)
        for group in order(groups)
    ]
    seen = {row["group"] for row in rows if row["share"] is not None}  # the table has the others
    return {
        "id": f"answers-{step}",
        "kind": "rates",
        "panels": [_panel(days) for days in _days(terms)],
        "groups": [place(group) for group in order(groups) if place(group) in seen],
        "rows": [row for row in rows if row["group"] in seen],
        "mark": mark if step is Step.COURT_NOTICE else None,
    }


def whole(months: Iterable[Figures], step: Step, days: int, what: str) -> Rate:
    """The rate of everyone who got that kind of message."""
    found = answered(months, step)[WHOLE, f"{days}"]
    return Rate(found[what], found["of"])


def comparison_table(months: Sequence[Figures], terms: ReportTerms) -> Table:
    """Those chosen for a text, by lot: with and without one, in the months that had a group without."""
    rows = []
    for days in _days(terms):
        lots = _lots(months, days)
        texted, held_out = lots["texted"], lots["held_out"]
        if min(texted["of"], held_out["of"]) >= terms.smallest_group:
            rows += [_compared(days, what, texted, held_out) for what in ANSWERS]
    return Table(
        name="comparison",
        title="With a text and without, chosen by lot",
        columns=("within days", "answer", "due a text and not kept out", "comparison group", "difference in points"),
        rows=tuple(rows),
        names=2,
        note="Everyone who was due a text counts in the group the lot put them in, whatever became of the text.",
    )


def span(months: Sequence[Figures]) -> str:
    """Which months are looked at."""
    first, last = months[0].month.name, months[-1].month.name
    return first if first == last else f"{first} to {last}"


def _rows(groups: Groups, terms: ReportTerms) -> Iterator[Row]:
    for group in order(groups):
        for days in _days(terms):
            found = groups.get((group, days), Counts())
            out = group in unseen(groups, days, terms.smallest_group)
            rates: list[Cell] = [None if out else Rate(found[what], found["of"]) for what in ANSWERS]
            yield (place(group), days, None if out else found["of"], *rates)


def _drawn(groups: Groups, group: str, days: str, what: str, terms: ReportTerms) -> dict[str, Any]:
    found = groups.get((group, days), Counts())
    if group in unseen(groups, days, terms.smallest_group) or not found["of"]:
        return {"share": None, "state": "hidden" if found["of"] else "nobody yet"}
    rate = Rate(found[what], found["of"])
    return {"share": round(rate.share, 4), "low": round(rate.low, 4), "high": round(rate.high, 4)}


def _lots(months: Iterable[Figures], days: str) -> dict[str, Counts]:
    by_period: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    for figures in months:
        for (period, lot, told, what), count in figures.under("lot"):
            if told == days:
                by_period[period][lot][what] += count
    lots: dict[str, Counts] = {"texted": Counts(), "held_out": Counts()}
    for found in by_period.values():
        for lot in lots if found["held_out"]["of"] else ():
            lots[lot].update(found[lot])
    return lots


def _compared(days: str, what: str, texted: Counts, held_out: Counts) -> Row:
    one, other = Rate(texted[what], texted["of"]), Rate(held_out[what], held_out["of"])
    return days, said("answer", what), one, other, Difference(one, other)


def _most(groups: Groups) -> int:
    return max((found["of"] for (group, _), found in groups.items() if group == WHOLE), default=0)


def _days(terms: ReportTerms) -> list[str]:
    return [f"{days}" for days in terms.answer_days]


def _panel(days: str) -> str:
    return f"within {days} days"
