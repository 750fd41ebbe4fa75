"""The doors to the street: what the errands ask of the world outside, and the three fates of a send."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sms:
    """One text on its way: number in E.164, sender name, final words, our own reference (no personal data)."""

    to: str
    sender: str
    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it. `message_id` is the provider's name for it, `provider` ours for the provider."""

    provider: str
    message_id: str


class NotAccepted(Exception):
    """Surely not sent, and it may pass: the claim is given back and another provider may be tried.

    `code` is the provider's own word (never personal data); `retry_after` seconds when it said so; `halts` when
    nothing else will be accepted either (wrong key, no credit), so that the run stops at the first.
    """

    def __init__(self, code: str, *, retry_after: float | None = None, halts: bool = False) -> None:
        super().__init__(code)
        self.code, self.retry_after, self.halts = code, retry_after, halts


class Refused(Exception):
    """Surely not sent, and it will not pass: this number is refused for good, a person looks."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SmsProvider(Protocol):
    """A company that sends texts. One call is one HTTP attempt."""

    name: str

    def send(self, sms: Sms) -> Accepted:
        """Hands the text over once. Raises NotAccepted or Refused when it surely was not sent; any other exception
        means that nobody knows, and it is never sent again by machine."""
        ...

    def find(self, reference: str) -> Accepted | None:
        """What became of the text with our reference: accepted, or surely never seen (None).
        Raises LookupError where the provider cannot be asked or does not know."""
        ...
