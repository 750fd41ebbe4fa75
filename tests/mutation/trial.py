"""The trial, as a pytest plugin: each change is switched on in a fork of this process, which has loaded everything and
run nothing, and only the tests that run a changed line are asked, quickest first, until one fails."""

import gc
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from enum import IntEnum
from functools import partial
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutation.changes import Change
from tests.mutation.switch import Switch
from tests.mutation.watched import Seen, Watch

# Seconds of tests that one change is worth: what only the longer ones would notice counts as unnoticed.
WORTH = 60
# These hold a whole page, month or life at once: they notice much, so they are asked whatever came before them.
WHOLE = ("golden", "test_said", "test_calls")
# A change may make a test go on for ever: it is noticed when a test works so many times as long and these seconds more,
# for what the first test in a fork has to load, or when it waits for so many.
TIMES, GRACE, PATIENCE = 10, 10, 60
MEMORY = 4 << 30


class Verdict(IntEnum):
    """What came of a change; the last is an error of the trial itself."""

    UNNOTICED, NOTICED, BROKEN = 0, 1, 2


class Trial:
    """The changes to try, the files of the house by the name of each, and how many at a time; afterwards what came."""

    def __init__(self, changes: Sequence[Change], files: Mapping[Path, str], at_a_time: int) -> None:
        self.changes = changes
        self.verdicts: dict[Change, Verdict] = {}
        self._unchanged = Verdict.BROKEN
        self._files = files
        self._at_a_time = at_a_time
        self._running: dict[int, Change | None] = {}

    def pytest_sessionstart(self) -> None:
        """The same examples every time, and none made smaller: that it failed is enough."""
        quick = settings(deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
        settings.register_profile("changes", quick)
        settings.load_profile("changes")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once."""
        if session.testsfailed:
            raise session.Interrupted("there are tests that cannot be loaded")
        for module in self._files.values():
            import_module(module)  # some is loaded only when it is used
        self._switch = Switch(self._files)
        self._switch.forget()
        gc.collect()
        gc.freeze()
        seen = self._seen(session)
        self._running[_fork(partial(self._ask, session, None, list(enumerate(seen.seconds))))] = None
        whole = {place for place, item in enumerate(session.items) if item.path.stem.endswith(WHOLE)}
        for number, change in enumerate(self.changes):
            self._report(number)
            if len(self._running) == self._at_a_time:
                self._settle()
            asked = _asked(change, seen, whole)
            self._running[_fork(partial(self._ask, session, change, asked))] = change
        while self._running:
            self._settle()
        if self._unchanged is not Verdict.UNNOTICED:
            raise session.Interrupted("a test fails in a fork, though nothing is changed there")
        return True

    def _seen(self, session: pytest.Session) -> Seen:
        """Run in a fork too, since some tests start threads, and no fork takes those along."""
        with TemporaryDirectory() as folder:
            file = Path(folder, "seen")
            _, status = os.waitpid(_fork(partial(self._watch, session, file)), 0)
            if os.waitstatus_to_exitcode(status) == Verdict.BROKEN:
                raise session.Interrupted("the tests must pass first")
            seen: Seen = pickle.loads(file.read_bytes())
            return seen

    def _watch(self, session: pytest.Session, file: Path) -> Verdict:
        watch = Watch(self._switch)
        session.config.pluginmanager.register(watch)
        seen = watch.all(session.items)
        assert seen.reaching, "no test runs anything of the house"
        file.write_bytes(pickle.dumps(seen))
        return Verdict.UNNOTICED

    def _ask(self, session: pytest.Session, change: Change | None, asked: list[tuple[int, float]]) -> Verdict:
        """Ends the process itself as soon as a test fails. Without a change all must pass: that is tried once."""
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        session.config.pluginmanager.register(AtOnce())
        if change:
            self._switch.on(change)
        items = [session.items[place] for place, _ in asked]
        for item, following, (_, seconds) in zip(items, [*items[1:], None], asked, strict=False):
            signal.setitimer(signal.ITIMER_PROF, seconds * TIMES + GRACE)
            signal.alarm(int(seconds * TIMES) + PATIENCE)
            runtestprotocol(item, log=False, nextitem=following)
        return Verdict.UNNOTICED

    def _settle(self) -> None:
        """Waits for one fork. One that was ended from outside went on for too long: that is noticed."""
        child, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        change, verdict = self._running.pop(child), Verdict.NOTICED if code < 0 else Verdict(code)
        if change:
            self.verdicts[change] = verdict
        else:
            self._unchanged = verdict

    def _report(self, number: int) -> None:
        if sys.__stderr__ and number % 50 == 0:
            print(f"{number} of {len(self.changes)} changes tried", end="\r", file=sys.__stderr__, flush=True)


class AtOnce:
    """A pytest plugin for a fork: one failure is enough, and nobody reads how it came about."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        if call.excinfo and not call.excinfo.errisinstance(pytest.skip.Exception):
            os._exit(Verdict.NOTICED)


def _fork(work: Callable[[], Verdict]) -> int:
    """The number of the process that does the work and ends with its verdict."""
    child = os.fork()
    if child:
        return child
    try:
        os._exit(work())
    except BaseException as error:
        print(f"{error!r}", file=sys.__stderr__, flush=True)
        os._exit(Verdict.BROKEN)


def _asked(change: Change, seen: Seen, whole: Container[int]) -> list[tuple[int, float]]:
    """The tests that run a changed line, with their seconds: quickest first, as many as the change is worth."""
    found = {place for line in change.reached_by() for place in seen.reaching.get((f"{change.file}", line), ())}
    quickest = sorted((seen.seconds[place], place) for place in found)
    spent = accumulate(seconds for seconds, _ in quickest)
    each = zip(quickest, spent, strict=True)
    return [(place, seconds) for (seconds, place), sum_ in each if sum_ - seconds < WORTH or place in whole]
