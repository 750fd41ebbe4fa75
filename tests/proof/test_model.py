"""The sending protocol as a Promela model, checked by Spin; and that model and exploration know the same moves."""

import re
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from arrears.ledger import MOVES, Status
from tests.proof.explorer import Street
from tests.proof.spin import MODEL, PROTECTIONS, TOOLS, checked, moves_header, why_not
from tests.proof.trials import TRIALS

ALONE = ("one case, one at a time", "one case, the last attempt", "good receipts and bad ones")
spin = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
CALLED = re.compile(r"move\((\w+), (\w+)\)")


@spin
def test_no_world_of_the_model_is_written_to_twice_or_forgotten(tmp_path: Path) -> None:
    found = checked(tmp_path)
    assert found.errors == 0
    assert found.states > 10_000


@spin
@pytest.mark.parametrize("protection", PROTECTIONS)
def test_spin_finds_a_model_wrong_that_lacks_a_protection(protection: str, tmp_path: Path) -> None:
    assert checked(tmp_path, protection).errors > 0


def test_where_spin_is_missing_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    assert why_not() == f"{' and '.join(TOOLS)} missing: apt-get install spin gcc"


def test_every_protection_of_the_model_can_be_taken_away() -> None:
    assert set(re.findall(r"#ifn?def (\w+)", MODEL.read_text("utf-8"))) == {*PROTECTIONS, "DEATHS"}


def test_the_models_table_is_the_ledgers() -> None:
    told = set(
        re.findall(r"was == (\w+) && now == (\w+)", moves_header().replace("(was)", "was").replace("(now)", "now"))
    )
    assert told == {(old.value, new.value) for old, news in MOVES.items() for new in news}


def test_every_move_of_the_exploration_is_one_of_the_models_and_the_other_way_round() -> None:
    walked: set[tuple[str, str]] = set()

    def follow(street: Street) -> str | None:
        for row in street.ports["ledger"].rows.values():
            walked.update(pairwise(event.status.value for event in row.events))
        return None

    for name in ALONE:
        replace(TRIALS[name], always=follow)()
    assert all(Status(new) in MOVES[Status(old)] for old, new in walked)
    assert walked == moves_of_the_model()


def moves_of_the_model() -> set[tuple[str, str]]:
    """The claim, what the model moves by name (its broken variants aside), and what a receipt may do to these."""
    lines = re.sub(r"#if(n?)def .*?(#else|#endif)", "", MODEL.read_text("utf-8"), flags=re.S)
    named = {pair for pair in CALLED.findall(lines) if pair != ("was", "now")} | {("PLANNED", "SENDING")}
    reached = {now for _, now in named} | {"DELIVERED", "UNDELIVERED"}
    arrivals = {(was, now) for was in reached for now in ("DELIVERED", "UNDELIVERED") if Status(now) in _after(was)}
    return named | arrivals


def _after(was: str) -> frozenset[Status]:
    return MOVES.get(Status(was), frozenset())
