"""One strong look: row, run, pointer, snapshot and what stands beside it, in a single call to DynamoDB.

The snapshot's key needs the version in force. The last known one is tried; when the pointer, read in the same call, has
moved on, the row of the new version is fetched once more.
"""

from time import sleep
from typing import TYPE_CHECKING, Any

from arrears.adapters.dynamo.keys import case_key, row_of, run_key
from arrears.adapters.dynamo.ledger import STANDING, standing_of
from arrears.adapters.dynamo.runs import run_of
from arrears.adapters.dynamo.snapshots import POINTER, pointer_of, row_key, snapshot_of
from arrears.ledger import CaseMessage, Pointer
from arrears.ports import Seen

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSight:
    """Looks at both tables at once. Remembers only which version was in force."""

    def __init__(self, client: "DynamoDBClient", snapshots: str, ledger: str) -> None:
        self.client, self.snapshots, self.ledger = client, snapshots, ledger
        self.pointer: Pointer | None = None

    def look(self, message: CaseMessage) -> Seen:
        row, run = case_key(message.key), run_key(message.run)
        standing = row | {"sk": {"S": STANDING}}
        guess = self._key(message.key.tenancy_id)
        found = self._get({self.ledger: [row, run, standing], self.snapshots: [POINTER, *([guess] if guess else [])]})
        pointer = found.get(_name(POINTER))
        known, self.pointer = self.pointer, pointer_of(pointer) if pointer else None
        snapshot = found.get(_name(guess)) if guess else None
        if self.pointer and (known is None or known.version != self.pointer.version):
            key = self._key(message.key.tenancy_id)
            snapshot = self.client.get_item(TableName=self.snapshots, Key=key, ConsistentRead=True).get("Item")
        return Seen(
            row=row_of(found[_name(row)]) if _name(row) in found else None,
            run=run_of(found[_name(run)]) if _name(run) in found else None,
            snapshot=snapshot_of(snapshot) if snapshot else None,
            standing=standing_of(found[_name(standing)]) if _name(standing) in found else None,
        )

    def _key(self, tenancy_id: str) -> Any:
        return row_key(self.pointer.version, tenancy_id, self.pointer.shards) if self.pointer else None

    def _get(self, keys: dict[str, list[Any]]) -> dict[tuple[str, str], Any]:
        wanted: Any = {table: {"Keys": wanted, "ConsistentRead": True} for table, wanted in keys.items()}
        found: dict[tuple[str, str], Any] = {}
        for attempt in range(8):
            answer = self.client.batch_get_item(RequestItems=wanted)
            found |= {_name(stored): stored for items in answer["Responses"].values() for stored in items}
            wanted = answer.get("UnprocessedKeys")
            if not wanted:
                return found
            sleep(0.05 * 2**attempt)
        raise TimeoutError("DynamoDB left keys unread eight times")


def _name(stored: Any) -> tuple[str, str]:
    return stored["pk"]["S"], stored["sk"]["S"]
