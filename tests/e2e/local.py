"""The very template on this machine, for a person to try: `make local`. It runs until Ctrl-C and leaves nothing."""

import shlex
import signal
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from arrears.calendar import DAY
from tests.e2e.deploying import NotDeployed
from tests.e2e.ministack import NotRunning, free_port, is_free
from tests.e2e.month import LETTER_DAY, TICK
from tests.e2e.page import Page, page
from tests.e2e.stack import DoorFailed, Stack, deployed
from tests.e2e.town import Town
from tests.local.portfolio import Portfolio
from tests.local.template import ROOT

OUT = ROOT / "out/local"
CLOUD_PORT, PAGE_PORT = 4566, 8025
TENANCIES = 400
BANNER = """
This is the very template, deployed on a loopback AWS (MiniStack) on this machine. Every tenant is made up, and this
program plays the SMS provider: nobody is texted.

  1. Drop an export, in another terminal:     curl -T {first} {url}/
  2. Approve the first runs, in that one too: with the commands that this terminal will say
  3. See what left:                           {url}/
  4. See the letters, two weeks later:        curl -T {second} {url}/

The stack lives on the morning after the day of the export that was dropped last, and its ticks come by themselves.

To work on the stack as an operator, or with AWS's own tools:
  . {environment}
  arrears run status 2026-02
  aws s3 cp {first} s3://{inbox}/exports/

Ctrl-C ends it, and nothing of it stays.
"""


def main() -> None:
    """Deploys, then lives until it is interrupted."""
    for asked in (signal.SIGINT, signal.SIGTERM):  # a shell's background job would not even hear the first
        signal.signal(asked, signal.default_int_handler)
    try:
        _live()
    except (NotDeployed, NotRunning) as error:
        sys.exit(f"make local: {error}")
    except KeyboardInterrupt:
        _say("\nEnded before it was deployed.")


def _live() -> None:
    _say("Deploying on a loopback AWS: half a minute ...")
    with (
        TemporaryDirectory(prefix="arrears-local-") as folder,
        deployed(Path(folder), _port(CLOUD_PORT)) as stack,
        page(town := Town(stack), _port(PAGE_PORT)) as server,
    ):
        _say(_welcome(stack, server))
        try:
            while True:
                _pass_a_moment(town)
                sleep(2)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # taking it all away is not interrupted again
            _say("\nEnding: everything of it is taken away ...")
    _say("Ended; nothing of it is left running.")


def _pass_a_moment(town: Town) -> None:
    try:
        for said in town.pass_a_moment():
            _say(said)
    except (DoorFailed, TimeoutError) as error:
        _say(f"Something failed: {error}")


def _welcome(stack: Stack, server: Page) -> str:
    """Writes what a visitor needs into out/local, and says what to do with it."""
    portfolio = Portfolio(TENANCIES, start=TICK - DAY)
    first, second = (_export(portfolio, day - DAY) for day in (TICK, LETTER_DAY))
    environment = OUT / "environment"
    exports = {**stack.environment, "PATH": f"{ROOT}/.venv/bin:"}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in exports.items()]
    environment.write_text("\n".join(lines) + '"$PATH"\n', "utf-8")
    return BANNER.format(
        first=first.relative_to(ROOT),
        second=second.relative_to(ROOT),
        environment=environment.relative_to(ROOT),
        url=server.url,
        inbox=stack.outputs["InboxBucket"],
    )


def _export(portfolio: Portfolio, day: date) -> Path:
    portfolio.advance(day)
    return portfolio.write_export(day, OUT, everyone=True)


def _port(usual: int) -> int:
    return usual if is_free(usual) else free_port()


def _say(said: str) -> None:
    print(said, flush=True)


if __name__ == "__main__":
    main()
