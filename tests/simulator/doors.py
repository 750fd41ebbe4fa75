"""The ports as one errand sees them: now and then a question goes wrong, the process dies, or others go first."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any

from tests.proof.faults import FAULTS, READ, WRITE, Fault, Raised
from tests.simulator.agenda import Agenda
from tests.simulator.scenario import Scenario, Trouble

OTHERS_FIRST = Fault("others go first")
OVERLAP, LIFETIME = timedelta(minutes=10), timedelta(minutes=15)  # the longest timeout of a Lambda
MORE = {
    "ledger.shard": READ,
    "ledger.remembered": READ,
    "ledger.stand": WRITE,
    "runs.open": WRITE,
    "snapshots.shard": READ,
    "snapshots.write": WRITE,
    "snapshots.publish": WRITE,
    "records.put": WRITE,
}
PLANS = MORE | FAULTS


class Died(BaseException):
    """The process is gone: nothing of the errand goes on, not even what catches exceptions."""


@lru_cache(1)
def troubled(scenario: Scenario) -> float:
    """How many of its errands may meet with trouble at all."""
    return scenario.dice("troubled").one_of((0.05, 0.2, 0.5))


@cache
def trouble_of(site: str, fault: Fault) -> Trouble:
    """The kind of trouble that a fault belongs to."""
    if fault.late:
        return Trouble.LATE_ARRIVALS
    if fault.deadly:
        return Trouble.DYING
    if fault.name == "wrong key":
        return Trouble.WRONG_KEY
    if site.endswith((".send", ".find")):
        return Trouble.PROVIDER
    return Trouble.LOST_ANSWERS if fault.applied else Trouble.BROKEN_LINES


class Doors:
    """What one errand asks. `happened` collects the faults by name, so that a year can be lived with fewer of them."""

    def __init__(
        self, errand: str, ports: Mapping[str, Any], scenario: Scenario, agenda: Agenda, happened: list[str]
    ) -> None:
        self.errand, self.ports, self.scenario, self.agenda, self.happened = errand, ports, scenario, agenda, happened
        self._dice = scenario.dice("doors", errand)
        self._troubled = troubled(scenario)
        self._asked, self._next, self._dies = 0, self._gap(), agenda.now + LIFETIME

    def __call__(self, name: str) -> Any:
        """A port."""
        return Door(name, self.ports[name], self)

    def ask(self, site: str, real: Callable[..., Any], args: tuple[Any, ...], more: dict[str, Any]) -> Any:
        """A question to the street."""
        if self.agenda.now > self._dies:
            raise Died
        self._asked += 1
        if self._asked < self._next:
            return real(*args, **more)
        self._next += self._gap()
        fault = self._fault(site)
        if fault is None:
            return real(*args, **more)
        plain = tuple(list(one) if isinstance(one, Iterator) else one for one in args)
        return self._wrong(fault, lambda: real(*plain, **more))

    def _gap(self) -> int:
        """How many questions until the next that may go wrong; most errands have none at all."""
        return self._dice.between(1, self._dice.one_of((4, 8, 60))) if self._dice.chance(self._troubled) else 10**9

    def _fault(self, site: str) -> Fault | None:
        planned = [fault for fault in PLANS[site][1:] if trouble_of(site, fault) in self.scenario]
        planned += [OTHERS_FIRST] if Trouble.AT_ONCE in self.scenario else []
        if not planned:
            return None
        fault = self._dice.one_of(planned)
        name = f"{self.errand}: {site} ({self._asked}) {fault.name}"
        if not self.scenario.lets(name):
            return None
        self.happened.append(name)
        return fault

    def _wrong(self, fault: Fault, real: Callable[[], Any]) -> Any:
        if fault is OTHERS_FIRST:
            self.agenda.meanwhile(OVERLAP, self._dice.one_of((1, 4, 16)))
            if self.agenda.now > self._dies:
                raise Died
            return real()
        if fault.late:
            self.agenda.after(self._dice.between(1, 900), lambda: void(real))
        answer = real() if fault.applied else None
        if fault.deadly:
            raise Died
        if fault.again:
            answer = real()
        if isinstance(fault.answer, Raised):
            raise fault.answer.error()
        return answer if fault.answer is None else fault.answer


class Door:
    """One port as the errand sees it."""

    name = "memory"

    def __init__(self, name: str, port: Any, doors: Doors) -> None:
        self._name, self._port, self._doors = name, port, doors

    def __getattr__(self, method: str) -> Callable[..., Any]:
        site, real, ask = f"{self._name}.{method}", getattr(self._port, method), self._doors.ask

        def asked(*args: Any, **more: Any) -> Any:
            return ask(site, real, args, more)

        return asked


def void(real: Callable[[], Any]) -> None:
    """Does it; nobody hears the answer."""
    real()
