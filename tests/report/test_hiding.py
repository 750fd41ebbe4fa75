"""A small group is not shown, and cannot be had back by subtracting what is shown."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.outcomes import hiding
from arrears.outcomes.hiding import WHOLE, Sum, hidden, in_cross, in_line

AREAS, AGES = ("east", "north", "west"), ("18-29", "30-44", "65+")
counts_of_cross = st.fixed_dictionaries({(area, age): st.integers(0, 12) for area in AREAS for age in AGES})


def with_totals(cells: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """The cells with the totals of rows, columns and all."""
    totals = dict(cells)
    for (area, age), count in cells.items():
        for whole in ((area, WHOLE), (WHOLE, age), (WHOLE, WHOLE)):
            totals[whole] = totals.get(whole, 0) + count
    return totals


def had_back(counts: Mapping[Any, int], sums: list[Sum], out: frozenset[Any], least: int) -> list[Any]:
    """The small groups that a reader finds out by subtracting within one sum."""
    found = []
    for line in sums:
        gone = [cell for cell in line.parts if cell in out and counts[cell]]
        if line.whole not in out and gone and (len(gone) == 1 or sum(counts[cell] for cell in gone) < least):
            found += gone
    return found


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (4, False), (5, True), (6, True)])
def test_a_group_of_fewer_than_five_is_hidden(count: int, shown: bool) -> None:
    assert ("east" not in hidden({"east": count, "north": 50}, (), 5)) is shown


def test_a_second_group_is_hidden_when_the_total_would_give_the_first_away() -> None:
    counts = {"east": 3, "north": 50, "west": 20, WHOLE: 73}
    assert hidden(counts, in_line(["east", "north", "west"]), 5) == {"east", "west"}


def test_two_small_groups_are_not_enough_when_together_they_are_one() -> None:
    counts = {"east": 2, "north": 50, "west": 2, WHOLE: 54}
    assert hidden(counts, in_line(["east", "north", "west"]), 5) == {"east", "west", "north"}


def test_two_small_groups_hide_each_other_when_together_they_are_large_enough() -> None:
    counts = {"east": 2, "north": 50, "west": 3, WHOLE: 55}
    assert hidden(counts, in_line(["east", "north", "west"]), 5) == {"east", "west"}


def test_a_total_goes_too_when_it_is_the_same_as_the_only_group() -> None:
    assert hidden({"east": 3, "north": 0, WHOLE: 3}, in_line(["east", "north"]), 5) == {"east", WHOLE}


def test_nothing_is_hidden_when_no_group_is_small() -> None:
    assert hidden({"east": 5, "north": 0, WHOLE: 5}, in_line(["east", "north"]), 5) == frozenset()


@given(counts_of_cross)
def test_no_small_group_of_a_table_can_be_had_back(cells: dict[tuple[str, str], int]) -> None:
    counts, sums = with_totals(cells), in_cross(AREAS, AGES)
    out = hidden(counts, sums, 5)
    assert all(cell in out for cell, count in counts.items() if 0 < count < 5)
    assert had_back(counts, sums, out, 5) == []


@given(counts_of_cross)
def test_what_is_hidden_is_hidden_for_a_reason(cells: dict[tuple[str, str], int]) -> None:
    counts = with_totals(cells)
    assert bool(hidden(counts, in_cross(AREAS, AGES), 5)) is any(0 < count < 5 for count in counts.values())


def test_hiding_the_small_groups_alone_gives_them_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiding, "_also", lambda *_: set())
    counts = {"east": 3, "north": 50, "west": 20, WHOLE: 73}
    sums = in_line(["east", "north", "west"])
    assert had_back(counts, sums, hidden(counts, sums, 5), 5) == ["east"]


def test_a_table_has_a_sum_for_each_row_each_column_and_both_totals() -> None:
    sums = in_cross(AREAS, AGES)
    assert len(sums) == len(AREAS) + len(AGES) + 2
    assert (WHOLE, WHOLE) in {line.whole for line in sums}
    assert set(chain.from_iterable(line.parts for line in sums)) >= {("east", "65+"), ("east", WHOLE), (WHOLE, "65+")}
