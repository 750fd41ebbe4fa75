"""Several providers in order: the next one is asked only when the one before surely did not take the text."""

from collections.abc import Sequence
from dataclasses import dataclass

from arrears.ports import Accepted, NotAccepted, Refused, Sms, SmsProvider, Unclear


@dataclass(frozen=True, slots=True)
class Failover:
    """Asks each provider once, in the given order, until one takes the text.

    Only NotAccepted leads on: a refused number is as bad elsewhere, and what nobody knows may already be on its way.
    A provider that refuses our key or has no credit is passed over like any other, for each text anew, so that it
    serves again as soon as it is put right; `passed_over` reports it meanwhile. The run halts when all of them would
    halt it. Codes bear the provider's name, so that a person knows whom to ask.
    """

    providers: Sequence[SmsProvider]
    name: str = "failover"

    def send(self, sms: Sms) -> Accepted:
        """Hands the text over, to one provider."""
        passed: list[NotAccepted] = []
        for provider in self.providers:
            try:
                taken = provider.send(sms)
            except NotAccepted as error:
                passed.append(_named(provider, error))
            except (Refused, Unclear) as error:
                raise type(error)(f"{provider.name}:{error.code}") from None
            else:
                return Accepted(taken.provider, taken.message_id, tuple(error.code for error in passed))
        raise _together(passed) from None

    def find(self, reference: str) -> Accepted | None:
        """Found when any of them has it; surely never seen only when all of them say so."""
        unsure: list[str] = []
        for provider in self.providers:
            try:
                if found := provider.find(reference):
                    return found
            except LookupError:
                unsure.append(provider.name)
        if unsure:
            raise LookupError(f"cannot be asked: {', '.join(unsure)}")
        return None


def _named(provider: SmsProvider, error: NotAccepted) -> NotAccepted:
    return NotAccepted(f"{provider.name}:{error.code}", retry_after=error.retry_after, halts=error.halts)


def _together(passed: Sequence[NotAccepted]) -> NotAccepted:
    waits = [error.retry_after for error in passed if error.retry_after is not None]
    return NotAccepted(
        ",".join(error.code for error in passed),
        retry_after=min(waits, default=None),
        halts=all(error.halts for error in passed),
    )
