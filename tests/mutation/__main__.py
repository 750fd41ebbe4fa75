"""`make mutate`: changes the house in every small way there is, one at a time, and asks the tests whether they notice.

The rooms that decide about people are changed whole, of the others a sample. A change that no test notices is either
told in equivalent.toml, with the reason why it changes nothing, or it is a hole, and is shown. The command ends with 1
when there is a hole in the rooms that decide, when in the others fewer than 95 in a hundred were noticed, and when a
change is told to change nothing that is noticed or no longer there.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from random import Random

import click
import pytest
from rich.console import Console

from tests.mutation.changes import Change
from tests.mutation.possible import possible
from tests.mutation.told import ENOUGH, Verdicts, reasons, room_of, rooms, table, together
from tests.mutation.trial import Trial, Verdict
from tests.mutation.watched import MONITORING

ROOT = Path(__file__).parents[2]
DECIDING = {"calendar", "compliance", "guards", "ledger", "letters", "phones", "rules"}
# What takes long, looks at the files and not at the house, has its own processes, or breaks the house itself.
LEFT_OUT = (
    "bench", "e2e", "local", "mutation", "proof", "runtime", "servers", "simulator", "functions/test_imports.py",
    "intake/test_memory.py", "report/test_browser.py", "report/test_many.py", "rules/test_properties.py",
    "test_careless.py", "test_house.py", "test_pipeline.py", "test_readme.py", "test_season.py", "test_template.py",
    "work/test_year.py",
)  # fmt: skip
QUIET = ("--quiet", "--capture=sys", "--assert=plain", "-pno:cacheprovider", "-pno:faulthandler", "-pno:xdist")

Possible = list[Callable[[], Change]]


def files() -> dict[Path, str]:
    """Every file of the house, by the name under which it is loaded."""
    roots = ((ROOT / "layers/arrears", "arrears"), (ROOT, "functions"))
    found = (
        (file, file.relative_to(root).with_suffix("").parts)
        for root, top in roots
        for file in sorted((root / top).rglob("*.py"))
        if file.name != "__main__.py"
    )
    return {file: ".".join(parts).removesuffix(".__init__") for file, parts in found}


def chosen(only: set[str], sample: int | None, seed: int) -> tuple[Counter[str], list[Change]]:
    """How many changes there are in each room, and those to try: all of them where people are decided about."""
    by_room: dict[str, Possible] = defaultdict(list)
    for file, module in files().items():
        if not only or room_of(f"{module}.") in only:
            by_room[room_of(f"{module}.")] += possible(file, module)
    deciding = list(chain.from_iterable(by_room[room] for room in sorted(DECIDING & by_room.keys())))
    others = list(chain.from_iterable(by_room[room] for room in sorted(by_room.keys() - DECIDING)))
    some = others if sample is None else Random(seed).sample(others, min(sample, len(others)))
    return Counter({room: len(them) for room, them in by_room.items()}), [work_out() for work_out in deciding + some]


@click.command()
@click.option("--only", default="", help="These rooms, with commas between.")
@click.option("--sample", default="400", help="So many changes of the rooms that do not decide, or: all.")
@click.option("--seed", default=2026, help="Which ones.")
@click.option("--jobs", default=1, help="So many at a time.")
def main(only: str, sample: str, seed: int, jobs: int) -> None:
    """Tries them and tells what came of it."""
    if not MONITORING:
        sys.exit("changes are tried with Python 3.12 or later: make PYTHON=... says where it is")
    started = time.monotonic()
    counts, changes = chosen(set(only.split(",")) - {""}, None if sample == "all" else int(sample), seed)
    trial = Trial(changes, files(), jobs)
    left_out = (f"--ignore={ROOT / 'tests' / name}" for name in LEFT_OUT)
    tests = [*QUIET, *left_out, "--ignore-glob=*/test_twins.py", f"--rootdir={ROOT}", f"{ROOT / 'tests'}"]
    if pytest.main(tests, plugins=[trial]) or Verdict.BROKEN in trial.verdicts.values():
        sys.exit("not every change could be tried")
    console = Console(soft_wrap=True, highlight=False)
    good = told(console, counts, trial.verdicts)
    console.print(f"{len(changes):,} changes in {time.monotonic() - started:,.0f} s")
    sys.exit(0 if good else 1)


def told(console: Console, counts: Counter[str], verdicts: Verdicts) -> bool:
    """Prints the holes and the table; whether all is as it should be."""
    same = reasons(Path(__file__).with_name("equivalent.toml"))
    alive = [change for change, came in verdicts.items() if came is Verdict.UNNOTICED]
    for change in alive:
        if change.key not in same:
            console.print(f"unnoticed: {change.function}:{change.first}: {change.line}", markup=False)
    whole = {room_of(change.function) for change in verdicts} & DECIDING
    wrong = [key for key in same.keys() - {change.key for change in alive} if room_of(key[0]) in whole]
    for function, line in wrong:
        console.print(f"told to change nothing, but noticed or no longer there: {function}: {line}", markup=False)
    every = rooms(counts, verdicts, same)
    deciding = [room for room in every if room.name in DECIDING]
    rest = [room for room in every if room.name not in DECIDING]
    console.print(table({"all that decides": deciding, "all the rest": rest}))
    return not wrong and not together("", deciding).unnoticed and together("", rest).percent >= ENOUGH


if __name__ == "__main__":
    main()
