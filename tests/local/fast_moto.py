"""Takes needless costs out of moto and botocore, so that two months of a portfolio run in seconds. No answer changes.

What is spared is in fast_rows (a table's rows), fast_updates (one row's change) and fast_calls (DynamoDB without HTTP);
here are the small ones: moto's serializer tries six aliases for every absent member of every attribute; the addresses
of a service, the names of its methods, its model and the user agent are made anew for each call.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from boto3.dynamodb.types import TypeDeserializer
from botocore import parsers, session, utils
from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.loaders import create_loader
from botocore.useragent import UserAgentString
from moto.core import responses
from moto.core.base_backend import BaseBackend
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.serialize import AttributePicker
from moto.core.utils import camelcase_to_underscores, method_names_from_class
from moto.dynamodb import models
from moto.dynamodb import responses as dynamo_responses
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend, table
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import executors, expressions, validators
from moto.sqs import models as queues

from tests.local import fast_calls, fast_rows, fast_updates

_one_loader = cache(create_loader)  # the services' models are read once for all clouds of the process
_one_clock = cache(utils.parse_timestamp)  # a listing reads a timestamp for each of its files, twice
_UPDATES: Any = vars(expressions)["UpdateExpressionParser"]  # moto's own parsers have no types


@contextmanager
def fast(*, at_hand: bool = False) -> Iterator[None]:
    """moto without those costs, while the context lasts. `at_hand`: DynamoDB is called without botocore's part too."""
    with ExitStack() as patches:
        if at_hand:
            short = fast_calls.at_hand(vars(BaseClient)["_make_api_call"])
            patches.enter_context(patch.object(BaseClient, "_make_api_call", short))
        for owner, name, stand_in in (
            (AttributePicker, "__call__", _pick(AttributePicker.__call__)),
            (table, "copy", fast_rows.NO_COPIES),
            (Table, "query", fast_rows.narrow(Table.query)),
            (Table, "put_item", fast_rows.changing(Table.put_item)),
            (Table, "delete_item", fast_rows.changing(Table.delete_item)),
            (Table, "__deepcopy__", lambda table, _: table),
            (DynamoDBBackend, "update_item", fast_rows.changing(DynamoDBBackend.update_item)),
            (DynamoDBBackend, "transact_write_items", fast_rows.rolling_back(DynamoDBBackend.transact_write_items)),
            (DynamoType, "size", fast_rows.size),
            (DynamoType, "__deepcopy__", fast_rows.copied),
            (Item, "size", fast_rows.size_of_row),
            (Item, "project", fast_rows.projecting(Item.project)),
            (LimitedSizeDict, "__setitem__", fast_rows.setting(LimitedSizeDict.__setitem__)),
            (Endpoint, "create_request", fast_calls.asking(Endpoint.create_request)),
            (BotocoreStubber, "__call__", fast_calls.answering(BotocoreStubber.__call__)),
            (responses, "method_names_from_class", cache(method_names_from_class)),
            (session, "create_loader", _one_loader),
            (UserAgentString, "to_string", lambda _: "embedded"),
            (UserAgentString, "rebuild_and_replace_user_agent_handler", lambda *_, **__: None),
            (_UPDATES, "make", staticmethod(fast_updates.parsing(_UPDATES.make))),
            (models, "UpdateExpressionValidator", fast_updates.validating(validators.UpdateExpressionValidator)),
            (models, "UpdateExpressionExecutor", fast_updates.executing(executors.UpdateExpressionExecutor)),
            (dynamo_responses, "dynamo_to_dict", fast_rows.plain),
            (ConditionExpressionParser, "_lex_condition_expression", _lex),
            (BaseClient, "get_paginator", cache(BaseClient.get_paginator)),
            (TypeDeserializer, "_deserialize_m", _read_map),
            (DynamoType, "cast_value", property(fast_rows.cast_value)),
            (queues, "camelcase_to_underscores", cache(camelcase_to_underscores)),
            (BaseBackend, "urls", property(cache(vars(BaseBackend)["urls"].fget))),
            (utils, "parse_timestamp", _one_clock),
            (parsers, "DEFAULT_TIMESTAMP_PARSER", _one_clock),
        ):
            patches.enter_context(patch.object(owner, name, stand_in, create=name == "__deepcopy__"))
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


def _lex(parser: Any) -> Any:
    """A condition is taken apart three times for each row that it is asked of."""
    return deque(_words(parser.condition_expression))


@cache
def _words(condition: str) -> tuple[Any, ...]:
    return tuple(_slow_words(ConditionExpressionParser(condition, None, None)))


_slow_words: Any = ConditionExpressionParser._lex_condition_expression


def _read_map(slow: TypeDeserializer, stored: dict[str, Any]) -> dict[str, Any]:
    """boto3 looks up a method by name for each part of a value."""

    def read(value: dict[str, Any]) -> Any:
        for kind, held in value.items():
            if kind == "S" or kind == "BOOL":
                return held
            if kind == "M":
                return {name: read(part) for name, part in held.items()}
            if kind == "L":
                return [read(part) for part in held]
        return slow.deserialize(value)  # type: ignore[arg-type]  # a value of another type

    return {name: read(value) for name, value in stored.items()}
