"""Rounds: everything that is compared runs in turn, each in a process of its own, and the turns are shuffled.

The machine's speed drifts by more than what is measured, so that only ratios taken within one round say anything.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Spread:
    """What was seen in several rounds."""

    seen: tuple[float, ...]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return median(self.seen)

    def told(self, digits: int = 3) -> dict[str, float]:
        """As the JSON has it."""
        low, high = min(self.seen), max(self.seen)
        return {"median": round(self.median, digits), "low": round(low, digits), "high": round(high, digits)}

    def over(self, other: "Spread") -> "Spread":
        """The ratio in each round."""
        return Spread(tuple(mine / theirs for mine, theirs in zip(self.seen, other.seen, strict=True)))


def in_turn(runs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Spread]:
    """Each of them once a round, in an order that changes from round to round."""
    dice, seen = Random(2026), {name: list[float]() for name in runs}
    for _ in range(rounds):
        order = list(runs)
        dice.shuffle(order)
        for name in order:
            seen[name].append(runs[name]())
    return {name: Spread(tuple(each)) for name, each in seen.items()}


def told_by(module: str, *arguments: object, python: str = sys.executable) -> Any:
    """What another process says as JSON in its last line."""
    command = [python, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": f"{ROOT}"}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{module} {arguments}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def cloud(tenancies: int) -> Iterator[int]:
    """The bench's cloud in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.bench.server", str(tenancies)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield int(process.stdout.readline())
        process.communicate(b"")


def calls(port: int) -> Any:
    """How often each operation was called since this was last asked, and how large the portfolio is."""
    with urlopen(f"http://127.0.0.1:{port}/calls") as answer:
        return json.loads(answer.read())
