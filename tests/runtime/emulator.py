"""A function under Lambda's own runtime: the Runtime Interface Emulator of the SAM CLI starts AWS's runtime client,
with the built function as /var/task and the built layers as /opt would hold them, and nothing else of ours."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.e2e.deploying import BUILT
from tests.e2e.ministack import free_port, is_free
from tests.local.template import ROOT

PYTHON = ROOT / ".venvs/runtime/bin/python"
PROCESSOR = {"aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
STARTS_WITHIN, ENDS_WITHIN = 60.0, 5.0
LAYERS = {name: BUILT / name for name in ("ArrearsLayer", "TypstLayer")}


class NotBuilt(RuntimeError):
    """Something that `make e2e` makes first is not there; says what."""


class Failed(RuntimeError):
    """What Lambda says of a call that failed: the kind of error, and its words."""


@dataclass(frozen=True)
class Deployed:
    """What Lambda is told of one function: its folder, its layers' folders, handler, seconds and environment."""

    code: Path
    layers: Sequence[Path]
    handler: str
    timeout: float
    environment: Mapping[str, str]


def emulator() -> Path:
    """The emulator for this machine's processor. Raises NotBuilt."""
    found = list((ROOT / ".venvs/sam").glob(f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{PROCESSOR}"))
    if not found or not PYTHON.exists() or not BUILT.exists():
        raise NotBuilt("the emulator, the runtime or what is built is not there: run `make e2e`, which makes them")
    return found[0]


def call(function: Deployed, event: Any, folder: Path) -> Any:
    """Starts the function cold, calls it once and answers what it answers. Raises Failed."""
    with running(function, folder) as url:
        request = Request(f"{url}/2015-03-31/functions/function/invocations", json.dumps(event).encode())
        try:
            with urlopen(request, timeout=function.timeout + STARTS_WITHIN) as answer:
                said = answer.read().decode()
        except HTTPError as error:  # it did not even start
            said = error.read().decode()
    try:
        told = json.loads(said)
    except ValueError:
        raise Failed(said) from None  # the emulator's own words: the function ran out of time
    if isinstance(told, dict) and "errorType" in told:
        raise Failed(f"{told['errorType']}: {told.get('errorMessage')}")
    return told


@contextmanager
def running(function: Deployed, folder: Path) -> Iterator[str]:
    """The emulator with the function in it, as an address."""
    ports = [free_port(), free_port()]
    addresses = [f"127.0.0.1:{port}" for port in ports]
    with (folder / f"{function.code.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [emulator(), "--runtime-interface-emulator-address", addresses[0], "--runtime-api-address", addresses[1],
             PYTHON, "-m", "awslambdaric", function.handler],
            cwd=function.code, env=_environment(function), stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(ports[0])
        yield f"http://{addresses[0]}"
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(function: Deployed) -> dict[str, str]:
    """Lambda looks for code in the function first and in its layers next."""
    path = [function.code, *(layer / "python" for layer in function.layers)]
    return {
        **function.environment,
        "PATH": "/usr/bin:/bin",
        "LAMBDA_TASK_ROOT": str(function.code),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(int(function.timeout)),
        "PYTHONPATH": os.pathsep.join([*map(str, path), *filter(None, [function.environment.get("PYTHONPATH")])]),
    }


def _wait(port: int) -> None:
    until = monotonic() + STARTS_WITHIN
    while is_free(port):
        if monotonic() > until:
            raise NotBuilt(f"the emulator did not start on port {port}")
        sleep(0.05)
