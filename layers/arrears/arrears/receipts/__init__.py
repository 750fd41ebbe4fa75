"""Receipts: whether one is really from the provider, what it says, and that it only ever moves a text forward.

A receipt tells what became of a text that was sent. It can never cause one to be sent, and it names nobody: our
reference is all that is kept of it. LINK Mobility and Quriiri do not sign theirs: those come with Basic authentication,
and count only with a reference that nobody can guess.
"""

from arrears.receipts.arrival import Arrival, NotAReceipt, Receipt, further
from arrears.receipts.proof import Doubt, Verdict, authentic, authentic_basic, sign
from arrears.receipts.readers import receipt_of

__all__ = [
    "Arrival",
    "Doubt",
    "NotAReceipt",
    "Receipt",
    "Verdict",
    "authentic",
    "authentic_basic",
    "further",
    "receipt_of",
    "sign",
]
