"""What the ledger remembers: rows and the states they may take, what stands beside a snapshot, and the runs."""

from arrears.ledger.rows import (
    FINAL,
    MOVES,
    OUTCOMES,
    CaseKey,
    CaseMessage,
    Event,
    Row,
    Status,
    age_group,
    may_move,
)
from arrears.ledger.runs import (
    Pointer,
    Run,
    RunStatus,
    is_month,
)
from arrears.ledger.standing import (
    Standing,
    StandingHold,
    case_of,
)

__all__ = [
    "FINAL",
    "MOVES",
    "OUTCOMES",
    "CaseKey",
    "CaseMessage",
    "Event",
    "Pointer",
    "Row",
    "Run",
    "RunStatus",
    "Standing",
    "StandingHold",
    "Status",
    "age_group",
    "case_of",
    "is_month",
    "may_move",
]
