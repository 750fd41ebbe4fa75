"""The street in memory and the shipped adapters give the same answers to the same questions: on moto, and on servers.

Random conversations: each question is drawn from the seed, put to both streets, and the answers compared one by one; so
are all rows, runs and files at the end. PARITY=5000 asks for that many conversations on moto, SERVER_PARITY=500 for
that many on each server. A seed that fails is named, and shortened to the questions that matter.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from arrears.ledger import Row, RunStatus, Standing, Status
from arrears.model import Step
from tests.local.template import Template
from tests.makers import a_snapshot
from tests.rows import NOW, a_key, a_message, a_pointer, a_row, a_run
from tests.servers.streets import Server
from tests.streets import SHARDS, Street, in_memory, moto_cloud, on_moto

CONVERSATIONS = int(os.environ.get("PARITY", "20"))
ON_SERVERS = int(os.environ.get("SERVER_PARITY", "100"))
QUESTIONS = 25
TENANCIES, OWNERS, LOCKS = ("T-1", "T-2", "T.2"), ("me", "you"), ("a-number", "a-number", None)
MONTHS, VERSIONS = ("2026-11", "2026-12"), ("v1", "v2", "v3")
RUNS = ("2026-11",) * 6 + ("2026-12", "2026-11-23")
STEPS = (Step.SMS_REMINDER, Step.COLLECTION_LETTER)
MOST = [Status.PLANNED] * 20 + list(Status)


@dataclass
class Side:
    """One street in a conversation, and what was seen there on the way: rows may be stale when they are used."""

    street: Street
    rows: list[Row] = field(default_factory=list)
    standings: list[Standing | None] = field(default_factory=lambda: [None])


Question = Callable[[Side, Random, datetime], Any]


def key_of(dice: Random) -> Any:
    return a_key(dice.choice(TENANCIES), dice.choice(MONTHS), dice.choice(STEPS))


def seen(side: Side, dice: Random) -> Row:
    """A row as it was seen some time ago, or as it is now."""
    row = dice.choice(side.rows[-4:]) if side.rows else a_row()
    return row if dice.random() < 0.3 else side.street.ledger.row(row.key) or row


def ask_plan(side: Side, dice: Random, at: datetime) -> Any:
    again = dice.random() < 0.2
    new = a_row(key_of(dice), run=dice.choice(RUNS), status=dice.choice(MOST), changed_at=at)
    row = seen(side, dice) if again else new
    side.rows.append(row)
    return side.street.ledger.plan(row)


def ask_row(side: Side, dice: Random, at: datetime) -> Any:
    found = side.street.ledger.row(key_of(dice))
    side.rows += [found] if found else []
    return found


def ask_claim(side: Side, dice: Random, at: datetime) -> Any:
    waiting = [row for row in side.rows if row.status is Status.PLANNED and not row.attempts]
    row = dice.choice(waiting) if waiting and dice.random() < 0.7 else seen(side, dice)
    owner, lock = dice.choice(OWNERS), dice.choice(LOCKS)
    claim = side.street.ledger.claim(row, owner, "sms", lock, at, dice.choice((1, 2, 50, 50)))
    side.rows += filter(None, [side.street.ledger.row(row.key)])
    return claim


def ask_move(side: Side, dice: Random, at: datetime) -> Any:
    row, new = seen(side, dice), dice.choice(list(Status))
    facts: dict[str, Any] = dice.choice(({}, {"owner": None}, {"message_id": "m-1", "segments": 1}))
    why = dice.choice((None, "because"))
    moved = side.street.ledger.move(row, new, at, dice.choice(OWNERS), why, **facts)
    side.rows += filter(None, [side.street.ledger.row(row.key)])
    return moved


def ask_move_twice(side: Side, dice: Random, at: datetime) -> Any:
    row, new = seen(side, dice), dice.choice(list(Status))
    return [side.street.ledger.move(row, new, at, "me") for _ in range(2)]


def ask_forget(side: Side, dice: Random, at: datetime) -> Any:
    return side.street.ledger.forget(seen(side, dice), dice.choice(("erased-1", "erased-2")), "somebody", at)


def ask_stand(side: Side, dice: Random, at: datetime) -> Any:
    new = Standing(tenancy_id=dice.choice(TENANCIES), paid_at=dice.choice((at, None)), waived_by=dice.choice(OWNERS))
    before = dice.choice(side.standings[-3:])
    side.standings.append(new)
    return side.street.ledger.stand(new, before)


def ask_remembered(side: Side, dice: Random, at: datetime) -> Any:
    found = side.street.ledger.remembered(dice.choice(TENANCIES))
    side.standings.append(found.standing)
    return found.tenancy_id, sorted(found.rows, key=str), found.standing


def ask_shard(side: Side, dice: Random, at: datetime) -> Any:
    found = side.street.ledger.shard(dice.randrange(SHARDS), SHARDS)
    return [(one.tenancy_id, sorted(one.rows, key=str), one.standing) for one in found]


def ask_waiting(side: Side, dice: Random, at: datetime) -> Any:
    status, before = dice.choice(MOST), at - timedelta(minutes=dice.choice((0, 0, 5, 10)))
    return list(side.street.ledger.waiting(status, before)), side.street.ledger.silent(before)


def ask_reference(side: Side, dice: Random, at: datetime) -> Any:
    return side.street.ledger.by_reference(dice.choice((seen(side, dice).reference, "0" * 32)))


def ask_open(side: Side, dice: Random, at: datetime) -> Any:
    status = dice.choice([RunStatus.APPROVED] * 12 + list(RunStatus))
    return side.street.runs.open(a_run(dice.choice(RUNS), status=status, cap=dice.choice((1, 2, 100, 100))))


def ask_change(side: Side, dice: Random, at: datetime) -> Any:
    expected, new = dice.sample(list(RunStatus), 3), dice.choice([RunStatus.APPROVED] * 6 + list(RunStatus))
    changes: dict[str, Any] = dice.choice(({"status": new}, {"released": 3, "why": ("because",)}, {"halted_by": None}))
    return side.street.runs.change(dice.choice(RUNS), expected, f"{at} changed", **changes)


def ask_tally(side: Side, dice: Random, at: datetime) -> Any:
    name, failing = dice.choice(RUNS), dice.random() < 0.5
    if side.street.runs.run(name) is None:
        return None
    return side.street.runs.tally(name, unknown=dice.randrange(2), rejected=dice.randrange(2), failing=failing)


def ask_runs(side: Side, dice: Random, at: datetime) -> Any:
    return side.street.runs.latest(dice.choice((1, 2, 9))), side.street.runs.run(dice.choice(RUNS))


def ask_write(side: Side, dice: Random, at: datetime) -> Any:
    names = dice.sample(TENANCIES, dice.randrange(len(TENANCIES) + 1))
    snapshots = [a_snapshot(tenancy_id=name, area=dice.choice(("north", "east"))) for name in names]
    return side.street.snapshots.write(dice.choice(VERSIONS), SHARDS, snapshots, at)


def ask_publish(side: Side, dice: Random, at: datetime) -> Any:
    instead_of = dice.choice((None, *VERSIONS))
    return side.street.snapshots.publish(a_pointer(dice.choice(VERSIONS), shards=SHARDS), instead_of)


def ask_snapshots(side: Side, dice: Random, at: datetime) -> Any:
    found = side.street.snapshots
    shard = list(found.shard(dice.choice(VERSIONS), dice.randrange(SHARDS)))
    return found.current(), found.find(dice.choice(TENANCIES)), shard


def ask_look(side: Side, dice: Random, at: datetime) -> Any:
    return side.street.sight.look(a_message(key_of(dice), dice.choice(RUNS)))


def ask_files(side: Side, dice: Random, at: datetime) -> Any:
    records, name, body = side.street.records, dice.choice(("a/1", "a/2", "b/1")), dice.choice((b"one", b"two"))
    if dice.random() < 0.3:
        records.put(name, body)
    if dice.random() < 0.2:
        records.delete(name)
    wrote = records.put_new(name, body)
    return wrote, records.get(dice.choice(("a/1", "a/2", "c"))), list(records.names(dice.choice(("a/", "b", "c"))))


def ask_ring(side: Side, dice: Random, at: datetime) -> Any:
    return side.street.bell.ring(a_message(key_of(dice)) for _ in range(dice.randrange(12))), side.street.rung()


QUESTIONS_ASKED: list[Question] = [
    *[ask_plan, ask_claim, ask_move] * 4,
    *[ask_row, ask_open, ask_change, ask_look] * 2,
    *[ask_move_twice, ask_forget, ask_stand, ask_remembered, ask_shard, ask_waiting, ask_reference],
    *[ask_tally, ask_runs, ask_write, ask_publish, ask_snapshots, ask_files, ask_ring],
]


def conversation(seed: int) -> list[tuple[int, Question]]:
    dice = Random(seed)
    asked = [ask_open, ask_plan, ask_plan, *dice.choices(QUESTIONS_ASKED, k=QUESTIONS - 3)]
    return list(enumerate(asked))


def differs(seed: int, asked: list[tuple[int, Question]], other: Street) -> str | None:
    """The first question that the street in memory and the other one answer differently; None when there is none."""
    here, there = Side(in_memory()), Side(other)
    for place, question in [*asked, *AT_THE_END]:
        at = NOW + timedelta(minutes=place)
        answers = [answer(side, question, Random(f"{seed}-{place}"), at) for side in (here, there)]
        if answers[0] != answers[1]:
            return f"{question.__name__} ({place}): in memory {answers[0]}, there {answers[1]}"
    return None


def answer(side: Side, question: Question, dice: Random, at: datetime) -> Any:
    try:
        return question(side, dice, at)
    except ValueError as error:
        return str(error)


def everything(side: Side, dice: Random, at: datetime) -> Any:
    """All that is left of a conversation."""
    ledger, runs, records = side.street.ledger, side.street.runs, side.street.records
    remembered = [ledger.remembered(name) for name in TENANCIES]
    return (
        [(sorted(found.rows, key=str), found.standing) for found in remembered],
        [runs.run(name) for name in RUNS],
        {name: records.get(name) for name in records.names("")},
        side.street.snapshots.current(),
    )


AT_THE_END: list[tuple[int, Question]] = [(QUESTIONS, everything)]


@pytest.fixture(scope="module", name="cloud")
def _cloud() -> Iterator[Template]:
    with moto_cloud() as template:
        yield template


def test_both_streets_give_the_same_answers(cloud: Template) -> None:
    for seed in range(CONVERSATIONS):
        converse(seed, lambda: on_moto(cloud))


@pytest.mark.servers
@pytest.mark.parametrize("seed", range(ON_SERVERS))
@pytest.mark.parametrize("name", ["ministack", "dynalite"])
def test_a_server_gives_the_same_answers(request: pytest.FixtureRequest, name: str, seed: int) -> None:
    server: Server = request.getfixturevalue(name)
    converse(seed, server.street)


def converse(seed: int, fresh: Callable[[], Street]) -> None:
    """Holds one conversation in memory and on a fresh street; one that differs fails with its shortest form."""
    asked = conversation(seed)
    if differs(seed, asked, fresh()):
        shortest = shortened(seed, asked, fresh)
        told = differs(seed, shortest, fresh())
        names = [f"{question.__name__} ({place})" for place, question in shortest]
        pytest.fail(f"seed {seed}: after {names}: {told}")


def shortened(seed: int, asked: list[tuple[int, Question]], fresh: Callable[[], Street]) -> list[tuple[int, Question]]:
    """The questions without which the answers would not differ."""
    for question in list(asked):
        without = [one for one in asked if one != question]
        if differs(seed, without, fresh()):
            asked = without
    return asked


def test_the_conversations_speak_of_everything(cloud: Template) -> None:
    """Claims of every kind, moves made and refused, races lost and won: else they would prove little."""
    heard: set[Any] = set()
    for seed in range(400):
        side = Side(in_memory())
        for place, question in conversation(seed):
            told = answer(side, question, Random(f"{seed}-{place}"), NOW + timedelta(minutes=place))
            heard.add((question.__name__, str(told)[:12]) if isinstance(told, (str, bool)) else question.__name__)
    answers = {told for asked, told in filter(lambda one: isinstance(one, tuple), heard) if asked == "ask_claim"}
    assert answers == {"ours", "taken", "number_taken", "run_stopped", "cap_reached", "day_full"}
    for asked in ("ask_plan", "ask_move", "ask_forget", "ask_stand", "ask_open", "ask_change", "ask_publish"):
        assert {(asked, "True"), (asked, "False")} <= heard
