"""Outside production only listed test numbers are texted; nobody else's phone ever rings."""

from dataclasses import dataclass

from arrears.ports import Accepted, Sms, SmsProvider


@dataclass(frozen=True, slots=True)
class OnlyTestNumbers:
    """Lets texts to the listed numbers (E.164) through to the real provider; all others are answered by `others`."""

    real: SmsProvider
    others: SmsProvider
    numbers: frozenset[str]
    name: str = "test_numbers"

    def send(self, sms: Sms) -> Accepted:
        """Hands the text to the one whom the number belongs to."""
        return (self.real if sms.to in self.numbers else self.others).send(sms)

    def find(self, reference: str) -> Accepted | None:
        """Found when either has it."""
        return self.others.find(reference) or self.real.find(reference)
