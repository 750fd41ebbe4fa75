"""The embedded cloud: template.yaml in moto, with the events that moto does not fire, on a simulated clock.

What the template does not wire does not run: schedules, object notifications, queue mappings, retries, dead-letter
queues and environments are all read from the translated template, and the functions are the real handlers.

Queues live on the simulated clock, because moto's queue is made to ask it for the time: a message that was not dealt
with comes back when its visibility timeout has passed there, and moves to the dead-letter queue after maxReceiveCount.
A call of a function takes no simulated time, and one function runs at a time.
"""

import heapq
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.awslambda.exceptions import UnknownFunctionException
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from tests.local import events, wiring
from tests.local.clock import Clock
from tests.local.fast_moto import fast
from tests.local.fast_rows import anew
from tests.local.functions import PRINTED, Function, arn_of
from tests.local.making import make
from tests.local.template import ACCOUNT, REGION, TEMPLATE, Template

# Lambda waits a minute before the second attempt of an asynchronous call and two before the third.
WAITS = (timedelta(minutes=1), timedelta(minutes=2))
# When expired rows go, and how often; DynamoDB promises no more than "within a few days".
SWEEP, BETWEEN_SWEEPS = time(3, tzinfo=UTC), timedelta(days=3)


@dataclass(order=True)
class Due:
    """A call that is made at a moment; `place` keeps what is due together in the order in which it came."""

    at: datetime
    place: int
    function: Function = field(compare=False)
    event: Any = field(compare=False)
    attempt: int = field(default=1, compare=False)


@dataclass(order=True)
class Tick:
    """The next moment of a schedule, and those after it."""

    at: datetime
    place: int
    of: wiring.Scheduled = field(compare=False)
    then: Iterator[datetime] = field(compare=False)


@dataclass(frozen=True)
class Failure:
    """A call that raised: which function, when (simulated), and what."""

    function: str
    at: datetime
    error: Exception


class Cloud:
    """One stack in a cloud of its own, used as a context. `at` is where its clock begins, `parameters` are the
    template's, `environment` is added to every function's, `secrets` are values by logical id."""

    def __init__(
        self,
        at: datetime,
        parameters: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        template: Path = TEMPLATE,
    ) -> None:
        self.clock = Clock(at)
        self.template = Template(template, parameters)
        by_id = wiring.functions(self.template, environment or {})
        self.functions = {function.name: function for function in by_id.values()}
        self.failures: list[Failure] = []
        self.printed: list[str] = []
        self._secrets = dict(secrets or {})
        self._clients: dict[str, Any] = {}
        self._queues: dict[str, Any] = {}
        self._mapped = wiring.mapped(self.template, by_id)
        self._notified = wiring.notified(self.template, by_id)
        self._failing = wiring.failing(self.template, by_id)
        self._due: list[Due] = []
        self._ticks: list[Tick] = []
        self._places = count()
        self._swept = self.clock.at.date()
        self._open = ExitStack()
        for scheduled in wiring.scheduled(self.template, by_id):
            self._come_again(scheduled, scheduled.schedule.after(self.clock.at))

    def __enter__(self) -> Self:
        with ExitStack() as opening:  # what was opened is closed again when the stack cannot be made
            opening.enter_context(mock_aws())
            opening.enter_context(fast(at_hand=True))
            for target, stand_in in (
                ("moto.sqs.models.unix_time", self.clock.seconds),
                ("moto.sqs.models.unix_time_millis", self.clock.milliseconds),
                ("moto.s3.notifications.send_event", self._object_put),
                ("moto.awslambda.models.LambdaBackend.invoke", self._called),
                ("moto.awslambda.models.LambdaBackend.send_sns_message", self._told),
                ("boto3.client", cache(boto3.client)),  # making one takes longer than most of its calls
                ("arrears.adapters.clock.now", self.clock.now),
                ("arrears.adapters.pace.sleep", lambda _: None),  # waiting takes no simulated time either
            ):
                opening.enter_context(patch(target, stand_in))
            make(self.template, self.client, self._secrets)
            PRINTED.take()
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    # --- what happens ----------------------------------------------------------------------------------------------

    def run_until(self, moment: datetime) -> None:
        """Lets everything happen that is wired to happen up to that moment, in its order, and moves the clock there."""
        self.settle()
        while (upcoming := self._next()) <= moment:
            self.clock.move_to(upcoming)
            self._sweep()
            self._tick()
            self.settle()
        self.clock.move_to(moment)

    def settle(self) -> None:
        """Lets everything happen that can happen now: due calls, then messages, until there are none."""
        while self._call_due() or any(self._deliver(mapped) for mapped in self._mapped):
            pass

    def invoke(self, function: str, event: Any) -> Any:
        """Calls a function and waits; answers what it answers, raises what it raises."""
        try:
            return self.functions[function](event)
        except Exception as error:
            self.failures.append(Failure(function, self.clock.at, error))
            raise
        finally:
            self.printed += PRINTED.take()

    def post(
        self, function: str, body: str | bytes, headers: Mapping[str, str] | None = None, path: str = "/"
    ) -> dict[str, Any]:
        """Posts to a function's URL; answers the response. Raises KeyError for a function that has none."""
        domain = self.url(function).split("/")[2]
        answered = self.invoke(function, events.http_post(domain, path, body, headers or {}, self.clock.at))
        return (
            answered
            if isinstance(answered, dict) and "statusCode" in answered
            else {"statusCode": 200, "body": answered}
        )

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Puts an object into a bucket, named by its logical id."""
        self.client("s3").put_object(Bucket=self.physical(bucket), Key=key, Body=body)

    def put_export(self, export: Path | bytes, name: str = "") -> None:
        """Drops an export of the rent ledger into the inbox; `name` is the file's own when it is a path."""
        body = export if isinstance(export, bytes) else export.read_bytes()
        self.put("InboxBucket", f"exports/{name or Path(str(export)).name}", body)

    # --- what there is ---------------------------------------------------------------------------------------------

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud."""
        if service not in self._clients:
            self._clients[service] = boto3.client(service, REGION)
        return self._clients[service]

    def physical(self, logical: str) -> str:
        """What a Ref to the resource gives: a table's or bucket's name, a queue's URL, a topic's ARN."""
        return str(self.template.resolve({"Ref": logical}))

    def environment(self, function: str) -> dict[str, str]:
        """The environment that a function finds."""
        return self.functions[function].environment()

    def url(self, function: str) -> str:
        """The function's URL. Raises KeyError when the template gives it none."""
        found = self.template.of_type("AWS::Lambda::Url")
        urls = {self.template.logical(properties["TargetFunctionArn"]): logical for logical, properties in found}
        return str(self.template.resolve({"Fn::GetAtt": [urls[self.functions[function].logical], "FunctionUrl"]}))

    def dead_letters(self, queue: str) -> list[str]:
        """The bodies that wait in a queue, seen or not, the oldest first; named by its logical id."""
        return [message.body for message in self._queue(queue)._messages]

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs, by which operators' commands find it."""
        return self.template.outputs()

    @property
    def alarms(self) -> list[dict[str, Any]]:
        """The alarms that the template makes."""
        pages = self.client("cloudwatch").get_paginator("describe_alarms").paginate()
        return [alarm for page in pages for alarm in page["MetricAlarms"]]

    # --- time ------------------------------------------------------------------------------------------------------

    def _next(self) -> datetime:
        """The next moment at which anything happens."""
        firsts = [tick.at for tick in self._ticks[:1]] + [due.at for due in self._due[:1]]
        return max(min([self._next_sweep(), *firsts, *self._comebacks()]), self.clock.at)

    def _comebacks(self) -> Iterator[datetime]:
        """When messages are seen again: a millisecond after their time, as moto has it."""
        for mapped in self._mapped:
            for message in self._queue(mapped.queue)._messages:
                yield datetime.fromtimestamp((max(message.visible_at, message.delayed_until) + 1) / 1000, UTC)

    def _tick(self) -> None:
        while self._ticks and self._ticks[0].at <= self.clock.at:
            tick = heapq.heappop(self._ticks)
            self._call_later(tick.of.function, events.tick(tick.of.input, tick.at, tick.of.name), tick.at)
            self._come_again(tick.of, tick.then)

    def _come_again(self, scheduled: wiring.Scheduled, ticks: Iterator[datetime]) -> None:
        if (at := next(ticks, None)) is not None:
            heapq.heappush(self._ticks, Tick(at, next(self._places), scheduled, ticks))

    def _next_sweep(self) -> datetime:
        return datetime.combine(self._swept + BETWEEN_SWEEPS, SWEEP)

    def _sweep(self) -> None:
        """Expired rows go, now and then: looking for them takes longer than most calls."""
        if self.clock.at < self._next_sweep():
            return
        self._swept, now = self.clock.at.date(), self.clock.seconds()
        for table in dynamodb_backends[ACCOUNT][REGION].tables.values():
            lives = table.ttl.get("AttributeName", "")
            for part in table.items.values():
                ends = [(key, row.attrs[lives].value) for key, row in part.items() if lives in row.attrs]
                for key in [key for key, end in ends if float(end) < now]:
                    del part[key]
            anew(table)

    # --- asynchronous calls ----------------------------------------------------------------------------------------

    def _call_later(self, function: Function, event: Any, at: datetime, attempt: int = 1) -> None:
        heapq.heappush(self._due, Due(at, next(self._places), function, event, attempt))

    def _call_due(self) -> bool:
        """Makes the calls that are due; those that raise are made again, then handed to where failures go."""
        called = False
        while self._due and self._due[0].at <= self.clock.at:
            called, due = True, heapq.heappop(self._due)
            try:
                self.invoke(due.function.name, due.event)
            except Exception as error:
                self._try_again(due, error)
        return called

    def _try_again(self, due: Due, error: Exception) -> None:
        failing = self._failing[due.function.logical]
        if due.attempt <= failing.retries:
            again = self.clock.at + WAITS[min(due.attempt, len(WAITS)) - 1]
            self._call_later(due.function, due.event, again, due.attempt + 1)
        elif failing.queue:
            told = events.gave_up(due.function.arn, due.event, due.attempt, error, self.clock.at)
            self.client("sqs").send_message(QueueUrl=self.physical(failing.queue), MessageBody=json.dumps(told))

    def _object_put(self, _: str, event_name: str, bucket: Any, key: Any) -> None:
        """Stands in for moto's own notifications, which would call Docker."""
        for told in self._notified if event_name.startswith("s3:ObjectCreated") else []:
            if told.bucket == bucket.name and key.name.startswith(told.prefix) and key.name.endswith(told.suffix):
                place = next(self._places)
                event = events.object_created(bucket.name, key.name, key.size, key.etag, self.clock.at, place)
                self._call_later(told.function, event, self.clock.at)

    def _called(self, name: str, _: str | None, body: Any, headers: Any, response_headers: Any) -> str:
        """Stands in for moto's Lambda, which would call Docker: a function or an operator calls a function."""
        by_arn = {function.arn: function for function in self.functions.values()}
        function, event = by_arn.get(arn_of(name)), json.loads(body or "{}")
        if function is None:
            raise UnknownFunctionException(arn_of(name))
        if headers.get("X-Amz-Invocation-Type") == "Event":
            self._call_later(function, event, self.clock.at)
            return ""
        try:
            return json.dumps(self.invoke(function.name, event))
        except Exception as error:
            response_headers["x-amz-function-error"] = "Unhandled"
            return json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})

    def _told(self, name: str, message: str, subject: str | None = None, qualifier: str | None = None) -> None:
        """Stands in for moto's Lambda once more: a topic calls a function."""
        by_arn = {function.arn: function for function in self.functions.values()}
        event = events.published(message, subject, self.clock.at)
        self._call_later(by_arn[arn_of(name)], event, self.clock.at)

    # --- queues ----------------------------------------------------------------------------------------------------

    def _queue(self, logical: str) -> Any:
        if logical not in self._queues:
            self._queues[logical] = sqs_backends[ACCOUNT][REGION].queues[self.physical(logical).rsplit("/", 1)[1]]
        return self._queues[logical]

    def _deliver(self, mapped: wiring.Mapped) -> bool:
        """Hands one batch over; whether there was one."""
        queue, backend = self._queue(mapped.queue), sqs_backends[ACCOUNT][REGION]
        if not queue._messages:
            return False
        batch = backend.receive_message(queue.name, mapped.batch_size, 0, int(queue.visibility_timeout), ["All"])
        if not batch:
            return False
        try:
            answered = self.invoke(mapped.function.name, events.batch(queue.queue_arn, batch))
        except Exception:
            return True  # all of them come back
        failed = _failed(answered, {message.id for message in batch}) if mapped.reports_failures else set()
        for message in batch:
            if message.id not in failed:
                backend.delete_message(queue.name, str(message.receipt_handle))
        return True


def _failed(answered: Any, ids: set[str]) -> set[str]:
    """The messages that the handler wants back; all of them when it names one that was not in the batch."""
    named = {str(item.get("itemIdentifier")) for item in (answered or {}).get("batchItemFailures") or []}
    return named if named <= ids else ids
