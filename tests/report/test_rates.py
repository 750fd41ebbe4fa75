"""A rate says how sure it is: Wilson's interval, and Newcombe's for the difference of two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrears.outcomes.rates import Difference, Rate


# Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(hits: int, of: int, low: float, high: float) -> None:
    rate = Rate(hits, of)
    assert (round(rate.low, 4), round(rate.high, 4)) == (low, high)


# Newcombe, Statistics in Medicine 17 (1998), pp. 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 10), 0.6075, 1.0000)],
)
def test_the_interval_of_a_difference_is_the_published_one(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    difference = Difference(Rate(*one), Rate(*other))
    assert (round(difference.low, 4), round(difference.high, 4)) == (low, high)


def test_nobody_answered_does_not_mean_that_nobody_ever_will() -> None:
    assert (Rate(0, 10).low, Rate(0, 10).share) == (0, 0)
    assert 0.25 < Rate(0, 10).high < 0.30


def test_everybody_answered_does_not_mean_that_everybody_always_will() -> None:
    assert (Rate(10, 10).high, Rate(10, 10).share) == (1, 1)
    assert 0.70 < Rate(10, 10).low < 0.75


def test_a_group_of_nobody_has_every_rate() -> None:
    assert (Rate(0, 0).low, Rate(0, 0).high) == (0, 1)


@pytest.mark.parametrize(("hits", "of"), [(-1, 10), (11, 10), (1, 0)])
def test_more_than_all_or_less_than_none_is_no_rate(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        Rate(hits, of)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_holds_the_rate_and_stays_between_none_and_all(rate: tuple[int, int]) -> None:
    found = Rate(*rate)
    assert 0 <= found.low <= found.share <= found.high <= 1


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_ten_times_as_many_people_are_surer(rate: tuple[int, int]) -> None:
    few, many = Rate(*rate), Rate(rate[0] * 10, rate[1] * 10)
    assert many.high - many.low < few.high - few.low
