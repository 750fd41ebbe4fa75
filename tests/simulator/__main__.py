"""Simulated years: `python -m tests.simulator --years 20`; one again, made smaller: `--seed 7 --shrink`."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from tests.simulator.checker import check
from tests.simulator.scenario import FULL, Scenario
from tests.simulator.shrink import shrunk
from tests.simulator.year import Lived, live


def main() -> int:
    """0 when every year kept every promise, 1 when one did not."""
    asked = arguments()
    worst = 0
    for seed in range(asked.seed, asked.seed + asked.years):
        lived = live(Scenario.of(seed, FULL if asked.full else asked.tenancies, asked.months))
        harms = check(lived.history)
        worst = max(worst, bool(harms))
        print("\n".join([line_of(lived), *(f"  {harm}" for harm in harms[:10])]))
        if asked.history:
            asked.history.write_text("".join(f"{json.dumps(event)}\n" for event in lived.history), "utf-8")
        if harms and asked.shrink:
            tell_smaller(lived, harms)
    return worst


def arguments() -> argparse.Namespace:
    """What was asked for."""
    ask = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    ask.add_argument("--seed", type=int, default=0, help="the first seed")
    ask.add_argument("--years", type=int, default=1, help="how many years, one for each seed")
    ask.add_argument("--months", type=int, default=12)
    ask.add_argument("--tenancies", type=int, help="how many; by default the seed chooses a small, intense world")
    ask.add_argument("--full", action="store_true", help=f"{FULL} tenancies, as many in debt as in life")
    ask.add_argument("--shrink", action="store_true", help="make a year that went wrong smaller")
    ask.add_argument("--history", type=Path, help="write down all that happened, as JSON Lines")
    return ask.parse_args()


def line_of(lived: Lived) -> str:
    """A year in one line."""
    happened = Counter(event["what"] for event in lived.history)
    told = f"{happened['accepted']} texts and e-mails, {happened['printed']} letters, {len(lived.faults)} faults"
    scenario = lived.scenario
    return f"seed {scenario.seed}: {scenario.tenancies} tenancies from {scenario.first:%B %Y}, {told}"


def tell_smaller(lived: Lived, harms: list[str]) -> None:
    """The smallest year with the same harm, as a person reads it."""
    small, left = shrunk(lived, harms)
    print(f"  smaller: {small}\n  flats {sorted(small.flats or ())}")
    print("\n".join(f"  fault: {fault}" for fault in sorted(small.faults or ())))
    print("\n".join(f"  {harm}" for harm in left))


if __name__ == "__main__":
    sys.exit(main())
