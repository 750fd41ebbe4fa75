"""The shipped functions with every call of theirs going wrong in every way, once, and in two places at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from arrears.adapters.s3 import S3Records
from arrears.work.notify import Notify
from tests.proof.shipped import NOTHING, Shipped, State, Story, Telling, shipped
from tests.proof.stories import STORIES, Kept
from tests.proof.twins import forgotten_on_an_exception, instead
from tests.proof.wires import DRIPPING, POST, WIRES, Wire, wires_of

BOTH = 0.001  # how many of the worlds with two faults are tried here; `make prove` tries them all
# These take long: here a fault is tried where its call first stands and at some of the others, and at every one with
# `make prove`.
ONCE = {
    "a report": 0.05,
    "a run that is let go": 0.02,
    "a day's tick, and its letter": 0.1,
    "those left behind": 0.05,
    "a court notice by e-mail": 0.1,
    "a text": 0.2,
}
DOORS = {door.parent.name for door in (Path(__file__).parents[2] / "functions").glob("*/app.py")}


pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")  # who dies has counted nothing


@pytest.fixture(scope="module")
def stack() -> Iterator[Shipped]:
    with shipped() as stack:
        yield stack


@pytest.mark.parametrize("name", STORIES)
def test_whatever_goes_wrong_once_or_twice_nobody_is_written_to_twice_or_forgotten(name: str, stack: Shipped) -> None:
    telling = Telling(stack, STORIES[name], (ONCE.get(name, 1.0), BOTH))
    found = telling()
    assert found.harm == ()
    assert found.faulted > 5
    assert found.sites >= telling.reached == {(site, wire.name) for site, _ in telling.reached for wire in wires(site)}


def at_the_provider(site: str) -> Sequence[Wire]:
    """What can go wrong where a text is handed over."""
    return wires_of(site) if site == "http.post" else ()


def wires(site: str) -> Sequence[Wire]:
    """What can go wrong at a call of a function."""
    return wires_of(site.split()[1])


def test_every_door_has_a_story() -> None:
    assert {stage.function for story in STORIES.values() for stage in story.stages} == DOORS


def test_every_kind_of_call_is_made_in_some_story_and_so_goes_wrong_there_in_every_way(stack: Shipped) -> None:
    made: set[str] = set()

    def noted(site: str) -> Sequence[Wire]:
        made.add(site)
        return ()

    for story in STORIES.values():
        Telling(stack, story, (0.0,), wires=noted)()
    assert made == set(WIRES)


def test_a_new_call_fails_the_proof_until_somebody_says_what_can_go_wrong_there(stack: Shipped) -> None:
    def forgotten(records: S3Records, name: str) -> bytes | None:
        records.client.head_object(Bucket=records.bucket, Key=name)
        return None

    telling = Telling(stack, STORIES["news"])
    with patch.object(S3Records, "get", forgotten), pytest.raises(KeyError, match=r"s3\.HeadObject has no fault plan"):
        telling()


def test_a_sender_that_forgets_its_claim_on_an_exception_is_seen(stack: Shipped) -> None:
    with instead(Notify, "_hand_over", forgotten_on_an_exception)():
        found = Telling(stack, STORIES["a text"], (1.0,), wires=at_the_provider)()
    assert any("with 2 messages" in harm and "http.post" in harm for harm in found.harm)


def test_an_answer_that_never_ends_is_a_doubt_about_what_has_left(stack: Shipped) -> None:
    stage, before = STORIES["a text"].stages[0], begun(stack, STORIES["a text"])
    with stack.line.held():
        place = stack.run(before, stage, {}).sites.index("http.post")
        for wire in (wire for wire in POST if wire.mode in DRIPPING):
            stack.run(before, stage, {place: wire})
            stack.line.begin({})
            row = Kept(stack).row()
            assert (row.status, row.why, len(stack.left)) == ("UNKNOWN", "quriiri:deadline", 1)


def test_the_same_call_from_the_same_state_comes_to_the_same_whatever_goes_wrong(stack: Shipped) -> None:
    stage, before = STORIES["a text"].stages[0], begun(stack, STORIES["a text"])
    with stack.line.held():
        sites = stack.run(before, stage, {}).sites
        plans = [{place: wire} for place, site in enumerate(sites) for wire in wires_of(site)]
        first, again = ([stack.run(before, stage, plan) for plan in plans] for _ in range(2))
    assert first == again
    assert len({ran.state for ran in first}) > len(sites) // 2


def begun(stack: Shipped, story: Story) -> State:
    """How the story begins."""
    stack.restore(NOTHING)
    story.begin(stack)
    return stack.state()


def test_what_a_function_leaves_behind_is_taken_up_again_as_it_was(stack: Shipped) -> None:
    telling = Telling(stack, STORIES["a text"])
    telling()
    after = stack.state()
    stack.restore(after)
    assert stack.state() == after
    assert Kept(stack).row().status == "SENT"
    assert len(stack.left) == 1
