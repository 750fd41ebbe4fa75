"""What is shown again from memory is what would be shown anew."""

from dataclasses import replace
from datetime import timedelta

from tests.local.portfolio import Portfolio
from tests.simulator.books import Books
from tests.simulator.scenario import FULL, Scenario, Trouble
from tests.world import export_of

EVENINGS = (0, 1, 4, 5, 12, 33, 60)
TROUBLES = frozenset(Trouble)


def test_an_evenings_export_is_the_one_that_is_written_row_by_row() -> None:
    scenario = replace(Scenario.of(3, FULL), troubles=TROUBLES - {Trouble.MOVES})
    first = scenario.first - timedelta(days=1)
    books, portfolio = Books(scenario), Portfolio(FULL, scenario.seed, first)
    for later in EVENINGS:
        day = first + timedelta(days=later)
        books.live(day)
        portfolio.advance(day)
        rows = portfolio.export(day, everyone=True)
        assert books.export(day) == export_of(day, rows)
        assert books.owing(f"{day}") == [row for row in rows if row["open_items"] or row["court"]]


def test_some_flats_come_into_another_area_in_the_midst_of_the_year() -> None:
    scenario = replace(Scenario.of(3, 400), troubles=TROUBLES)
    books, still = Books(scenario), Books(replace(scenario, troubles=TROUBLES - {Trouble.MOVES}))
    other = []
    for later in (0, 360):
        day = scenario.first + timedelta(days=later)
        books.live(day)
        still.live(day)
        pairs = zip(books.owing(f"{day}"), still.owing(f"{day}"), strict=True)
        other.append(sum(one["area"] != another["area"] for one, another in pairs))
    assert other[0] == 0
    assert other[1] > 0
