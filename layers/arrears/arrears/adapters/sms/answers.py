"""What the HTTP providers have in common: which statuses surely mean "not sent", and a key that may not be readable."""

from arrears.adapters.http import Answer
from arrears.adapters.secrets import Secret
from arrears.ports import NotAccepted, Unclear

# Wrong key, no credit, not allowed, wrong address: nothing else will be accepted either.
HALTING = frozenset({401, 402, 403, 404, 405})
# This request, as it was: bad, too large, of a wrong type.
REFUSING = frozenset({400, 413, 415, 422})


def sort_status(answer: Answer) -> None:
    """Lets a 2xx pass. Raises NotAccepted for a 4xx that means "not taken", Unclear for every other status: a 5xx, a
    redirect or a time-out may stand before a text that was sent."""
    if 200 <= answer.status < 300:
        return
    code = f"http_{answer.status}"
    if answer.status == 429:
        raise NotAccepted(code, retry_after=answer.retry_after)
    if answer.status in HALTING | REFUSING:
        raise NotAccepted(code, halts=answer.status in HALTING)
    raise Unclear(code)


def read_key(secret: Secret) -> str:
    """The key. Raises NotAccepted when it cannot be read: nothing has left, and nothing else would."""
    try:
        return secret()
    except Exception:  # whatever it was, it was before the call
        raise NotAccepted("secret_not_readable", halts=True) from None
