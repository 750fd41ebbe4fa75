"""The sending protocol as a Promela model, checked by Spin."""

import re
import shutil
from pathlib import Path

import pytest

from arrears.ledger import MOVES
from tests.proof.spin import MODEL, PROTECTIONS, TOOLS, checked, moves_header, why_not

spin = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


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
