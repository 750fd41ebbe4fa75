"""The doors to those who carry a message, and the fates of a send."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sms:
    """One text on its way: number in E.164, sender name, final words, our own reference (no personal data)."""

    to: str = field(repr=False)
    sender: str
    text: str = field(repr=False)
    reference: str


@dataclass(frozen=True, slots=True)
class Email:
    """One e-mail on its way: address, subject, final words as plain text, our own reference (no personal data)."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    reference: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it. `message_id` is the provider's name for it, `provider` ours for the provider.

    `passed_over` names the providers that were asked before and surely did not take it, with their codes: they must be
    reported even though the text has left.
    """

    provider: str
    message_id: str
    passed_over: tuple[str, ...] = ()


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


class Unclear(Exception):
    """Nobody knows whether it was sent: the line broke after the call had left, or the answer cannot be trusted.

    Neither NotAccepted nor Refused: never sent again by machine, never a reason to try another provider. `code` says
    what was seen (never personal data).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SmsProvider(Protocol):
    """A company that sends texts. One call is one HTTP attempt."""

    @property
    def name(self) -> str:
        """Our name for the company."""
        ...

    def send(self, sms: Sms) -> Accepted:
        """Hands the text over once. Raises NotAccepted or Refused when it surely was not sent; any other exception,
        Unclear among them, means that nobody knows, and it is never sent again by machine."""
        ...

    def find(self, reference: str) -> Accepted | None:
        """What became of the text with our reference: accepted, or surely never seen (None).
        Raises LookupError where the provider cannot be asked or does not know."""
        ...


class EmailProvider(Protocol):
    """A company that sends e-mail, with the same fates as a text. One call is one HTTP attempt."""

    @property
    def name(self) -> str:
        """Our name for the company."""
        ...

    def send(self, email: Email) -> Accepted:
        """Hands the e-mail over once; raises as SmsProvider.send does."""
        ...

    def find(self, reference: str) -> Accepted | None:
        """What became of the e-mail with our reference; answers and raises as SmsProvider.find does."""
        ...
