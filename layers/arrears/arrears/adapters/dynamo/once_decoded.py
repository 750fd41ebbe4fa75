"""Pages of a query with their body decoded once. All that speed costs in clarity is in this file.

botocore's parser walks every attribute of every item through the service's shapes; on pages of a megabyte that is most
of what a selection costs. Its event `before-parse` (botocore 1.35.20 and later) hands over the raw body after it has
arrived and before that walk. Here the JSON is decoded in one go, the page is put where the parsed one would be, and
the parser is left an empty body. Connecting, signing, retrying and errors stay botocore's own. Where the event does not
come, or the body is no ordinary page, the stock parser does its work and gives the same page; only binary attributes
would differ (bytes there, base64 here), and our tables have none.
"""

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from botocore.hooks import BaseEventHooks
from pydantic_core import from_json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVENT = "before-parse.dynamodb.Query"
_ASKED: WeakSet[BaseEventHooks] = WeakSet()


def decode_once(client: "DynamoDBClient") -> None:
    """From now on this client's query pages are decoded once; asking again changes nothing."""
    events = client.meta.events
    if events not in _ASKED:
        events.register(EVENT, _decoded, unique_id=f"arrears.{EVENT}")
        _ASKED.add(events)


def _decoded(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    if response_dict["status_code"] != 200:
        return
    try:
        page = from_json(response_dict["body"], cache_strings="none")
    except ValueError:
        return
    if isinstance(page, dict) and isinstance(page.get("Items"), list):
        customized_response_dict.update(page)
        response_dict["body"] = b"{}"
