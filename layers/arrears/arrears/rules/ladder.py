"""The ladder, from the most serious step down: the first that is due is the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from arrears.model import Case, Decision, HoldKind, Reason, Step, Tenant
from arrears.policy import Policy
from arrears.rules.bars import BARS, in_court
from arrears.rules.letters import (
    agreement_broken,
    contacted,
    fee_too_early,
    letter_unanswered,
    not_reminded,
    reminder_unanswered,
    time_to_answer,
    time_to_pay,
    warning_unanswered,
)
from arrears.rules.notices import age_outside, court_opened, no_channel
from arrears.rules.people import by_mobile, by_notice_channel, by_post
from arrears.rules.reminders import CRITERIA, no_criterion, no_mobile, reminded_this_month
from arrears.rules.situations import Rule, Situation, holding, situation

_TOLD_IN_ORDER = {reason: place for place, reason in enumerate(Reason)}


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: due when one reason speaks for it, none against it, and somebody may be written to.

    What stands against it is told once the rung has started: a tenant who was never reminded need not read why the
    warning before court is not due.
    """

    step: Step
    speaks_for: tuple[Rule, ...]
    against: tuple[Rule, ...]
    to: Callable[[Situation], tuple[Tenant, ...]]
    has_started: Callable[[Situation], bool] = lambda at: True


# The order of CONTRACT section 2, but for one thing: a case whose last warning was not answered belongs to a person,
# so no reminder or collection letter of the machine comes before that.
LADDER: tuple[Rung, ...] = (
    Rung(Step.COURT_NOTICE, (court_opened,), (age_outside, no_channel), by_notice_channel, in_court),
    Rung(
        Step.COURT_WARNING_LETTER,
        (letter_unanswered,),
        (time_to_pay, fee_too_early, contacted),
        by_post,
        lambda at: letter_unanswered(at) is not None,
    ),
    Rung(
        Step.AGREEMENT_BROKEN_LETTER,
        (agreement_broken,),
        (fee_too_early, contacted),
        by_post,
        lambda at: agreement_broken(at) is not None,
    ),
    Rung(
        Step.HAND_TO_PERSON,
        (warning_unanswered,),
        (time_to_pay,),
        by_post,
        lambda at: warning_unanswered(at) is not None,
    ),
    Rung(
        Step.COLLECTION_LETTER,
        (reminder_unanswered,),
        (not_reminded, time_to_answer, fee_too_early, contacted),
        by_post,
    ),
    Rung(Step.SMS_REMINDER, CRITERIA, (no_criterion, reminded_this_month, no_mobile), by_mobile),
)


def decide(case: Case, policy: Policy, today: date) -> Decision:
    """What is due to one tenancy today: the most serious step, or `none` with everything that stands in the way.

    In the way stand all bars that hold and, where there is debt, what speaks against each rung that has started.
    Bars win over everything: a step that is barred is not handed to a person either.
    """
    at = situation(case, policy, today)
    bars = holding(BARS, at)
    notice_bars = [bar for bar in bars if bar is not Reason.COURT_PENDING]
    in_the_way = list(bars)
    for rung in LADDER if at.debt else ():
        if rung.has_started(at):
            against = holding(rung.against, at)
            barred = notice_bars if rung.step is Step.COURT_NOTICE else bars
            if not against and not barred and (reasons := _reasons_for(rung, at)):
                return _due(rung, reasons, at)
            in_the_way += against
    return _decision(at, Step.NONE, in_the_way)


def _reasons_for(rung: Rung, at: Situation) -> list[Reason]:
    return holding(rung.speaks_for, at) if rung.step in at.policy.scope.steps else []


def _due(rung: Rung, reasons: list[Reason], at: Situation) -> Decision:
    """The step, or a person in its place where a machine may not write to anyone or a guardian must be found."""
    if rung.step is Step.HAND_TO_PERSON:
        return _decision(at, Step.HAND_TO_PERSON, reasons)
    recipient = next((tenant for tenant in rung.to(at) if not tenant.contact_forbidden), None)
    by_hand = [Reason.CONTACT_FORBIDDEN] if recipient is None else []
    by_hand += [Reason.GUARDIAN] if HoldKind.GUARDIAN in at.holds else []
    if recipient is None or by_hand:
        return _decision(at, Step.HAND_TO_PERSON, by_hand)
    return _decision(at, rung.step, reasons, recipient.tenant_id)


def _decision(at: Situation, step: Step, reasons: list[Reason], recipient: str | None = None) -> Decision:
    return Decision(
        tenancy_id=at.snapshot.tenancy_id,
        on=at.today,
        step=step,
        reasons=tuple(sorted(set(reasons), key=_TOLD_IN_ORDER.__getitem__) if len(reasons) > 1 else reasons),
        recipient=recipient,
        policy=at.policy.name,
    )
