"""The README tells the truth: its commands, targets, paths, functions and numbers are there."""

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from arrears.cli import COMMANDS, main
from arrears.policy import policy_names, policy_on
from tests.local.template import source

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
POLICY = policy_on(date(2026, 11, 23))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))


def code_in(text: str) -> list[str]:
    """Everything that stands in backticks or in a fenced block, line by line."""
    fenced = re.findall(r"```\w*\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in fenced for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", "\n".join(code_in(README))))))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert target in TARGETS


@pytest.mark.parametrize("line", sorted({line for line in code_in(README) if re.match(r"(\$ )?arrears [a-z]", line)}))
def test_every_command_that_is_named_has_a_help_page(line: str) -> None:
    words = [word for word in line.removeprefix("$ ").split()[1:] if re.fullmatch(r"[a-z-]+", word)]
    assert words[0] in COMMANDS
    group = main.get_command(main.make_context("arrears", [words[0], "--help"], resilient_parsing=True), words[0])
    path = words[:2] if hasattr(group, "commands") and words[1:] else words[:1]
    assert CliRunner().invoke(main, [*path, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    "path", sorted({code for code in code_in(README) if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", code) and "/" in code})
)
def test_every_path_that_is_named_exists(path: str) -> None:
    made = ("out/", "reports/", "YYYY-MM-DD")  # made by a run, kept in a bucket, or a pattern
    if not any(part in path for part in made):
        assert (ROOT / path).exists() or (ROOT / "layers/arrears/arrears" / path).exists()


def test_every_function_that_is_invoked_by_name_is_in_the_template() -> None:
    named = set(re.findall(r"sam local invoke (\w+)", README))
    assert named
    assert named <= set(source()["Resources"])


def test_the_numbers_it_tells_are_the_policys() -> None:
    assert f"Silence for {POLICY.letter.clear_days_to_answer} clear days" in README
    assert f"a fee of at most EUR {POLICY.letter.fee}" in README
    assert POLICY.run.canary_first == 10
    assert str(POLICY.run.canary_share) == "0.10"
    assert "2024-10-01" in policy_names()
