"""Broken twins of a house that names nobody: each is noticed by the look that tests/test_season.py takes."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from arrears.ledger import CaseMessage
from arrears.ports import Accepted
from arrears.work.notify import Notify
from tests.eventful import MARKED, a_season


def careless_log() -> AbstractContextManager[Any]:
    """A sender that says whom it writes to."""
    hand_over = Notify._hand_over

    def telling(self: Notify, row: Any, one: Any) -> Accepted:
        print(json.dumps({"message": "sending", "to": one.way.address}))
        return hand_over(self, row, one)

    return patch.object(Notify, "_hand_over", telling)


def careless_measure() -> AbstractContextManager[Any]:
    """A sender whose reason for standing down holds a number."""
    return patch("arrears.work.notify.why_not", lambda _: "paid by 040 555 1001")


def careless_queue() -> AbstractContextManager[Any]:
    """A queue that carries the person along."""
    dump = CaseMessage.model_dump_json
    return patch.object(CaseMessage, "model_dump_json", lambda self, **of: dump(self, **of)[:-1] + ', "n": "Merkki"}')


TWINS: list[Callable[[], AbstractContextManager[Any]]] = [careless_log, careless_measure, careless_queue]


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.__name__)
def test_a_house_that_names_people_is_noticed(twin: Callable[[], AbstractContextManager[Any]], tmp_path: Path) -> None:
    with a_season(tmp_path) as season, twin():
        season.files_come()
        season.first_wave()
        assert any(MARKED.search(line) for line in season.said_aloud())
