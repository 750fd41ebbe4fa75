"""What people and the payment feed know about a tenancy beside its last snapshot, and the case that comes of both."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import AwareDatetime

from arrears.calendar import helsinki_day
from arrears.ledger.rows import Row
from arrears.model import Agreement, AgreementStatus, Case, Day, Facts, Hold, HoldKind, Identifier, Snapshot


class StandingHold(Facts):
    """A hold that a person or the payment feed put on a tenancy: who, why, and since when."""

    kind: HoldKind
    until: Day | None = None
    by: str
    why: str
    since: AwareDatetime


class Standing(Facts):
    """What is known about a tenancy beside its last snapshot: operators' holds, waived fees, and news of payments and
    agreements that are younger than the snapshot."""

    tenancy_id: Identifier
    holds: tuple[StandingHold, ...] = ()
    waived_by: str | None = None
    paid_at: AwareDatetime | None = None
    agreed_at: AwareDatetime | None = None

    def applied_to(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with what is known beside it. News older than the snapshot is already in it."""
        changes: dict[str, object] = {}
        if self.holds:
            changes["holds"] = snapshot.holds + tuple(Hold(kind=hold.kind, until=hold.until) for hold in self.holds)
        if self._is_news(self.paid_at, snapshot):
            changes["open_items"] = ()
        if self.agreed_at and self._is_news(self.agreed_at, snapshot):
            agreed_on = helsinki_day(self.agreed_at)
            changes["agreement"] = Agreement(agreed_on=agreed_on, status=AgreementStatus.ACTIVE)
        return snapshot.model_copy(update=changes) if changes else snapshot

    @staticmethod
    def _is_news(at: datetime | None, snapshot: Snapshot) -> bool:
        return at is not None and helsinki_day(at) >= snapshot.as_of


def case_of(snapshot: Snapshot, rows: Iterable[Row], standing: Standing | None = None) -> Case:
    """Everything the judgement may look at."""
    history = tuple(past for row in rows if (past := row.past))
    return Case(snapshot=standing.applied_to(snapshot) if standing else snapshot, history=history)
