"""All tests once, as the house is: how long each takes, and which lines of the house it runs."""

import sys
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.switch import Switch, inside

MONITORING: Any = getattr(sys, "monitoring", None)  # since Python 3.12

Line = tuple[str, int]


@dataclass(frozen=True)
class Seen:
    """The seconds of each test, and by a line of a file the tests that run it; a test goes by its place."""

    seconds: list[float]
    reaching: dict[Line, list[int]]


class Watch:
    """A pytest plugin that tells each line once a span."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._lines: set[Line] = set()
        self._set_up: dict[Any, set[Line]] = {}
        tool, ran = MONITORING.COVERAGE_ID, MONITORING.events.LINE
        MONITORING.use_tool_id(tool, "changes")
        MONITORING.register_callback(tool, ran, self._ran)
        for code in switch.codes():
            MONITORING.set_local_events(tool, code, ran)
        switch.when_loaded(self._listened_to)

    def all(self, items: list[pytest.Item]) -> Seen:
        """Runs them. Each begins with nothing remembered, so that it runs whatever it needs."""
        seen = Seen([], defaultdict(list))
        for place, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
            self._switch.forget()
            with self._span() as lines:
                reports = runtestprotocol(item, log=False, nextitem=following)
            for report in reports:
                assert not report.failed, f"it fails with nothing changed: {item.nodeid}\n{report.longreprtext}"
            seen.seconds.append(sum(report.duration for report in reports))
            for line in lines | self._of_module(item):
                seen.reaching[line].append(place)
        return seen

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """What is set up for several tests counts for each of them."""
        if fixturedef.scope == "function":
            return (yield)
        with self._span() as lines:
            result = yield
        self._set_up[fixturedef] = lines
        return result

    def _of_module(self, item: pytest.Item) -> set[Line]:
        fixtures = item._fixtureinfo.name2fixturedefs.values()  # type: ignore[attr-defined]
        return {line for same in fixtures for one in same for line in self._set_up.get(one, ())}

    def _listened_to(self, code: CodeType) -> CodeType:
        """The code of a file that is loaded meanwhile."""
        for part in inside(code):
            MONITORING.set_local_events(MONITORING.COVERAGE_ID, part, MONITORING.events.LINE)
        return code

    def _ran(self, code: CodeType, line: int) -> object:
        self._lines.add((code.co_filename, line))
        return MONITORING.DISABLE

    @contextmanager
    def _span(self) -> Iterator[set[Line]]:
        """The lines that run inside; a span may lie in another."""
        outer, self._lines = self._lines, set()
        MONITORING.restart_events()
        try:
            yield self._lines
        finally:
            outer |= self._lines
            self._lines = outer
            MONITORING.restart_events()
