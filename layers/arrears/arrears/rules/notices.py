"""The notice that court proceedings have begun: to whom it is news, and who is of its age."""

from arrears.model import Outcome, Reason, Step
from arrears.rules.bars import in_court
from arrears.rules.people import by_notice_channel, of_notice_age
from arrears.rules.situations import Situation


def court_opened(at: Situation) -> Reason | None:
    """A case is pending, it is still news, and nobody was told yet."""
    court = at.snapshot.court
    if court is None or not in_court(at):
        return None
    is_news = 0 <= (at.today - court.opened_on).days <= at.policy.court.notice_within_days
    return Reason.COURT_OPENED if is_news and not _told(at) else None


def age_outside(at: Situation) -> Reason | None:
    """No main tenant was of the notice's age on the day the case was opened."""
    return None if of_notice_age(at) else Reason.AGE_OUTSIDE


def no_channel(at: Situation) -> Reason | None:
    """Nobody of that age has a number or an address that the notice can reach."""
    return Reason.NO_MOBILE if of_notice_age(at) and not by_notice_channel(at) else None


def _told(at: Situation) -> bool:
    """Any notice since the case was opened counts but one that could not even be tried."""
    opened_on = at.snapshot.court.opened_on if at.snapshot.court else at.today
    return any(
        past.step is Step.COURT_NOTICE and past.on >= opened_on and past.outcome is not Outcome.IMPOSSIBLE
        for past in at.history
    )
