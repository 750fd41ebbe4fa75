"""The judgement: what is due to a tenancy on a day, and why. Bars first, then the ladder from the top.

Every rule is a guard clause that answers a Reason or None. Pure and total: the same facts, policy and day always
give the same decision. Source: CONTRACT section 2.
"""

from arrears.rules.debts import counted_items, debt, expired
from arrears.rules.ladder import decide
from arrears.rules.situations import Situation, situation

__all__ = ["Situation", "counted_items", "debt", "decide", "expired", "situation"]
