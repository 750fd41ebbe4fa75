"""The model of scale agrees with the closed formula wherever one limit binds, and costs grow with what is done."""

from dataclasses import replace

import pytest

from tests.bench.scale import SIZES, Allowance, Town, bounds, dollars, formula, sending_days, sending_seconds, simulated

MILLION = Town(1_000_000)


def binding(town: Town) -> str:
    return max(bounds(town), key=lambda limit: bounds(town)[limit])


@pytest.mark.parametrize("tenancies", SIZES)
@pytest.mark.parametrize(
    ("limit", "changes"),
    [
        ("worker", {}),
        ("worker", {"workers": 4}),
        ("worker", {"workers": 16}),
        ("worker", {"workers": 64}),
        ("table's read units", {"workers": 16, "table_units": 400.0, "cpu_us": 5.0}),
        ("partition's read units", {"workers": 16, "partitions": 1, "partition_units": 300.0, "cpu_us": 5.0}),
    ],
)
def test_the_simulation_comes_to_what_the_formula_says(tenancies: int, limit: str, changes: dict[str, float]) -> None:
    town = replace(Town(tenancies), **changes)  # type: ignore[arg-type]
    assert binding(town) == limit
    assert simulated(town) == pytest.approx(formula(town), rel=0.06, abs=2.0)


def test_more_workers_than_shards_help_nothing() -> None:
    assert simulated(replace(MILLION, workers=64)) == simulated(replace(MILLION, workers=16))


def test_a_second_of_units_is_saved_up_and_no_more() -> None:
    allowance = Allowance(rate=100.0)
    assert [allowance.wait(9.0, 100.0), allowance.wait(9.0, 50.0), allowance.wait(99.0, 100.0)] == [0.0, 0.5, 0.0]


def test_the_provider_is_what_a_month_waits_for() -> None:
    assert all(sending_seconds(Town(size)) > simulated(Town(size)) for size in SIZES)
    assert [sending_days(Town(size)) for size in SIZES] == [1, 1, 3]


def test_the_texts_cost_more_than_everything_else() -> None:
    costs = dollars(MILLION)
    assert costs["text messages"] > sum(costs.values()) / 2


@pytest.mark.parametrize("item", sorted(dollars(MILLION)))
def test_ten_times_the_tenancies_cost_ten_times_as_much_and_never_more(item: str) -> None:
    assert 0 < dollars(MILLION)[item] <= dollars(Town(10_000_000))[item] <= 10.01 * dollars(MILLION)[item]
