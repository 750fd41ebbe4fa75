"""A plan's order is fixed whatever order its cases come in, and each number is written to once."""

import tracemalloc
from collections.abc import Iterable, Iterator
from random import Random

import pytest

from arrears.ledger import Status
from arrears.model import Reason, Step
from arrears.work.order import one_per_number
from arrears.work.plan import Line, plan_body, plan_lines
from tests.rows import NAMES, a_key

STATUSES = (Status.PLANNED, Status.PLANNED, Status.PLANNED, Status.HELD_OUT, Status.OPEN)
STEPS = (Step.SMS_REMINDER, Step.COLLECTION_LETTER)


def a_line(tenancy: int, number: str | None, status: Status = Status.PLANNED, step: Step = Step.SMS_REMINDER) -> Line:
    key = a_key(f"T-{tenancy:05}", step=step)
    reasons = (Reason.AREA_IN_ROLLOUT,)
    facts = {"reasons": reasons, "reference": NAMES.reference(key), "policy": "2024-10-01", "area": "north"}
    return Line(key=key, status=status, number=number, **facts)


def some_lines(dice: Random) -> list[Line]:
    """Cases of which many have their number in common, in any order."""
    numbers = [None, *(f"number-{n}" for n in range(8))]
    lines = [
        a_line(tenancy, dice.choice(numbers), dice.choice(STATUSES), step) for tenancy in range(20) for step in STEPS
    ]
    dice.shuffle(lines)
    return lines


def in_memory(lines: Iterable[Line]) -> list[Line]:
    """The same thought without a disk."""
    taken: set[str] = set()
    plan = []
    for line in sorted(lines, key=lambda line: (line.key.tenancy_id, line.key.step)):
        mine = line.number is not None and line.status is Status.PLANNED
        doubled = mine and line.number in taken
        plan.append(line.model_copy(update={"status": Status.STOOD_DOWN, "why": "number_taken"}) if doubled else line)
        taken |= {line.number} if mine and line.number else set()
    return sorted(plan, key=lambda line: line.reference)


@pytest.mark.parametrize("seed", range(25))
def test_the_first_tenancy_with_a_number_has_it_whatever_order_the_cases_come_in(seed: int) -> None:
    lines = some_lines(Random(seed))
    assert list(one_per_number(lines)) == in_memory(lines) == list(one_per_number(reversed(lines)))


def test_a_plan_reads_back_line_by_line() -> None:
    lines = in_memory(some_lines(Random(1)))
    assert list(plan_lines(plan_body(lines))) == lines


def test_ten_times_the_cases_need_hardly_more_memory() -> None:
    assert peak(5_000) - peak(500) < 1_000_000  # kept in memory, a case is two thousand bytes


def peak(cases: int) -> int:
    def many() -> Iterator[Line]:
        return (a_line(number, f"number-{number}") for number in range(cases))

    tracemalloc.start()
    assert sum(1 for _ in one_per_number(many())) == cases
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most
