"""One claim as one transaction: the row, its run, the day and the number's lock. All of it or nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from arrears.adapters.dynamo.items import attribute, moment, values
from arrears.adapters.dynamo.keys import case_key, run_key
from arrears.calendar import helsinki_day, month_of
from arrears.ledger import Event, Row, Status
from arrears.ports import Claim


def claim_parts(
    table: str, row: Row, owner: str, channel: str, lock: str | None, at: datetime, daily_cap: int
) -> dict[str, Any]:
    """The transaction's writes by what they ask, in the order in which a refusal is told.

    A case counts for its run when it is first claimed, and for a day when it is first claimed that day.
    """
    parts = {"row": _row_update(table, row, owner, channel, at), "run": _run_update(table, row)}
    if not row.attempts or row.on != helsinki_day(at):
        parts["day"] = _day_update(table, at, daily_cap)
    if lock is not None:
        parts["number"] = _number_update(table, row, lock, at)
    return parts


def _row_update(table: str, row: Row, owner: str, channel: str, at: datetime) -> Any:
    event = Event(at=at, status=Status.SENDING, by=owner)
    return {
        "Update": {
            "TableName": table,
            "Key": case_key(row.key),
            "UpdateExpression": "SET #status = :sending, #owner = :owner, channel = :channel, attempts = :next,"
            " #on = :on, changed_at = :at, events = list_append(events, :event)",
            "ConditionExpression": "#status = :planned AND attempts = :attempts",
            "ExpressionAttributeNames": {"#status": "status", "#owner": "owner", "#on": "on"},
            "ExpressionAttributeValues": {
                ":sending": {"S": Status.SENDING},
                ":planned": {"S": Status.PLANNED},
                ":owner": {"S": owner},
                ":channel": {"S": channel},
                ":attempts": {"N": str(row.attempts)},
                ":next": {"N": str(row.attempts + 1)},
                ":at": {"S": moment(at)},
                ":on": {"S": f"{helsinki_day(at)}"},
                ":event": attribute([event]),
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _run_update(table: str, row: Row) -> Any:
    counted = bool(row.attempts)
    check = {
        "TableName": table,
        "Key": run_key(row.run),
        "ConditionExpression": "#status = :approved" + ("" if counted else " AND claimed < cap"),
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {":approved": {"S": "APPROVED"}} | ({} if counted else {":one": {"N": "1"}}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"ConditionCheck": check} if counted else {"Update": check | {"UpdateExpression": "ADD claimed :one"}}


def _day_update(table: str, at: datetime, daily_cap: int) -> Any:
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": f"DAY#{helsinki_day(at)}"}, "sk": {"S": "SENT"}},
            "UpdateExpression": "ADD claimed :one",
            "ConditionExpression": "attribute_not_exists(claimed) OR claimed < :cap",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":cap": {"N": str(daily_cap)}},
        }
    }


def _number_update(table: str, row: Row, lock: str, at: datetime) -> Any:
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": f"NUMBER#{lock}"}, "sk": {"S": month_of(helsinki_day(at))}},
            "UpdateExpression": "SET holder = :case",
            "ConditionExpression": "attribute_not_exists(holder) OR holder = :case",
            "ExpressionAttributeValues": {":case": {"S": str(row.key)}},
        }
    }


def why_not(parts: Iterable[str], reasons: Iterable[Any], owner: str) -> Claim:
    """What a cancelled transaction's reasons mean. A row that is ours already: our own claim, whose answer was lost."""
    refused = {
        part: values(reason.get("Item") or {})
        for part, reason in zip(parts, reasons, strict=False)
        if reason.get("Code") == "ConditionalCheckFailed"
    }
    for part, found in refused.items():
        if part == "row":
            ours = found.get("owner") == owner and found.get("status") == Status.SENDING
            return Claim.OURS if ours else Claim.TAKEN
        if part == "run":
            return Claim.CAP_REACHED if found.get("status") == "APPROVED" else Claim.RUN_STOPPED
        return Claim.DAY_FULL if part == "day" else Claim.NUMBER_TAKEN
    return Claim.BUSY
