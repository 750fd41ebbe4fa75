"""The landlord's office: the real errands, put together on the doors of one worker each, and its world's policy."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache
from itertools import count
from typing import Any
from unittest.mock import patch

from arrears.creditor import example
from arrears.letters import Letter
from arrears.policy import Policy, policy_named, policy_on
from arrears.work import import_, notify, operate, print_, reconcile, release, select
from arrears.work.import_ import Import
from arrears.work.notify import Notify
from arrears.work.print_ import Print, PrintBatch
from arrears.work.reconcile import Reconcile
from arrears.work.release import Release
from arrears.work.select import Select
from tests.fakes import pseudonyms
from tests.makers import a_policy
from tests.proof.explorer import Ports
from tests.proof.streets import Look
from tests.simulator.scenario import Scenario, Trouble
from tests.world import SHARDS

NAMES, LANDLORD = pseudonyms(), example()
BELLS = {"notices": "notices", "letters": "post"}
ERRANDS = (import_, notify, operate, print_, reconcile, release, select)


class Office:
    """Makes errands. A token is never given twice."""

    def __init__(self, scenario: Scenario) -> None:
        self.daily_cap = scenario.dice("cap").one_of((3, 8, 5000)) if Trouble.NARROW in scenario else 5000
        self._tokens = count()

    def importing(self, port: Ports) -> Import:
        """The night's import."""
        return Import(port("snapshots"), port("records"), SHARDS)

    def selecting(self, port: Ports, by: str = "schedule") -> Select:
        """The ticks."""
        kept = port("snapshots"), port("ledger"), port("runs"), port("records")
        return Select(*kept, NAMES, self.releasing(port), by)

    def releasing(self, port: Ports) -> Release:
        """A run's next wave."""
        bells = {name: port(bell) for name, bell in BELLS.items()}
        return Release(port("snapshots"), port("ledger"), port("runs"), port("records"), bells)

    def notifying(self, port: Ports) -> Notify:
        """A sender."""
        ways = port("sms"), port("email"), NAMES
        return Notify(Look(port), port("ledger"), port("runs"), *ways, "Heka", self.daily_cap, self._token)

    def printing(self, port: Ports) -> Print:
        """A printer of letters."""
        return Print(Look(port), port("ledger"), port("letters"), LANDLORD, drawn, self.daily_cap, self._token)

    def reconciling(self, port: Ports) -> Reconcile:
        """The hourly errand."""
        providers = {"sms": port("sms"), "email": port("email")}
        bells = {name: port(bell) for name, bell in BELLS.items()}
        batch = PrintBatch(port("letters"))
        return Reconcile(port("ledger"), port("runs"), providers, bells, self.releasing(port), batch)

    def _token(self) -> str:
        return f"owner-{next(self._tokens)}"


def drawn(letter: Letter) -> bytes:
    """What is printed: the letter's figures, as JSON."""
    claim = letter.claim
    told = {name: f"{getattr(claim, name)}" for name in ("principal", "fee", "total", "earlier_fees")}
    told |= {"step": letter.step, "on": f"{letter.on}", "pay_by": f"{letter.payment.pay_by}"}
    return json.dumps(told | {"tenancy_id": letter.tenancy_id, "tenant_id": letter.recipient.tenant_id}).encode()


@cache
def in_force(day: date) -> str:
    """The name of the landlord's policy of that day."""
    return policy_on(day).name


@contextmanager
def policy_of(scenario: Scenario) -> Iterator[None]:
    """The world's policy: the landlord's, in narrow worlds with small numbers in it."""
    changes = changes_of(scenario)

    @cache
    def changed(name: str) -> Policy:
        return a_policy(changes, policy_named(name))

    def on(day: date) -> Policy:
        return changed(in_force(day))

    with ExitStack() as stack:
        for errand in ERRANDS:
            stack.enter_context(patch.object(errand, "policy_on", on))
        yield


def changes_of(scenario: Scenario) -> Mapping[str, Any]:
    """The numbers that are other than the landlord's."""
    if Trouble.NARROW not in scenario:
        return {}
    dice = scenario.dice("policy")
    choices: dict[str, tuple[Any, ...]] = {
        "guards.cap": (6, 15, 10000),
        "run.canary_first": (1, 3, 10),
        "run.auto_approve": (True, False),
        "scope.hold_out_share": ("0.00", "0.20"),
        "sending.attempts": (1, 2, 5),
        "guards.breaker_streak": (1, 3),
    }
    return {name: dice.one_of(values) for name, values in choices.items()}
