"""What can go wrong at each call that the shipped functions make: to AWS through boto3, and to the provider over HTTP.

A call that is not listed here fails the proof. boto3's own attempts are real: an answer that is lost once is asked for
again by botocore itself, with whatever was done the first time done already.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from time import sleep
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

from arrears.adapters.http import Http
from arrears.ports import Unclear
from tests.local.dialects import Mode
from tests.local.provider import Street

Spoilt = Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, Any]]]


class Died(BaseException):
    """The container is gone; no `except Exception` of ours ever sees this."""


@dataclass(frozen=True)
class Wire:
    """One thing that can go wrong. `applied`: whether the call is carried out all the same; `deadly`: nobody hears the
    answer; `code`: the error that is heard; `once`: the answer is lost and botocore asks again; `partly`: a batch of
    which some is not carried out, as its request and what is added to its answer; `mode`: the provider's behaviour."""

    name: str = ""
    applied: bool = True
    deadly: bool = False
    code: str | None = None
    once: bool = False
    partly: Spoilt | None = None
    mode: Mode | None = None


def _first_not_sent(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    first, *rest = asked["Entries"]
    failed = {"Id": first["Id"], "SenderFault": False, "Code": "InternalError"}
    return asked | {"Entries": rest}, {"Failed": [failed]}


def _first_not_written(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    ((table, requests),) = asked["RequestItems"].items()
    return {"RequestItems": {table: requests[1:]}}, {"UnprocessedItems": {table: requests[:1]}}


NONE = Wire()
DEAD_BEFORE = Wire("dies before", applied=False, deadly=True)
DEAD_AFTER = Wire("dies after", deadly=True)
FAILS = Wire("fails", applied=False, code="InternalServerError")
FAILS_AFTER = Wire("answer lost for good", code="InternalServerError")
ASKED_AGAIN = Wire("answer lost, asked again", once=True)
DENIED = Wire("denied", applied=False, code="AccessDeniedException")

READ = (DEAD_BEFORE, FAILS)
WRITE = (DEAD_BEFORE, DEAD_AFTER, FAILS, FAILS_AFTER, ASKED_AGAIN)
POST = (
    DEAD_BEFORE,
    DEAD_AFTER,
    *(Wire(mode.replace("_", " "), mode=mode) for mode in Mode if mode not in (Mode.ACCEPT, Mode.SILENCE)),
)
DRIPPING = (Mode.SLOW_DRIP, Mode.SLOW_BODY)
SOON = 0.05  # seconds
WIRES: dict[str, tuple[Wire, ...]] = {
    "dynamodb.GetItem": READ,
    "dynamodb.BatchGetItem": READ,
    "dynamodb.Query": READ,
    "dynamodb.PutItem": WRITE,
    "dynamodb.UpdateItem": WRITE,
    "dynamodb.BatchWriteItem": (*WRITE, Wire("partly written", partly=_first_not_written)),
    "dynamodb.TransactWriteItems": (*WRITE, Wire("conflict", applied=False, code="TransactionCanceledException")),
    "s3.GetObject": READ,
    "s3.ListObjectsV2": READ,
    "s3.PutObject": WRITE,
    "sqs.SendMessage": WRITE,
    "sqs.SendMessageBatch": (*WRITE, Wire("partly sent", partly=_first_not_sent)),
    "secretsmanager.GetSecretValue": (DEAD_BEFORE, DENIED),
    "http.post": POST,
}


def wires_of(site: str) -> tuple[Wire, ...]:
    """What can go wrong there. Raises KeyError where nobody has thought about it yet."""
    if site not in WIRES:
        raise KeyError(f"{site} has no fault plan: say in WIRES what can go wrong there")
    return WIRES[site]


@dataclass
class Line:
    """Stands between the functions and everything that they call. `plan` says what goes wrong at which call."""

    street: Street
    plan: Mapping[int, Wire] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _lose: bool = False

    def begin(self, plan: Mapping[int, Wire]) -> None:
        """The next call of a function begins, with this plan."""
        self.plan, self.calls, self._lose = plan, [], False

    def _next(self, site: str) -> Wire:
        wires_of(site)
        self.calls.append(site)
        return self.plan.get(len(self.calls) - 1, NONE)

    @contextmanager
    def held(self) -> Iterator[None]:
        """While the context lasts, every call goes through here."""
        with ExitStack() as patches:
            for owner, name, stand_in in (
                (BaseClient, "_make_api_call", self._asked),
                (BotocoreStubber, "__call__", self._answered),
                (Http, "post", self._posted),
            ):
                patches.enter_context(patch.object(owner, name, stand_in(getattr(owner, name))))
            yield

    def _asked(self, slow: Callable[..., Any]) -> Callable[..., Any]:
        def ask(client: Any, operation: str, asked: dict[str, Any]) -> Any:
            service = client.meta.service_model.service_name
            if service == "sesv2":
                return slow(client, operation, asked)  # it leaves through Http.post
            wire = self._next(f"{service}.{operation}")
            more: dict[str, Any] = {}
            if wire.partly:
                asked, more = wire.partly(asked)
            self._lose = wire.once
            empty = wire.partly and not any(asked.values() if "Entries" not in asked else asked["Entries"])
            answer = slow(client, operation, asked) if wire.applied and not empty else {"ResponseMetadata": {}}
            if wire.deadly:
                raise Died
            if wire.code:
                raise ClientError(_told(wire.code), operation)
            return answer | more

        return ask

    def _answered(self, slow: Callable[..., Any]) -> Callable[..., Any]:
        def answer(stubber: Any, event_name: str, request: Any, **more: Any) -> Any:
            answered = slow(stubber, event_name, request, **more)
            if self._lose and answered is not None:
                self._lose = False
                raise ReadTimeoutError(endpoint_url=request.url)
            return answered

        return answer

    def _posted(self, slow: Callable[..., Any]) -> Callable[..., Any]:
        def post(http: Http, *asked: Any) -> Any:
            wire = self._next("http.post")
            if wire.deadly and not wire.applied:
                raise Died
            self.street.mode = wire.mode or Mode.ACCEPT
            answer = self._cut_short(slow, http, *asked) if wire.mode in DRIPPING else slow(http, *asked)
            if wire.deadly:
                raise Died
            return answer

        return post

    def _cut_short(self, slow: Callable[..., Any], http: Http, *asked: Any) -> Any:
        """The call whose answer never ends, with a shorter deadline: what it comes to is the same. two of them
        would take 20 seconds, and leave a sender 100 where it wants 16 for its next message."""
        took = len(self.street.accepted)
        try:
            return slow(replace(http, total=SOON), *asked)
        except Unclear:
            while len(self.street.accepted) == took:  # a busy machine hears us only after we hung up
                sleep(0.01)
            raise


def _told(code: str) -> Any:
    conflict = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    return {"Error": {"Code": code, "Message": code}, "CancellationReasons": conflict, "ResponseMetadata": {}}
