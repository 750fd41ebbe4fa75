"""Goal 8: the CPU of a letter after the first one, and whether a thousand of them need more memory than a few.

`python -m tests.bench.letters TIMES` composes and draws so many letters and prints what they took.
"""

import json
import resource
import sys
import time
from typing import Any

from arrears.adapters.pdf import render
from arrears.creditor import example
from arrears.letters import compose
from arrears.model import Step
from tests.bench.rounds import Spread, told_by
from tests.letters.test_content import SPRING, SUMMER
from tests.makers import POLICY, a_case, a_tenant

FEW = 50


def drawn(times: int, rounds: int) -> dict[str, Any]:
    """So many letters in each of some processes."""
    told = [told_by("tests.bench.letters", times) for _ in range(rounds)]
    return {
        "first_ms": Spread(tuple(each["first_ms"] for each in told)).told(1),
        "ms_each": Spread(tuple(each["ms_each"] for each in told)).told(2),
        "memory_ratio": Spread(tuple(each["memory_ratio"] for each in told)).told(),
        "peak_mb": told[-1]["peak_mb"],
        "letters": times,
    }


def _draw(number: int) -> int:
    case = a_case(tenants=[a_tenant(name=f"Testi Testinen {number}")], **SPRING)
    return len(render(compose(case, Step.COLLECTION_LETTER, SUMMER, POLICY, example())))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(times: int) -> None:
    """Draws them."""
    start = time.process_time()
    _draw(0)
    first = time.process_time() - start
    for number in range(1, FEW):
        _draw(number)
    few, start = _peak(), time.process_time()
    for number in range(FEW, times):
        _draw(number)
    each = (time.process_time() - start) / (times - FEW)
    told = {"first_ms": first * 1e3, "ms_each": each * 1e3, "peak_mb": round(_peak(), 1), "memory_ratio": _peak() / few}
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
