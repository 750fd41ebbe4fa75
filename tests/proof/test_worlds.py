"""Every interleaving and every fault that the short form tries, that no question to the street is left out, and that
a question nobody has thought about fails the proof."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from arrears.ledger import MOVES, Status
from arrears.ports import Sms
from tests.proof.errands import ERRANDS
from tests.proof.explorer import Explored, Explorer, Harm, Street, Worker
from tests.proof.faults import FAULTS
from tests.proof.spin import moves_of_the_model
from tests.proof.streets import a_street, never_lost, never_twice
from tests.proof.trials import TRIALS, at_once
from tests.rows import a_row

ALL = TRIALS | ERRANDS
# Between them these ask every question at which something can go wrong.
COVERING = (
    *ERRANDS,
    "one case, one at a time",
    "one case, a line that breaks at first",
    "one court notice by e-mail",
    "a doubt about an e-mail",
    "one letter, and the tenant pays",
    "receipts at any moment",
    "two waves",
)


ALONE = ("one case, one at a time", "one case, the last attempt", "good receipts and bad ones")


@cache
def tried(name: str) -> tuple[Explored, set[tuple[str, str]]]:
    """What was tried, and from where to where cases moved there."""
    trial, walked = ALL[name], set[tuple[str, str]]()

    def follow(street: Street) -> str | None:
        for row in street.ports["ledger"].rows.values():
            walked.update(pairwise(event.status.value for event in row.events))
        return trial.always(street)

    return replace(trial, always=follow)(), walked


@pytest.mark.parametrize("name", ALL)
def test_no_world_ends_with_anybody_written_to_twice_or_forgotten(name: str) -> None:
    explored, walked = tried(name)
    assert explored.worlds
    assert all(Status(new) in MOVES[Status(old)] for old, new in walked)


def test_every_move_of_the_exploration_is_one_of_the_models_and_the_other_way_round() -> None:
    walked = (tried(name)[1] for name in ALONE)
    assert set[tuple[str, str]]().union(*walked) == moves_of_the_model()


def test_everything_that_can_go_wrong_anywhere_did_go_wrong_in_some_world() -> None:
    planned = {(site, fault.name) for site, faults in FAULTS.items() for fault in faults if fault.name}
    hit = {place for name in COVERING for place in tried(name)[0].hit}
    assert planned - hit == set()


def test_a_new_question_to_the_street_fails_the_proof_until_somebody_says_what_can_go_wrong_there() -> None:
    forgetful = Worker("F", lambda port: port("ledger").forget(a_row(), "alias", "new", a_row().planned_at))
    with pytest.raises(KeyError, match=r"ledger\.forget has no fault plan"):
        Explorer(a_street(), [at_once(forgetful)], 0, never_twice, never_lost)()


def test_a_bad_end_is_told_with_everything_that_led_to_it() -> None:
    text = Sms("+358401122334", "Heka", "words", a_row().reference)
    careless = [Worker(name, lambda port: port("sms").send(text)) for name in ("F", "G")]
    exploring = Explorer(a_street(), [at_once(*careless)], 0, never_twice, never_lost)
    with pytest.raises(Harm, match=r"(?s)sent twice to one case.*F: sms\.send.*G: sms\.send"):
        exploring()
