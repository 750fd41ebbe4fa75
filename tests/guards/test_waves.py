"""A run is let out in waves, and stops by itself when the provider's answers go wrong."""

import pytest

from arrears.guards import Tally, breaker, next_wave
from tests.makers import POLICY, a_policy


@pytest.mark.parametrize(
    ("total", "waves"),
    [
        (0, []),
        (1, [1]),
        (9, [9]),
        (10, [10]),
        (11, [10, 1]),
        (100, [10, 90]),
        (101, [10, 1, 90]),
        (1000, [10, 90, 900]),
        (1001, [10, 91, 900]),
        (50_000, [10, 4990, 45_000]),
    ],
)
def test_the_first_ten_go_out_then_up_to_a_tenth_then_all(total: int, waves: list[int]) -> None:
    released, seen = 0, []
    while wave := next_wave(total, released, POLICY):
        seen.append(wave)
        released += wave
    assert (seen, released) == (waves, total)
    assert next_wave(total, released, POLICY) == 0


@pytest.mark.parametrize("released", [0, 10, 100])
def test_one_unknown_text_keeps_the_next_wave_in(released: int) -> None:
    assert next_wave(1000, released, POLICY, unknown=1) == 0
    assert next_wave(1000, released, POLICY, unknown=0) > 0


def test_a_wave_that_was_let_out_in_part_is_made_whole_first() -> None:
    assert next_wave(1000, 4, POLICY) == 6


def test_the_waves_are_the_policys() -> None:
    assert next_wave(1000, 0, a_policy({"run.canary_first": 25})) == 25
    assert next_wave(1000, 25, a_policy({"run.canary_first": 25, "run.canary_share": "0.50"})) == 475


def answers(answers: int, unknown: int = 0, permanent: int = 0, streak: int = 0) -> Tally:
    return Tally(answers, unknown, permanent, streak)


@pytest.mark.parametrize(
    ("tally", "stops"),
    [
        (answers(0), False),
        (answers(2, unknown=2, streak=2), False),
        (answers(3, unknown=3, streak=3), True),
        (answers(4, unknown=4, streak=4), True),
        (answers(49, unknown=25), False),
        (answers(50, unknown=2), False),
        (answers(50, unknown=3), True),
        (answers(60, unknown=3), True),
        (answers(100, unknown=4), False),
        (answers(100, unknown=5), True),
        (answers(100, unknown=6), True),
        (answers(9, permanent=9), False),
        (answers(10, permanent=2), False),
        (answers(10, permanent=3), True),
        (answers(100, permanent=20), False),
        (answers(100, permanent=21), True),
    ],
)
def test_the_breaker_stops_a_run_of_unknown_answers_or_too_many_bad_ones(tally: Tally, stops: bool) -> None:
    assert (breaker(tally, POLICY) is not None) is stops


def test_the_breaker_says_why_with_the_runs_number_beside_the_policys() -> None:
    assert breaker(answers(40, streak=3), POLICY) == "3 answers in a row left nobody knowing; 3 stop the run."
    assert (
        breaker(answers(100, unknown=5), POLICY) == "5.00 % of 100 answers left nobody knowing; 5.00 % stops the run."
    )
    assert breaker(answers(1000, permanent=201), POLICY) == (
        "20.10 % of 1,000 numbers were refused for good; more than 20.00 % stops the run."
    )


@pytest.mark.parametrize(
    ("number", "tally"),
    [
        ({"guards.breaker_streak": 4}, answers(3, unknown=3, streak=3)),
        ({"guards.breaker_share": "0.06"}, answers(100, unknown=5)),
        ({"guards.breaker_after": 101}, answers(100, unknown=5)),
        ({"guards.permanent_share": "0.21"}, answers(100, permanent=21)),
    ],
)
def test_the_breakers_numbers_are_the_policys(number: dict[str, object], tally: Tally) -> None:
    assert breaker(tally, POLICY) is not None
    assert breaker(tally, a_policy(number)) is None
