"""MiniStack: an AWS on one loopback port. It runs functions, mappings, notifications and schedules without Docker;
here it also enforces every policy (AUTH) and is reached by TLS only, as the template's own policies demand."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from tests.local.template import ACCOUNT, REGION, ROOT

PROGRAM = ROOT / ".venvs/cloud/bin/ministack"
STARTER = ROOT / "tests/e2e/emulator.py"
STARTS_WITHIN = 60.0


class NotRunning(RuntimeError):
    """MiniStack did not start; says what it printed last."""


@dataclass(frozen=True)
class Ministack:
    """A running one: its port on loopback, and the certificate that it shows."""

    port: int
    certificate: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """What a client needs in its environment to speak to it as the account's owner."""
        return {
            "AWS_ENDPOINT_URL": f"https://127.0.0.1:{self.port}",
            "AWS_CA_BUNDLE": str(self.certificate),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
        }


@contextmanager
def ministack(folder: Path, port: int = 0, extra: Mapping[str, str] | None = None) -> Iterator[Ministack]:
    """Starts one that keeps everything in the folder, and ends it with all its workers. Port 0 takes a free one.

    Raises NotRunning when it does not answer in time.
    """
    if not PROGRAM.exists():
        raise NotRunning("there is no MiniStack in .venvs/cloud: run `make local` or `make e2e`, which fill it")
    port = port or free_port()
    log = folder / "ministack.log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [PROGRAM.with_name("python"), "-P", STARTER], env=_environment(folder, port) | dict(extra or {}),
            cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(process, port, log)
        yield Ministack(port, folder / "ministack-tls/server.crt")
    finally:
        _end(process)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on that loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Its own environment: nothing of ours, so that no function finds anything by accident."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "AUTH": "true",
        "USE_SSL": "1",
    }


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = monotonic() + STARTS_WITHIN
    while monotonic() < until and process.poll() is None:
        if not is_free(port):
            return
        sleep(0.1)
    raise NotRunning(f"MiniStack did not start on port {port}: {log.read_text('utf-8', 'replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it and every worker that it started: they are all of its session. It is not asked: it would wait for open
    connections for ever, and it has nothing to keep."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
