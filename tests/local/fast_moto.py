"""Takes three needless costs out of moto, so that two months of a portfolio run in seconds. Nothing else changes.

Measured with 2,300 rows: a query of a whole index 5.4 s (its serializer tries six aliases for every absent member of
every attribute), a query of one partition 17 ms (it sorts the whole table first), a transaction 0.5 s (it copies the
whole table to be able to roll back; here only the touched items are kept).
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from moto.core.serialize import AttributePicker
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_INDEX = 6  # where `index_name` stands among the arguments of Table.query after the hash key


@contextmanager
def fast() -> Iterator[None]:
    """moto without those costs, while the context lasts."""
    with ExitStack() as patches:
        patches.enter_context(patch.object(AttributePicker, "__call__", _pick(AttributePicker.__call__)))
        patches.enter_context(patch.object(Table, "query", _narrow(Table.query)))
        patches.enter_context(patch.object(Table, "__deepcopy__", lambda table, _: table, create=True))
        transact = _roll_back(DynamoDBBackend.transact_write_items)
        patches.enter_context(patch.object(DynamoDBBackend, "transact_write_items", transact))
        yield


def _pick(slow: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A plain dict already has the names of the wire, and an attribute value has no other names at all."""

    def pick(picker: Any, context: Any) -> Any:
        plain = type(context.obj) is dict and not picker.response_transformers
        if plain and context.key in context.obj:
            return context.obj[context.key]
        parent = getattr(context.shape, "parent", None)
        return None if plain and parent is not None and parent.name == "AttributeValue" else slow(picker, context)

    return pick


def _narrow(slow: Callable[..., Any]) -> Callable[..., Any]:
    """A query looks at the items that have its key, not at all of them in order."""

    def query(table: Any, hash_key: Any, *rest: Any, **more: Any) -> Any:
        index = rest[_INDEX] if len(rest) > _INDEX else more.get("index_name")
        wanted = [(name, value.value) for name, value in more["hash_key_conditions"]] if index else []

        def candidates() -> list[Any]:
            if not index:
                return list(table.items.get(hash_key, {}).values())
            return [item for part in table.items.values() for item in part.values() if _has(item, wanted)]

        with patch.object(table, "all_items", candidates):
            return slow(table, hash_key, *rest, **more)

    return query


def _has(item: Any, wanted: list[tuple[str, Any]]) -> bool:
    return all(name in item.attrs and item.attrs[name].value == value for name, value in wanted)


def _roll_back(slow: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """All or nothing, keeping only the items that the transaction names."""

    def transact(backend: Any, writes: list[dict[str, Any]]) -> None:
        before = [_place(backend, operation) for write in writes for operation in write.values()]
        kept = [(part, key, copy.deepcopy(part.get(key))) for part, key in before]
        try:
            slow(backend, writes)
        except Exception:
            for part, key, item in kept:
                part.pop(key, None)
                if item is not None:
                    part[key] = item
            raise

    return transact


def _place(backend: Any, operation: dict[str, Any]) -> tuple[dict[Any, Any], DynamoType]:
    table, key = backend.tables[operation["TableName"]], operation.get("Key") or operation["Item"]
    return table.items[DynamoType(key[table.hash_key_attr])], DynamoType(key[table.range_key_attr])
