"""The functions as they are shipped, on moto: every call of theirs faulted, and whatever is brought again brought.

Between two calls of functions all that is remembered is plain values, so that a world can be taken up again at any
call, and worlds that have become equal are tried once.
"""

import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import count
from random import Random
from typing import Any, NamedTuple, TypeVar
from unittest.mock import patch

import boto3
from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from arrears.adapters.email import ses_client
from arrears.adapters.http import Http
from tests.local import wiring
from tests.local.functions import Function
from tests.local.provider import street
from tests.local.template import ACCOUNT, REGION, Template
from tests.proof.table import Tried
from tests.proof.wires import Died, Line, Wire, wires_of
from tests.streets import forget_everything, moto_cloud, named

T = TypeVar("T", bound=tuple[Any, ...])
SHARDS = 2


class State(NamedTuple):
    """What is remembered: items by table, files by bucket, bodies by queue, what has left, and which ticks, files and
    receipts need not be brought again."""

    items: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, bytes, str], ...]
    queues: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str, str], ...]
    done: frozenset[str]


NOTHING = State((), (), (), (), frozenset())


@dataclass(frozen=True)
class Stage:
    """A call of a function at a moment: with the messages of a queue (its logical id), or with an event of its own. An
    event is brought again at later stages of the same name until it was dealt with."""

    function: str
    at: datetime
    queue: str | None = None
    event: Callable[["Shipped"], Any] | None = None
    name: str = ""


@dataclass(frozen=True)
class Story:
    """Where it begins (`begin` writes it through the real ports), what is called when, and how it must end."""

    name: str
    begin: Callable[["Shipped"], None]
    stages: Sequence[Stage]
    ends: Callable[["Shipped"], str | None]


@dataclass
class Ran:
    """What one call of a function came to."""

    state: State
    sites: list[str]


@dataclass
class Shipped:
    """The stack on moto. `left` tells what has left: which case, to whom, by which provider."""

    template: Template
    line: Line
    functions: Mapping[str, Function]
    now: datetime | None = None
    left: tuple[tuple[str, str, str], ...] = ()
    done: frozenset[str] = frozenset()
    tokens: Iterator[int] = field(default_factory=count)
    known: dict[Any, Any] = field(default_factory=dict)

    def name(self, logical: str) -> str:
        """A table's or bucket's name, a queue's URL."""
        return named(self.template, logical)

    # --- remembering --------------------------------------------------------------------------------------------------

    def state(self) -> State:
        """Everything as it is now."""
        tables, buckets = dynamodb_backends[ACCOUNT][REGION].tables, s3_backends[ACCOUNT]["aws"].buckets
        items = [(name, _json(item)) for name, table in tables.items() for item in table.all_items()]
        files = [
            (bucket.name, key.name, key.value, key.metadata.get("content-type", ""))
            for bucket in buckets.values()
            for key in bucket.keys.values()
        ]
        queues = sqs_backends[ACCOUNT][REGION].queues
        bodies = [(name, message.body) for name, queue in queues.items() for message in queue._messages]
        return State(self._known(items), self._known(files), self._known(bodies), self.left, self.done)

    def _known(self, values: Iterable[T]) -> tuple[T, ...]:
        """Them in order. Most worlds have most values in common: each is kept in memory once."""
        return tuple(self.known.setdefault(value, value) for value in sorted(values))

    def restore(self, state: State) -> None:
        """Everything as it was then."""
        forget_everything()
        reset_model_data()  # moto would keep every row and file that ever was, for a page that nobody opens
        for table, item in state.items:
            dynamodb_backends[ACCOUNT][REGION].tables[table].put_item(json.loads(item))
        for bucket, name, body, kind in state.files:
            key = s3_backends[ACCOUNT]["aws"].put_object(bucket, name, body)
            key.set_metadata({"content-type": kind})
        for queue, message in state.queues:
            sqs_backends[ACCOUNT][REGION].send_message(queue, message)
        self.left, self.done = state.left, state.done

    # --- calling ------------------------------------------------------------------------------------------------------

    def run(self, state: State, stage: Stage, plan: Mapping[int, Wire]) -> Ran:
        """The call, from that state, with that going wrong; every container starts cold."""
        self.restore(state)
        self.now, self.tokens = stage.at, count()
        function = self.functions[stage.function]
        for value in vars(function.module()).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
        self.line.begin(plan)
        self.line.street.accepted, self.line.street.asked = [], len(self.left)
        if stage.queue:
            self._deliver(function, self.name(stage.queue).rsplit("/", 1)[1])
        elif stage.event and self._call(function, stage.event(self)) is not None:
            self.done |= {stage.name}
        taken = [(one.reference, one.to, one.provider) for one in self.line.street.accepted]
        self.left = (*self.left, *taken)
        return Ran(self.state(), self.line.calls)

    def _call(self, function: Function, event: Any) -> Any:
        """What it answers; None when it raised or died."""
        try:
            answer = function(event)
        except (Exception, Died) as error:
            if isinstance(error, KeyError) and "fault plan" in str(error):
                raise
            return None
        refused = isinstance(answer, dict) and int(answer.get("statusCode", 204)) >= 300
        return None if refused else answer if answer is not None else {}

    def _deliver(self, function: Function, name: str) -> None:
        """Hands the queue's messages over; those that were dealt with are gone."""
        queue = sqs_backends[ACCOUNT][REGION].queues[name]
        records = [
            {"messageId": f"{place}", "receiptHandle": f"{place}", "body": message.body, "attributes": {}}
            | {"messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": queue.queue_arn}
            for place, message in enumerate(queue._messages)
        ]
        answer = self._call(function, {"Records": records})
        everything = {record["messageId"] for record in records}
        back = everything if answer is None else {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        waiting = list(queue._messages)[: len(records)]
        queue._messages[:] = [one for place, one in enumerate(waiting) if f"{place}" in back] + list(
            queue._messages[len(records) :]
        )

    def due(self, state: State, stage: Stage) -> bool:
        """Whether there is anything to call the function with."""
        if stage.queue is None:
            return stage.name not in state.done
        return any(name == self.name(stage.queue).rsplit("/", 1)[1] for name, _ in state.queues)


def _ses() -> Callable[..., Any]:
    """Into SES's client its maker hooks the way out. All ways are alike: one client leaves by the first."""
    once = cache(lambda *told: ses_client(Http(), *told))
    return lambda _, *told: once(*told)


def _json(item: Any) -> str:
    return json.dumps(item.to_json()["Attributes"], sort_keys=True)


@contextmanager
def shipped() -> Iterator[Shipped]:
    """The stack, with a provider on loopback."""
    with moto_cloud() as template, street() as provider, ExitStack() as patches:
        patches.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", "No application metrics")
        line = Line(provider)
        live = {
            "STAGE": "prod",
            "SENDER_AUTHORISED": "true",
            "SMS_PROVIDERS": "quriiri",
            "QURIIRI_ENDPOINT": f"{provider.url}/quriiri",
            "QURIIRI_REPORT_SECRET": "",
            "EMAIL_PROVIDER": "ses",
            "FROM_EMAIL": "vuokra@example.com",
            "SES_ENDPOINT": provider.url,
            "SNAPSHOT_SHARDS": f"{SHARDS}",
        }
        by_id = wiring.functions(template, live)
        stack = Shipped(template, line, {function.name: function for function in by_id.values()})
        for target, stand_in in (
            ("boto3.client", cache(boto3.client)),  # making one takes longer than its use
            ("arrears.adapters.email.ses_client", _ses()),
            ("botocore.endpoint.time.sleep", lambda _: None),
            ("botocore.retries.quota.RetryQuota.acquire", lambda *_: True),  # a cold container has its whole quota
            ("arrears.adapters.clock.now", lambda: stack.now),
            ("arrears.adapters.pace.sleep", lambda _: None),
            ("arrears.adapters.dynamo.sight.sleep", lambda _: None),
            ("arrears.adapters.dynamo.snapshots.sleep", lambda _: None),
            ("arrears.wiring.token", lambda: f"owner-{stack.now}-{next(stack.tokens)}"),
        ):
            patches.enter_context(patch(target, stand_in))
        yield stack


@dataclass
class Telling:
    """Tells the worlds of a story with at most as many faults as there are `shares`: how many of those with one more
    fault are told, all of them where it is 1. Whatever a function calls in the world without faults goes wrong in every
    way at least once, where it is first called. `seed` chooses the others, `wires` says what can go wrong at a call."""

    stack: Shipped
    story: Story
    shares: Sequence[float] = ()
    seed: int = 2026
    wires: Callable[[str], Sequence[Wire]] = wires_of
    reached: set[tuple[str, str]] = field(default_factory=set)
    found: Tried = field(default_factory=Tried)
    _seen: dict[tuple[State, int, int], int] = field(default_factory=dict)
    _ran: dict[tuple[State, Stage, tuple[tuple[int, Wire], ...]], Ran] = field(default_factory=dict)
    _path: list[str] = field(default_factory=list)

    def __call__(self) -> Tried:
        """Tells them all; what went wrong is in `harm`, with the faults that led there."""
        self._dice = Random(self.seed)
        self.stack.restore(NOTHING)
        with self.stack.line.held():
            self.stack.line.begin({})
            self.story.begin(self.stack)
            worlds = self._worlds(self.stack.state(), 0, len(self.shares))
        return replace(self.found, worlds=worlds, moments=len(self._seen))

    def _worlds(self, state: State, place: int, budget: int) -> int:
        key = state, place, budget
        if key not in self._seen:
            self._seen[key] = self._worlds_after(state, place, budget)
        return self._seen[key]

    def _worlds_after(self, state: State, place: int, budget: int) -> int:
        while place < len(self.story.stages) and not self.stack.due(state, self.story.stages[place]):
            place += 1
        if place == len(self.story.stages):
            self._look(state)
            return 1
        number = 0
        for after, used, told in self._calls(state, self.story.stages[place], {}, budget):
            self._path.append(told)
            number += self._worlds(after, place + 1, budget - used)
            self._path.pop()
        return number

    def _calls(
        self, state: State, stage: Stage, plan: dict[int, Wire], budget: int
    ) -> Iterator[tuple[State, int, str]]:
        ran = self._run(state, stage, plan)
        told = ", ".join(f"call {place} {ran.sites[place]} {wire.name}" for place, wire in plan.items())
        before = len(self.shares) - budget + len(plan)
        for place in range(max(plan, default=-1) + 1, len(ran.sites) if budget > len(plan) else 0):
            for wire in self.wires(ran.sites[place]):
                if self._goes_wrong(before, f"{stage.function} {ran.sites[place]}", wire):
                    yield from self._calls(state, stage, {**plan, place: wire}, budget)
        yield ran.state, len(plan), f"{stage.at:%d.%m. %H:%M} {stage.function} {told}"

    def _run(self, state: State, stage: Stage, plan: Mapping[int, Wire]) -> Ran:
        """The same call from the same state comes to the same, however many faults may follow."""
        key = state, stage, tuple(plan.items())
        if key not in self._ran:
            self._ran[key] = ran = self.stack.run(state, stage, plan)
            hit = {(f"{stage.function} {ran.sites[place]}", wire.name) for place, wire in plan.items()}
            self.found += Tried(faulted=len(plan), sites=frozenset(hit))
        return self._ran[key]

    def _goes_wrong(self, faults: int, site: str, wire: Wire) -> bool:
        """Whether that goes wrong there too, after so many faults."""
        new = not faults and (site, wire.name) not in self.reached
        if new:
            self.reached.add((site, wire.name))
        return self._dice.random() < self.shares[faults] or new

    def _look(self, state: State) -> None:
        self.stack.restore(state)
        self.stack.line.begin({})
        if harm := self.story.ends(self.stack):
            self.found += Tried(harm=("\n  ".join([f"{self.story.name}: {harm}", *self._path]),))


def told(story: Story) -> Tried:
    """A stack of its own, and every world of the story with two faults at most."""
    with shipped() as stack:
        return Telling(stack, story, (1.0, 1.0))()
