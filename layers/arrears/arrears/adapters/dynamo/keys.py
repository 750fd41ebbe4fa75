"""Where cases and runs are in the ledger's table, and a row from its item."""

from typing import Any

from arrears.adapters.dynamo.items import values
from arrears.ledger import CaseKey, Row

_KEYS = ("pk", "sk", "shard", "shard_sk", "expires")


def case_key(key: CaseKey) -> Any:
    """Where a case's row is."""
    return {"pk": {"S": f"TENANCY#{key.tenancy_id}"}, "sk": {"S": f"{key.period}#{key.step}"}}


def run_key(name: str) -> Any:
    """Where a run is."""
    return {"pk": {"S": f"RUN#{name}"}, "sk": {"S": "RUN"}}


def key_of(stored: Any) -> CaseKey:
    """The case from its key alone."""
    period, step = stored["sk"]["S"].split("#", 1)
    return CaseKey(tenancy_id=stored["pk"]["S"].removeprefix("TENANCY#"), period=period, step=step)


def row_of(stored: Any) -> Row:
    """The row from its item."""
    return Row.model_validate(values(stored, *_KEYS))
