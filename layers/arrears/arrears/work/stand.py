"""Holds and waivers that people put on a tenancy: who, why, until when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from arrears.ledger import Standing, StandingHold
from arrears.model import HoldKind
from arrears.ports import Ledger
from arrears.work.operate import NotAllowed


@dataclass(frozen=True, slots=True)
class Stand:
    """Changes what stands beside a tenancy's snapshot. It takes effect at once, for what is planned too."""

    ledger: Ledger

    def add(self, tenancy_id: str, kind: HoldKind, until: date | None, who: str, why: str, now: datetime) -> Standing:
        """Puts a hold on a tenancy; one of each kind."""

        def with_hold(standing: Standing) -> Standing:
            if any(hold.kind is kind for hold in standing.holds):
                raise NotAllowed(f"{tenancy_id} has a hold of kind {kind} already: end it first")
            hold = StandingHold(kind=kind, until=until, by=who, why=why, since=now)
            return standing.model_copy(update={"holds": (*standing.holds, hold)})

        return self._change(tenancy_id, with_hold)

    def end(self, tenancy_id: str, kind: HoldKind) -> Standing:
        """Takes a hold off. A hold that the rent ledger exports ends there, not here."""

        def without_hold(standing: Standing) -> Standing:
            holds = tuple(hold for hold in standing.holds if hold.kind is not kind)
            if len(holds) == len(standing.holds):
                raise NotAllowed(f"{tenancy_id} has no hold of kind {kind} here; the rent ledger's own end there")
            return standing.model_copy(update={"holds": holds})

        return self._change(tenancy_id, without_hold)

    def waive(self, tenancy_id: str, who: str) -> Standing:
        """Letters to this tenancy carry no fee from now on."""
        return self._change(tenancy_id, lambda standing: standing.model_copy(update={"waived_by": who}))

    def _change(self, tenancy_id: str, change: Callable[[Standing], Standing]) -> Standing:
        before = self.ledger.remembered(tenancy_id).standing
        after = change(before or Standing(tenancy_id=tenancy_id))
        if not self.ledger.stand(after, before):
            raise NotAllowed(f"{tenancy_id} was changed at this moment: look again")
        return after
