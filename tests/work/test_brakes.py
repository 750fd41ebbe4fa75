"""A bad snapshot writes to nobody: refused when it comes, or the run held, and said why in a sentence."""

import pytest

from tests.local.brakes import SPOILED, Stopped, good, stopped

FOUND: dict[str, Stopped] = {}


def found(name: str) -> Stopped:
    """What became of the month after that export; lived once."""
    if name not in FOUND:
        FOUND[name] = stopped(next(spoil for spoil in SPOILED if spoil.__name__ == name))
    return FOUND[name]


def test_a_good_export_goes_out_by_itself() -> None:
    assert found(good.__name__).by == "run: APPROVED"
    assert found(good.__name__).texts > 0


@pytest.mark.parametrize("name", [spoil.__name__ for spoil in SPOILED if spoil is not good])
def test_a_spoiled_export_writes_to_nobody_and_says_why(name: str) -> None:
    assert found(name).texts == 0
    assert found(name).by != "run: APPROVED"
    assert all(sentence.endswith(".") for sentence in found(name).sentences)


@pytest.mark.parametrize(
    ("name", "by", "word"),
    [
        ("a_hundred_times_too_much", "import: scale", "100.00 times"),
        ("half_the_rows", "run: HELD", "missing"),
        ("last_months_file", "import: same_file", "imported before"),
        ("every_number_the_same", "run: HELD", "usable number of their own"),
    ],
)
def test_the_right_brake_stops_it(name: str, by: str, word: str) -> None:
    assert found(name).by == by
    assert any(word in sentence for sentence in found(name).sentences)
