"""The portfolio in a process of its own, as a rent ledger is a system of its own: while the cloud lives through a day,
the night's export is written already."""

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from arrears.calendar import is_working_day
from arrears.model import Step
from tests.local.portfolio import DAY, Portfolio
from tests.local.tenancy import Row

_portfolio: Portfolio  # the other process's


class Apart:
    """Lives and answers as a Portfolio of the same tenancies, seed and start; used as a context.

    All reaches it in order. What it raises when it is told something is raised when it is next told to live on, or at
    the end.
    """

    def __init__(self, tenancies: int, seed: int, start: date) -> None:
        self.today = start
        self._desk = TemporaryDirectory()
        self._process = ProcessPoolExecutor(1, initializer=_begin, initargs=(tenancies, seed, start))
        self._told: list[Future[Any]] = []
        self._get_ready()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        try:
            if not failed:
                self._hear()
        finally:
            self._process.shutdown(cancel_futures=True)
            self._desk.cleanup()

    def advance(self, day: date) -> None:
        """Lives on to the end of that day."""
        self._hear()
        self._told = [self._tell(Portfolio.advance, day)]
        self.today = day
        self._get_ready()

    def react(self, kind: Step, tenancy_id: str, on: date) -> None:
        """Tells a tenancy that a text, letter or notice arrived that day."""
        self._told.append(self._tell(Portfolio.react, kind, tenancy_id, on))

    def export(self) -> list[Row]:
        """Today's ledger rows, of those who need one."""
        return self._rows.result()

    def write_export(self, folder: Path) -> Path:
        """Today's export of everyone, brought into the folder. Raises LookupError unless the next day is a working day:
        on others no export comes."""
        if self._file is None:
            raise LookupError(f"no export comes after {self.today}")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(self._file.result(), folder / self._file.result().name))

    def _hear(self) -> None:
        told, self._told = self._told, []
        for each in told:
            each.result()

    def _get_ready(self) -> None:
        """Asks at once for what will be wanted: nothing that is told today changes today."""
        self._rows: Future[list[Row]] = self._tell(Portfolio.export, self.today)
        self._file: Future[Path] | None = None
        if is_working_day(self.today + DAY):
            self._file = self._tell(_write, self.today, Path(self._desk.name))

    def _tell(self, what: Callable[..., Any], *how: object) -> Future[Any]:
        return self._process.submit(_do, what, *how)


def _begin(tenancies: int, seed: int, start: date) -> None:
    global _portfolio
    _portfolio = Portfolio(tenancies, seed, start)


def _do(what: Callable[..., Any], *how: object) -> Any:
    return what(_portfolio, *how)


def _write(portfolio: Portfolio, day: date, folder: Path) -> Path:
    return portfolio.write_export(day, folder, everyone=True)
