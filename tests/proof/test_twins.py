"""The table of the evil twins is true: whoever is named sees the twin, and nothing where the protection stands."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.proof.twins import ELSEWHERE, TWINS, Twin, instead, seen, table

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.without.replace(" ", "-"))
def test_without_its_protection_a_twin_is_seen_by_the_one_who_is_named(twin: Twin) -> None:
    assert seen(twin) is None


@pytest.mark.parametrize("place", ELSEWHERE)
def test_the_twins_of_other_rooms_are_where_the_table_says(place: str) -> None:
    file, name = place.split("::")
    assert (ROOT / file).exists()
    assert callable(getattr(import_module(file.removesuffix(".py").replace("/", ".")), name))
    assert ELSEWHERE[place]()


def test_there_are_thirty_twins_and_the_exploration_alone_sees_ten() -> None:
    assert len(TWINS) >= 30
    assert len([twin for twin in TWINS if twin.trial]) >= 10
    assert len({twin.without for twin in TWINS}) == len(TWINS)


def test_a_twin_that_nobody_sees_is_told() -> None:
    blind = Twin("nothing at all", instead(Path, "home", Path.home), caught_by=lambda: None)
    assert "does not see a world without nothing at all" in str(seen(blind))


def test_the_table_is_the_one_that_people_read() -> None:
    kept = (ROOT / "tests/proof/twins.md").read_text("utf-8")
    assert kept == table(), "write it again: python -m tests.proof.twins > tests/proof/twins.md"
