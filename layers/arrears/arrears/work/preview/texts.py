"""The messages as they will read, how many of each, and what they cost."""

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from arrears import wording
from arrears.ledger import Status
from arrears.model import Step
from arrears.work.plan import Line
from arrears.work.preview.counting import Counted


def cents(amount: Decimal) -> str:
    """Euros as they are told: 1,234.50."""
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@dataclass(frozen=True, slots=True)
class Message:
    """One text in its final words. An e-mail costs nothing by the segment."""

    step: Step
    words: str
    count: int
    segments: int

    def cost(self, price: Decimal) -> Decimal:
        """Euros for all of them, exactly."""
        return self.count * self.segments * price


def messages(counted: Counted) -> list[Message]:
    """Every different text that would leave, the commonest first."""
    notices = [line for line in counted.lines if line.key.step is Step.COURT_NOTICE and line.status is Status.PLANNED]
    read = Counter(_words(line, counted) for line in [*counted.planned(), *notices])
    return [
        Message(step, words, count, wording.segments(words).segments) for (step, words), count in read.most_common()
    ]


def _words(line: Line, counted: Counted) -> tuple[Step, str]:
    return line.key.step, wording.render(line.key.step, line.reasons, counted.policy).words
