"""One deployed stack for all these tests, on which a month was lived."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.e2e.aftermath import Aftermath, look
from tests.e2e.month import Month
from tests.e2e.stack import Stack, deployed

TENANCIES = int(os.environ.get("E2E_TENANCIES", "2000"))


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]
    """Gives one folder's tests to one process: the stack is deployed once."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0].rpartition("/")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """Where there are several processes."""
    return ByFolder(config, log)


@pytest.fixture(scope="session")
def month() -> Iterator[Month]:
    """The month, lived; its stack still stands."""
    with TemporaryDirectory(prefix="arrears-e2e-") as folder, deployed(Path(folder)) as stack:
        month = Month(stack, TENANCIES, Path(folder))
        month.live()
        yield month


@pytest.fixture(scope="session")
def after(month: Month) -> Aftermath:
    """What the month left behind, before any test touched it."""
    return look(month)


@pytest.fixture
def stack(month: Month, after: Aftermath) -> Stack:
    """The stack, once the month is over and has been looked at."""
    return month.stack
