"""A letter's content: what it asks and costs, in which words, to the cent and the day. The layout is elsewhere."""

from arrears.letters.claim import Charge, Claim, Incomplete
from arrears.letters.content import Letter, Payment, Recipient, compose
from arrears.letters.fees import fee

__all__ = ["Charge", "Claim", "Incomplete", "Letter", "Payment", "Recipient", "compose", "fee"]
