"""The servers that the shipped adapters are also tried on: started once, when the first test asks for one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.e2e import ministack
from tests.servers import dynalite
from tests.servers.streets import Server, on_dynalite, on_ministack


@pytest.fixture(scope="session", name="ministack")
def _ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from running(on_ministack, ministack.PROGRAM, tmp_path_factory)


@pytest.fixture(scope="session", name="dynalite")
def _dynalite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from running(on_dynalite, dynalite.PROGRAM, tmp_path_factory)


def running(
    start: Callable[[Path], AbstractContextManager[Server]], program: Path, folders: pytest.TempPathFactory
) -> Iterator[Server]:
    """The server while the tests last; they are skipped where it is not installed."""
    if not program.exists():
        pytest.skip(f"{program.name} is not installed: `make servers` does that, with Python 3.13 and npm")
    with start(folders.mktemp(program.name)) as server:
        yield server
