"""`make servers`: the shipped adapters on each server, and what was tried there in one table."""

import json
import sys
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.e2e import ministack
from tests.servers import dynalite

TRIED = {
    "test_ports.py": "contract",
    "test_parity.py": "conversations",
    "test_servers.py": "strictness, races",
}


class Tally:
    """Counts what came of the tests, by server and by file. A plugin of pytest's."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, str, str]] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            file = Path(report.location[0]).name
            self.counted.update((name, file, report.outcome) for name in versions() if name in report.nodeid)

    def told(self, name: str, file: str) -> str:
        """What came of one file's tests on one server: how many of how many passed."""
        passed, failed, skipped = (self.counted[name, file, outcome] for outcome in ("passed", "failed", "skipped"))
        if skipped:
            return "not installed"
        return f"{passed} of {passed + failed}" if passed + failed else "-"


def main() -> int:
    """Runs the tests and shows the table; answers pytest's own code."""
    tally = Tally()
    code = pytest.main(["-m", "servers", "tests/adapters", *sys.argv[1:]], plugins=[tally])
    table = Table("server", "version", *TRIED.values(), title="tests passed")
    for name, version in versions().items():
        table.add_row(name, version, *(tally.told(name, file) for file in TRIED))
    Console().print(table)
    return int(code)


def versions() -> dict[str, str]:
    """The servers, and which version of each is installed."""
    packages = [str(path) for path in ministack.PROGRAM.parents[1].glob("lib/python*/site-packages")]
    found = [package.version for package in distributions(name="ministack", path=packages)]
    told = dynalite.PROGRAM.parents[1] / "dynalite/package.json"
    return {"ministack": "".join(found), "dynalite": json.loads(told.read_text())["version"] if told.exists() else ""}


if __name__ == "__main__":
    sys.exit(main())
