"""Not faster than the provider agreed to. With a bounded number of senders, each keeps to its share of the rate."""

from time import monotonic, sleep

from arrears.ports import Accepted, Sms, SmsProvider


class Paced:
    """The same provider, asked at most `per_second` times a second by this sender."""

    def __init__(self, provider: SmsProvider, per_second: float) -> None:
        self.provider, self.name = provider, provider.name
        self._between, self._next = 1 / per_second, 0.0

    def send(self, sms: Sms) -> Accepted:
        sleep(max(0.0, self._next - monotonic()))
        self._next = monotonic() + self._between
        return self.provider.send(sms)

    def find(self, reference: str) -> Accepted | None:
        return self.provider.find(reference)
