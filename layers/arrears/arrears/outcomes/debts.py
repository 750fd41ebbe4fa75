"""Where the debt is: by area and age group, month by month, and who came into debt and left it."""

from collections.abc import Iterable, Sequence
from typing import Any

from arrears.outcomes.figures import AGES, UNKNOWN, Counts, Figures
from arrears.outcomes.hiding import WHOLE, hidden, in_cross, in_line
from arrears.outcomes.tables import Cell, Money, Row, Table
from arrears.outcomes.words import place

Groups = dict[tuple[str, str], int]


def crossed(figures: Figures, what: str) -> Groups:
    """One month's counts by (area, age group), with the totals of each and of all."""
    cells: Groups = {(WHOLE, WHOLE): 0}
    for (area, age), count in figures.under(what):
        for cell in ((area, age), (area, WHOLE), (WHOLE, age), (WHOLE, WHOLE)):
            cells[cell] = cells.get(cell, 0) + count
    return cells


def unseen(figures: Figures, least: int) -> frozenset[tuple[str, str]]:
    """The cells of a month whose debtors are too few to be shown, and those that would give them away."""
    cells = crossed(figures, "debtors")
    areas, ages = {area for area, _ in cells} - {WHOLE}, {age for _, age in cells} - {WHOLE}
    return hidden(cells, in_cross(sorted(areas), sorted(ages)), least)


def groups_of(months: Iterable[Figures]) -> list[tuple[str, str]]:
    """Every (area, age group) that the tables have: everyone first, then each area with its ages."""
    found = {cell for figures in months for cell in crossed(figures, "debtors")}
    areas = sorted({area for area, _ in found} - {WHOLE})
    ages = [age for age in (*AGES, UNKNOWN) if any(age == told for _, told in found)]
    return [(area, age) for area in (WHOLE, *areas) for age in (WHOLE, *ages)]


def debts_table(months: Sequence[Figures], what: str, least: int) -> Table:
    """`debtors` or `debt` (euros) by area and age group, a column for each month."""
    columns = [(crossed(figures, what), unseen(figures, least)) for figures in months]

    def cell(group: tuple[str, str], cells: Groups, out: frozenset[tuple[str, str]]) -> Cell:
        count = cells.get(group, 0)
        return None if group in out else Money(count) if what == "debt" else count

    return Table(
        name=what,
        title="Debt in euros" if what == "debt" else "Tenancies in debt",
        columns=("area", "age of the first main tenant", *(figures.month.name for figures in months)),
        rows=tuple(
            (place(area), place(age), *(cell((area, age), *column) for column in columns))
            for area, age in groups_of(months)
        ),
        names=2,
        note="On the last day of each month that its runs looked at.",
    )


def debts_chart(months: Sequence[Figures], what: str, least: int) -> dict[str, Any]:
    """Small pictures of one scale: a row for each area, a column for each age group."""
    groups = [(area, age) for area, age in groups_of(months) if WHOLE not in (area, age)]
    rows = []
    for figures in months:
        cells, out = crossed(figures, what), unseen(figures, least)
        for area, age in groups:
            value = None if (area, age) in out else cells.get((area, age), 0)
            rows.append(
                {"month": figures.month.name, "row": place(area), "column": place(age)} | _drawn(value, what == "debt")
            )
    return {
        "id": what,
        "kind": "multiples",
        "rows": rows,
        "months": [figures.month.name for figures in months],
        "down": list(dict.fromkeys(place(area) for area, _ in groups)),
        "across": list(dict.fromkeys(place(age) for _, age in groups)),
    }


def course_chart(months: Sequence[Figures], what: str, least: int) -> dict[str, Any]:
    """Everyone's debt, or everyone in debt, month by month."""
    all_of_it = (WHOLE, WHOLE)
    values = [None if all_of_it in unseen(f, least) else crossed(f, what)[all_of_it] for f in months]
    rows = [{"month": f.month.name} | _drawn(value, what == "debt") for f, value in zip(months, values, strict=True)]
    return {"id": f"{what}-course", "kind": "course", "rows": rows}


def movement(figures: Figures, by: int, least: int) -> tuple[Counts, Counts, frozenset[str]]:
    """Who came and who left by area (0) or age group (1), with everyone, and the groups that are not shown of both."""
    came, left = Counts({WHOLE: 0}), Counts({WHOLE: 0})
    for what, counts in (("newcomers", came), ("leavers", left)):
        for group, count in figures.under(what):
            counts[group[by]] += count
            counts[WHOLE] += count
    names = sorted({*came, *left} - {WHOLE})
    return came, left, hidden(came, in_line(names), least) | hidden(left, in_line(names), least)


def movement_table(months: Sequence[Figures], least: int) -> Table:
    """How many came into debt and left it, month by month."""
    return Table(
        name="movement",
        title="Came into debt, left it",
        columns=("month", "came into debt", "left it"),
        rows=tuple((row["month"], row["came"], row["left"]) for row in _moves(months, least)),
        note="Between the last ledger days of one month and the next. A month that could not be compared is left out.",
    )


def movement_chart(months: Sequence[Figures], least: int) -> dict[str, Any]:
    """The same as a picture."""
    return {"id": "movement", "kind": "flow", "rows": _moves(months, least)}


def movement_groups_table(figures: Figures, least: int) -> Table:
    """Who came into debt and left it this month, by area and by age group."""
    rows: list[Row] = []
    for by, said in ((0, "area"), (1, "age")):
        came, left, out = movement(figures, by, least)
        rows += [
            (said, place(group), *((None, None) if group in out else (came[group], left[group])))
            for group in sorted({*came, *left} - {WHOLE})
        ]
    return Table(
        name="movement_groups",
        title=f"Came into debt, left it: {figures.month.name} by area and age",
        columns=("by", "group", "came into debt", "left it"),
        rows=tuple(rows),
        names=2,
    )


def _moves(months: Iterable[Figures], least: int) -> list[dict[str, Any]]:
    moves = []
    for figures in months:
        if figures.month.since is not None:
            came, left, out = movement(figures, 0, least)
            both = (None, None) if WHOLE in out else (came[WHOLE], left[WHOLE])
            moves.append({"month": figures.month.name, "came": both[0], "left": both[1]})
    return moves


def _drawn(value: int | None, euros: bool) -> dict[str, Any]:
    if value is None:
        return {"value": None, "shown": "hidden"}
    return {"value": value / 100 if euros else value, "shown": in_short(value) if euros else f"{value:,}"}


def in_short(cents: int) -> str:
    """Euros as a picture has room for: 940, 12k, 1.2M."""
    euros = cents / 100
    if euros >= 999_500:
        return f"{euros / 1e6:.1f}M"
    return f"{euros / 1000:.0f}k" if euros >= 9_950 else f"{euros / 1000:.1f}k" if euros >= 1000 else f"{euros:.0f}"
