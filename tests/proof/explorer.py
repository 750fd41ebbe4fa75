"""Every world that can come of a few workers on one street: all their interleavings, with so many faults in between.

The workers are the real errands. Each is stopped at every question it asks a port, so that any other may go first, or
the answer be lost, or the process die. A stopped worker is a tape of the answers it has had so far: played again, it
asks the same next question. So a world can be forked at any point, and worlds that have become equal are tried once.
"""

import copy
import gc
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.proof.faults import Fault, Raised, changes, faults_of

Ports = Callable[[str], Any]
MEMORY = (dict, list, int)
LONGEST = 50_000  # a world's steps lie within each other


class Pause(BaseException):
    """The worker has asked something that its tape does not answer yet."""

    def __init__(self, call: "Call") -> None:
        self.call = call


class Harm(AssertionError):
    """A world came to a bad end; the message tells its whole story."""


@dataclass(frozen=True)
class Call:
    """A question to a port."""

    port: str
    method: str
    args: tuple[Any, ...]
    more: Mapping[str, Any]

    @property
    def site(self) -> str:
        """Where faults are planned for it."""
        return f"{self.port}.{self.method}"

    def on(self, street: "Street") -> Any:
        """Asks it; an iterator's answer is what it gives in all."""
        try:
            told = getattr(street.ports[self.port], self.method)(*self.args, **self.more)
        except Exception as error:
            return Raised(type(error), str(error))
        return tuple(told) if isinstance(told, Iterator) else told


class Tape:
    """The answers a worker has had; asked for one more, it stops the worker."""

    def __init__(self, answers: Iterable[Any]) -> None:
        self._answers = iter(answers)

    def port(self, name: str) -> "Asked":
        """A port as the worker sees it."""
        return Asked(self, name)

    def ask(self, call: Call) -> Any:
        """The recorded answer."""
        for answer in self._answers:
            if isinstance(answer, Raised):
                raise answer.error()
            return answer
        raise Pause(call)


class Asked:
    """A port as a worker sees it: every question goes to the tape."""

    name = "memory"

    def __init__(self, tape: Tape, port: str) -> None:
        self._tape, self._port = tape, port

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def ask(*args: Any, **more: Any) -> Any:
            plain = tuple(list(one) if isinstance(one, Iterator) else one for one in args)
            return self._tape.ask(Call(self._port, method, plain, more))

        return ask


@dataclass(frozen=True)
class Worker:
    """An errand under way. `run` gets the ports; `starts` says whether it has anything to do on the street it finds."""

    name: str
    run: Callable[[Ports], Any]
    starts: Callable[["Street"], bool] = lambda street: True


@dataclass(frozen=True)
class Street:
    """Ports that share their memory, never changed: whatever happens, happens on a fork."""

    ports: Mapping[str, Any]

    def fork(self, *touched: str) -> "Street":
        """The same street, on which those ports may change; a ledger's claims change the runs too."""
        names = {*touched, *(["runs"] if "ledger" in touched else [])}
        ports = {name: _copied(port) if name in names else port for name, port in self.ports.items()}
        if names & {"ledger", "runs"}:
            ports["ledger"] = ports["ledger"] if "ledger" in touched else _copied(ports["ledger"])
            ports["ledger"].runs = ports["runs"]
        return Street(ports)


@contextmanager
def all_kept() -> Iterator[None]:
    """Everything that was ever seen is kept, in trees without a ring: there is no rubbish to look for."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _copied(port: Any) -> Any:
    twin = object.__new__(type(port))
    twin.__dict__ = {
        name: copy.copy(value) if isinstance(value, MEMORY) else value for name, value in vars(port).items()
    }
    return twin


class Known:
    """A small number for everything that was ever seen: the same for equal values, found at once for the same one."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._same: dict[int, tuple[int, Any]] = {}  # holds on to the value, so that its address stays its own

    def number(self, value: Any) -> int:
        """The value's number."""
        found = self._same.get(id(value))
        return found[0] if found else self._new(value, self._plain(value))

    def _plain(self, value: Any) -> Hashable:
        if isinstance(value, (list, tuple)):
            return tuple(map(self.number, value))
        if isinstance(value, dict):
            return dict, frozenset(zip(map(self.number, value), map(self.number, value.values()), strict=True))
        if isinstance(value, Hashable):
            return type(value), value
        raise TypeError(f"{type(value)} cannot be told from others")

    def street(self, street: Street) -> int:
        """The number of all that is remembered on a street."""
        found = self._same.get(id(street))
        return found[0] if found else self._new(street, tuple(map(self._port, street.ports.values())))

    def _port(self, port: Any) -> int:
        found = self._same.get(id(port))
        if found:
            return found[0]
        return self._new(port, tuple(self.number(value) for value in vars(port).values() if isinstance(value, MEMORY)))

    def _new(self, whose: Any, plain: Hashable) -> int:
        number = self._numbers.setdefault(plain, len(self._numbers))
        self._same[id(whose)] = number, whose
        return number


Step = tuple[str, Any, Fault | None]  # who, the question or what it came to, and what went wrong
Heard = tuple[Any, ...]  # a tape: (), or a pair of an earlier tape and the answer that came then


class World(NamedTuple):
    """One moment: the street, who is at work and has heard what, how many faults may still come."""

    street: Street
    phase: int
    workers: Mapping[str, Heard]
    budget: int


Phase = Callable[[Street], Iterable[Worker]]
Check = Callable[[Street], str | None]


@dataclass
class Explored:
    """What was tried: worlds that differ in order or faults, the moments in them that differ, the steps between these,
    the steps in which something went wrong, and which faults hit where."""

    worlds: int = 0
    moments: int = 0
    steps: int = 0
    faulted: int = 0
    hit: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class Explorer:
    """Tries every world. `phases` come one after the other, the workers of one all at once; between two phases
    `passes` lets time pass. `always` looks at every street, `at_the_end` at the last ones."""

    street: Street
    phases: list[Phase]
    budget: int
    always: Check
    at_the_end: Check
    passes: Callable[[Street], Street] = lambda street: street
    faults: Callable[[str], tuple[Fault, ...]] = faults_of
    explored: Explored = field(default_factory=Explored)
    _known: Known = field(default_factory=Known)
    _seen: dict[Hashable, int] = field(default_factory=dict)
    _asks: dict[Hashable, Any] = field(default_factory=dict)
    _started: dict[str, Worker] = field(default_factory=dict)
    _story: list[Step] = field(default_factory=list)

    def __call__(self) -> Explored:
        """Tries them all. Raises Harm with the story of the first bad one."""
        sys.setrecursionlimit(max(sys.getrecursionlimit(), LONGEST))
        with all_kept():
            self.explored.worlds = self._worlds(self._begin(self.street, 0, self.budget))
        return self.explored

    def _begin(self, street: Street, phase: int, budget: int) -> World:
        """The next phase in which anybody has something to do."""
        while phase < len(self.phases):
            workers = [worker for worker in self.phases[phase](street) if worker.starts(street)]
            if workers:
                self._started |= {worker.name: worker for worker in workers}
                return World(street, phase, {worker.name: () for worker in workers}, budget)
            street, phase = self.passes(street), phase + 1
        return World(street, phase, {}, budget)

    def _worlds(self, world: World) -> int:
        """How many worlds go on from here; those that were tried before are not tried again."""
        key = self._key(world)
        if key not in self._seen:
            self.explored.moments += 1
            self._look(self.always, world.street)
            self._seen[key] = self._worlds_after(world)
        return self._seen[key]

    def _worlds_after(self, world: World) -> int:
        if not world.workers and world.phase < len(self.phases):
            return self._worlds(self._begin(self.passes(world.street), world.phase + 1, world.budget))
        if not world.workers:
            self._look(self.at_the_end, world.street)
            return 1
        number = 0
        for step, then in self._next(world):
            self.explored.steps += 1
            self._story.append(step)
            number += self._worlds(then)
            self._story.pop()
        return number

    def _next(self, world: World) -> Iterator[tuple[Step, World]]:
        """Every way in which the world can go on by one step of one worker."""
        for name, heard in world.workers.items():
            asked = self._asked(name, heard)
            if not isinstance(asked, Call):
                yield (name, asked, None), self._without(world, name)
                return  # being done touches nobody: no other order needs to be tried
        for name, heard in world.workers.items():
            call = self._asked(name, heard)
            for fault in self.faults(call.site)[: None if world.budget else 1]:
                yield (name, call, fault), self._after(world, name, call, fault)

    def _after(self, world: World, name: str, call: Call, fault: Fault) -> World:
        street = world.street.fork(call.port) if fault.late or (fault.applied and changes(call.site)) else world.street
        answer = call.on(street) if fault.applied else None
        if fault.late:
            street.ports[call.port].late.append(call.args[0])
        if fault.name:
            self.explored.faulted += 1
            self.explored.hit.add((call.site, fault.name))
        after = World(street, world.phase, world.workers, world.budget - bool(fault.name))
        if fault.deadly:
            return self._without(after, name)
        if fault.again:
            return after
        heard = fault.answer if fault.answer is not None else answer
        return World(street, world.phase, {**world.workers, name: (world.workers[name], heard)}, after.budget)

    @staticmethod
    def _without(world: World, name: str) -> World:
        rest = {other: heard for other, heard in world.workers.items() if other != name}
        return World(world.street, world.phase, rest, world.budget)

    def _asked(self, name: str, heard: Heard) -> Any:
        """The worker's next question, or what it came to."""
        key = name, self._known.number(heard)
        if key not in self._asks:
            self._asks[key] = _played(self._started[name], heard)
        return self._asks[key]

    def _key(self, world: World) -> Hashable:
        at_work = tuple((name, self._known.number(heard)) for name, heard in world.workers.items())
        return self._known.street(world.street), world.phase, at_work, world.budget

    def _look(self, check: Check, street: Street) -> None:
        if harm := check(street):
            raise Harm("\n  ".join([harm, *filter(None, map(_told, self._story))]))


def _played(worker: Worker, heard: Heard) -> Any:
    answers: list[Any] = []
    while heard:
        heard, answer = heard
        answers.insert(0, answer)
    try:
        return str(worker.run(Tape(answers).port))
    except Pause as pause:
        return pause.call
    except Exception as error:
        return type(error).__name__


def _told(step: Step) -> str:
    """A step of a story; questions that change nothing are left out."""
    name, call, fault = step
    if fault is None:
        return f"{name} is done: {call[:60]}"
    shown = ", ".join(str(getattr(one, "status", one))[:24] for one in call.args)
    return f"{name}: {call.site}({shown}) {fault.name}" if fault.name or changes(call.site) else ""
