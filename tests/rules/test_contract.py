"""contract.md keeps its word: every line of CONTRACT section 2 points at a test that really shows it."""

import re
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from arrears.model import Case, Decision, Reason, Step
from arrears.policy import Policy
from arrears.rules import decide

TABLE = (Path(__file__).parent / "contract.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+?) \| `(test_\w+)\.(test_\w+)` \|$", TABLE, re.MULTILINE)
SHOWN = [(line.strip("`"), module, test) for line, module, test in ROWS if line.startswith("`")]


def found(module: str, test: str) -> tuple[ModuleType, Callable[[], None]]:
    room = import_module(f"tests.rules.{module}")
    return room, getattr(room, test)


@pytest.mark.parametrize("word", [*Step, *Reason])
def test_every_step_and_reason_has_its_line(word: str) -> None:
    assert [line for line, _, _ in SHOWN].count(word) == 1


@pytest.mark.parametrize(("line", "module", "test"), ROWS)
def test_every_test_that_is_named_exists(line: str, module: str, test: str) -> None:
    assert callable(found(module, test)[1]), line


def test_no_line_of_the_table_is_left_unread() -> None:
    lines = [line for line in TABLE.splitlines() if line.startswith("|")]
    assert len(ROWS) == len(lines) - 2 * TABLE.count("|---|---|")


@pytest.mark.parametrize(("word", "module", "test"), SHOWN)
def test_the_named_test_comes_upon_the_step_or_reason(
    word: str, module: str, test: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_upon: set[str] = set()

    def listening(case: Case, policy: Policy, today: date) -> Decision:
        decision = decide(case, policy, today)
        come_upon.update({decision.step, *decision.reasons})
        return decision

    room, shows = found(module, test)
    monkeypatch.setattr(room, "decide", listening)
    shows()
    assert word in come_upon


def test_a_decision_has_exactly_the_keys_of_the_contract() -> None:
    assert list(Decision.model_fields) == ["tenancy_id", "on", "step", "reasons", "recipient", "policy"]
