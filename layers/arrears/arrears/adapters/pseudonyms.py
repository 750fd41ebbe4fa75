"""Names that say nothing without our key: HMAC-SHA256, so that neither a reference nor a lock gives a person away."""

import hmac
from collections.abc import Callable
from functools import cached_property

from arrears.ledger import CaseKey


class KeyedPseudonyms:
    """Made with the secret that `secret` reads, once."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._read = secret

    def reference(self, key: CaseKey) -> str:
        return self._digest("case", str(key))[:32]

    def number(self, e164: str) -> str:
        return self._digest("number", e164)[:32]

    @cached_property
    def _secret(self) -> bytes:
        return self._read().encode()

    def _digest(self, kind: str, value: str) -> str:
        return hmac.new(self._secret, f"{kind}:{value}".encode(), "sha256").hexdigest()
