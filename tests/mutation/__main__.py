"""`make mutate`: changes the house in every small way there is, one at a time, and asks the tests whether they notice.

A change that no test notices is either told in equivalent.toml, with the reason why it changes nothing, or it is a
hole: the command ends with 1 and shows it.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
STAGE = ROOT / ".mutation"
MUTMUT = ROOT / ".venvs/mutate/bin/mutmut"
SURVIVED, UNTESTED = 0, 33
# Twins are broken by hand already: they put a rule back by its name, which a changed rule does not have.
LEFT_OUT = ("test_twins.py", "__pycache__")


@dataclass(frozen=True)
class Change:
    """One change that no test noticed: where, what the line became, and why that is no hole (or None)."""

    function: str
    line: str
    reason: str | None


def lay_out() -> None:
    """Copies what is changed and the tests into a folder in which the package stands at the top, as mutmut wants it.
    What it found there the last time is kept for functions that are the same."""
    STAGE.mkdir(exist_ok=True)
    for name, source in (("arrears", ROOT / "layers/arrears/arrears"), ("tests", ROOT / "tests")):
        shutil.rmtree(STAGE / name, ignore_errors=True)
        shutil.copytree(source, STAGE / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    shutil.copytree(ROOT / "functions", STAGE / "functions", dirs_exist_ok=True)
    shutil.copy(ROOT / "template.yaml", STAGE)
    shutil.copy(HERE / "mutmut.toml", STAGE / "pyproject.toml")


def verdicts() -> dict[str, int | None]:
    """mutmut's own verdict on every change, by its name."""
    found: dict[str, int | None] = {}
    for file in sorted((STAGE / "mutants").rglob("*.meta")):
        found |= json.loads(file.read_text("utf-8"))["exit_code_by_key"]
    return found


def survivors(found: dict[str, int | None]) -> Iterator[Change]:
    """The changes that no test noticed."""
    known = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8"))["same"]
    reasons = {(one["function"], one["line"]): one["reason"] for one in known}
    for name, verdict in found.items():
        if verdict in (SURVIVED, UNTESTED):
            function = name.rpartition("__mutmut_")[0].replace(".x_", ".").replace(".xǁ", ".").replace("ǁ", ".")
            line = _became(name)
            yield Change(function, line, reasons.get((function, line)))


def _became(name: str) -> str:
    """What the changed lines became, as mutmut shows them."""
    shown = subprocess.run([MUTMUT, "show", name], cwd=STAGE, capture_output=True, text=True, check=True).stdout
    lines = [line[1:].strip() for line in shown.splitlines() if line.startswith("+") and not line.startswith("+++")]
    return " ".join(lines)


def told(found: dict[str, int | None], alive: list[Change]) -> Table:
    """One line per room."""
    table = Table("room", "changes", "noticed", "change nothing", "unnoticed", title="Small changes, one at a time")
    rooms = Counter(_room(name) for name in found)
    same = Counter(_room(one.function) for one in alive if one.reason)
    holes = Counter(_room(one.function) for one in alive if not one.reason)
    for room, count in sorted(rooms.items()):
        table.add_row(room, f"{count}", f"{count - same[room] - holes[room]}", f"{same[room]}", f"{holes[room]}")
    total, same_total, hole_total = rooms.total(), same.total(), holes.total()
    table.add_section()
    table.add_row("all", f"{total}", f"{total - same_total - hole_total}", f"{same_total}", f"{hole_total}")
    return table


def _room(name: str) -> str:
    return name.split(".")[1]


def main() -> int:
    """Runs it all; answers 1 when something was unnoticed."""
    lay_out()
    subprocess.run([MUTMUT, "run", "--max-children", "2"], cwd=STAGE, check=True, stdout=subprocess.DEVNULL)
    found = verdicts()
    alive = list(survivors(found))
    console = Console()
    for hole in (one for one in alive if not one.reason):
        console.print(f"unnoticed: {hole.function}: {hole.line}", markup=False, soft_wrap=True)
    console.print(told(found, alive))
    return int(any(one.reason is None for one in alive))


if __name__ == "__main__":
    sys.exit(main())
