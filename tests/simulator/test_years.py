"""Years in which every promise is kept: two hundred small ones here and a whole one, more of both with `make prove`.
A seed that fails says how to see it again."""

from datetime import UTC, datetime

import pytest

from tests.simulator.agenda import Agenda
from tests.simulator.checker import check
from tests.simulator.doors import PLANS, Doors
from tests.simulator.scenario import FULL, Scenario, Trouble
from tests.simulator.year import live

YEARS, AT_A_TIME, WHOLE = 200, 5, 6


@pytest.mark.parametrize("first", range(0, YEARS, AT_A_TIME))
def test_every_promise_is_kept_for_a_year(first: int) -> None:
    for seed in range(first, first + AT_A_TIME):
        harms = check(live(Scenario.of(seed)).history)
        assert not harms, f"{harms[0]}\nagain: python -m tests.simulator --seed {seed} --shrink"


def test_every_promise_is_kept_for_a_year_of_two_thousand_tenancies() -> None:
    lived = live(Scenario.of(WHOLE, FULL))
    harms = check(lived.history)
    assert not harms, f"{harms[0]}\nagain: python -m tests.simulator --seed {WHOLE} --full --shrink"
    assert sum(event["what"] in ("accepted", "printed") for event in lived.history) > 1000
    assert len(lived.faults) > 1000


def test_a_seed_always_lives_the_same_year() -> None:
    first, second = (live(Scenario.of(5, months=4)) for _ in range(2))
    assert first.history == second.history
    assert first.faults == second.faults
    assert first.faults


def test_the_years_have_every_trouble_often() -> None:
    scenarios = [Scenario.of(seed) for seed in range(YEARS)]
    assert all(sum(trouble in scenario for scenario in scenarios) > YEARS / 3 for trouble in Trouble)


def test_a_question_that_nobody_has_planned_faults_for_is_refused() -> None:
    agenda = Agenda(datetime(2025, 7, 1, tzinfo=UTC))
    doors = Doors("an errand", {}, Scenario.of(1), agenda, [])
    assert "ledger.burn" not in PLANS
    with pytest.raises(KeyError):
        doors._fault("ledger.burn")
