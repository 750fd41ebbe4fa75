"""A planted bug is found by some seed, comes about again with the same seed, and is told by a much smaller year."""

from typing import Any

import pytest

from arrears.ledger import Row
from arrears.ports import Accepted, NotAccepted
from arrears.work.notify import Notify
from tests.simulator.checker import check
from tests.simulator.scenario import Scenario
from tests.simulator.shrink import fewer, shrunk
from tests.simulator.year import Lived, live


@pytest.fixture(name="blind")
def _blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that takes a broken line for a refusal, and tries again."""
    real = Notify._hand_over

    def hand_over(self: Notify, row: Row, one: Any) -> Accepted:
        try:
            return real(self, row, one)
        except Exception as error:
            raise NotAccepted("broken line") from error

    monkeypatch.setattr(Notify, "_hand_over", hand_over)


@pytest.fixture(name="careless")
def _careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Senders that do not look how old the books are."""
    monkeypatch.setattr("arrears.work.notify.on_old_books", lambda seen, policy, now: False)
    monkeypatch.setattr("arrears.work.print_.on_old_books", lambda seen, policy, now: False)


def found(promise: str, seeds: range) -> tuple[Lived, list[str]]:
    """The first year in which that promise was broken."""
    for seed in seeds:
        lived = live(Scenario.of(seed, 24, months=6))
        if harms := [harm for harm in check(lived.history) if harm.split()[0] == promise]:
            return lived, harms
    raise AssertionError("no seed has found it")


def is_found_replayed_and_told_by_a_smaller_year(promise: str, seeds: range) -> None:
    lived, harms = found(promise, seeds)
    assert harms[0] in check(live(lived.scenario).history)
    small, left = shrunk(lived, harms)
    assert promise in {harm.split()[0] for harm in left}
    assert len(small.flats or ()) <= 3 < lived.scenario.tenancies
    assert len(small.faults or ()) <= 3 < len(lived.faults)
    assert len(small.troubles) <= 4 < len(lived.scenario.troubles)
    assert small.months < lived.scenario.months
    assert check(live(small).history) == left


def test_a_sender_that_tries_again_after_a_broken_line_is_found_replayed_and_shrunk(blind: None) -> None:
    is_found_replayed_and_told_by_a_smaller_year("I1", range(26, 30))


def test_senders_that_do_not_look_how_old_the_books_are_are_found_replayed_and_shrunk(careless: None) -> None:
    is_found_replayed_and_told_by_a_smaller_year("I4", range(1, 4))


@pytest.mark.parametrize("guilty", [{3}, {0, 7}, {1, 2, 9}])
def test_only_what_is_needed_is_kept(guilty: set[int]) -> None:
    assert set(fewer(range(10), lambda some: guilty <= set(some))) == guilty
