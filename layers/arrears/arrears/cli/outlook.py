"""A preview as text: the headline, the guards, the tables, the texts and the cases."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from arrears.outcomes.tables import Table, as_shown
from arrears.outcomes.words import day_said, said
from arrears.work.preview import Outlook, Told, cents

WIDTH = 110


def show(seen: Outlook) -> None:
    """Prints it."""
    out = Console(width=WIDTH, highlight=False, markup=False, soft_wrap=False)
    out.print(_head(seen))
    out.print()
    for verdict in seen.verdicts:
        mark = Text("passes", "dim") if verdict.passed else Text("HOLDS ", "bold red")
        out.print(Text.assemble("  ", mark, f"  {said('guard', verdict.guard):<11}", verdict.sentence))
    for table in seen.tables.values():
        out.print()
        out.print(_grid(table))
    for text in seen.messages:
        out.print()
        out.print(Text(f"{said('step', text.step)}, {text.count:,} messages:", "bold"))
        out.print(Padding(text.words, (0, 4)))
    _show_cases(out, "Drawn by lot", seen.drawn)
    _show_cases(out, "Those who owe most, then those who owe least", seen.extremes)


def _head(seen: Outlook) -> Text:
    counts, held = seen.counts, len(seen.held)
    judged = f"{day_said(seen.day)}, from the export of {day_said(seen.as_of)}, policy {seen.policy}"
    due = f"{counts['texts']:,} texts, {counts['letters']:,} letters, {counts['notices']:,} court notices"
    people = f"{counts['people']:,} case{'' if counts['people'] == 1 else 's'} for a person"
    return Text(
        f"{judged}\n{counts['tenancies']:,} tenancies, {counts['debtors']:,} owe EUR {seen.debt:,} in all\n"
        f"{due}, {people}; EUR {cents(seen.cost)} for {counts['segments']:,} segments\n"
        f"{f'{held} guards would hold the run' if held else 'every guard would let the run go out'}",
        "bold",
    )


def _grid(table: Table) -> Grid:
    grid = Grid(title=table.title, caption=table.note or None, box=None, title_justify="left", caption_justify="left")
    for place, column in enumerate(table.columns):
        grid.add_column(column, justify="left" if place < table.names else "right")
    for row in table.rows:
        grid.add_row(*(as_shown(cell) for cell in row))
    return grid


def _show_cases(out: Console, title: str, cases: tuple[Told, ...]) -> None:
    if cases:
        out.print()
        out.print(Text(title, "bold"))
    for case in cases:
        out.print(Padding(f"{case.tenancy_id}: {case.what}. {case.step}.", (0, 2)))
