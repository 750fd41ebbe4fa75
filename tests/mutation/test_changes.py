"""A change is switched on where it is, for whoever already holds the function; and what came of it is told as it is."""

import gc
import sys
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutation.changes import Change
from tests.mutation.switch import Switch
from tests.mutation.told import reasons, rooms, together
from tests.mutation.trial import Verdict

HOUSE = """\
from functools import cache


@cache
def rent(months: int = 1) -> int:
    if months > 12:
        return 0
    return 800 * months


class Tenancy:
    @property
    def debt(self) -> int:
        return rent() + 5
"""
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


@pytest.fixture(name="house")
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.setattr(SourceFileLoader, "get_code", SourceFileLoader.get_code)  # back to what it was
    file = tmp_path / "arrears_of_test.py"
    file.write_text(HOUSE, "utf-8")
    spec = spec_from_file_location("arrears.of_test", file)
    assert spec
    assert spec.loader
    house = module_from_spec(spec)
    spec.loader.exec_module(house)
    yield house
    sys.modules.pop("arrears.of_test", None)


def changed(house: ModuleType, name: str, gone: str, came: str) -> Change:
    """That line of that function, changed."""
    lines = HOUSE.splitlines(keepends=True)
    first = next(at for at, line in enumerate(lines, 1) if gone in line)
    line = lines[first - 1]
    return Change(Path(f"{house.__file__}"), "arrears.of_test", name, first, (line,), (line.replace(gone, came),))


def test_a_remembered_function_is_changed_for_whoever_holds_it_already(house: ModuleType) -> None:
    rent = house.rent
    assert rent(2) == 1600
    Switch([Path(f"{house.__file__}")]).on(changed(house, "rent", "* months", "/ months"))
    assert rent(2) == 400


def test_what_the_suite_has_frozen_is_changed_too(house: ModuleType) -> None:
    gc.freeze()
    Switch([Path(f"{house.__file__}")]).on(changed(house, "rent", "* months", "/ months"))
    assert house.rent(2) == 400


def test_what_is_loaded_anew_is_changed_too(house: ModuleType) -> None:
    Switch([Path(f"{house.__file__}")]).on(changed(house, "rent", "* months", "/ months"))
    assert house.__spec__
    again = module_from_spec(house.__spec__)
    assert house.__spec__.loader
    house.__spec__.loader.exec_module(again)
    assert again.rent(2) == 400


def test_a_property_is_changed_for_whoever_holds_its_owner_already(house: ModuleType) -> None:
    tenancy = house.Tenancy()
    Switch([Path(f"{house.__file__}")]).on(changed(house, "Tenancy.debt", "+ 5", "- 5"))
    assert tenancy.debt == 795


def test_a_default_is_changed_too(house: ModuleType) -> None:
    Switch([Path(f"{house.__file__}")]).on(changed(house, "rent", "= 1)", "= 2)"))
    assert house.rent() == 1600


@pytest.mark.parametrize(
    ("gone", "lines"), [("> 12", [6]), ("return 0", [7]), ("800", [8]), ("= 1)", [5, 6, 7, 8])], ids=str
)
def test_a_change_is_reached_by_the_lines_of_its_innermost_statement(
    house: ModuleType, gone: str, lines: list[int]
) -> None:
    assert list(changed(house, "rent", gone, "").reached_by()) == lines


def test_a_change_that_nobody_noticed_is_a_hole_unless_it_changes_nothing() -> None:
    noticed, same, hole = (Change(Path("a.py"), "arrears.rules", name, 1, ("a",), ("b",)) for name in "abc")
    verdicts = {noticed: Verdict.NOTICED, same: Verdict.UNNOTICED, hole: Verdict.UNNOTICED}
    (room,) = rooms({"rules": 10}, verdicts, {same.key})
    assert (room.name, room.changes, room.tried, room.noticed, room.same, room.unnoticed) == ("rules", 10, 3, 1, 1, 1)
    assert (room.percent, together("all", [room, room]).tried) == (50, 6)


def test_the_front_doors_are_one_room() -> None:
    door = Change(Path("app.py"), "functions.follow_up.app", "handler", 1, ("a",), ("b",))
    assert [room.name for room in rooms({"functions": 1}, {door: Verdict.NOTICED}, ())] == ["functions"]


def test_whatever_is_told_to_change_nothing_has_a_reason() -> None:
    assert all(len(reason.split()) > 4 for reason in reasons(EQUIVALENT).values())
