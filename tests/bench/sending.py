"""Goal 6: the CPU of one text, beside one call of botocore's to the provider, and what is written down for it.

`python -m tests.bench.sending WHICH TIMES PORT` sends so many texts by the shipped errand and adapters (`sender`), or
calls the provider so many times and nothing else (`provider`), and prints the microseconds of CPU of one.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import boto3

from arrears.adapters.dynamo.ledger import DynamoLedger
from arrears.adapters.dynamo.runs import DynamoRuns
from arrears.adapters.dynamo.sight import DynamoSight
from arrears.adapters.sms.aws import AwsSms
from arrears.work.notify import Left, Notify
from tests.bench.contenders import cloud_at
from tests.bench.rounds import calls, cloud, in_turn, told_by
from tests.fakes import MemoryEmail, pseudonyms
from tests.rows import NOW, a_message


def ratio(times: int, rounds: int) -> dict[str, Any]:
    """A text's CPU over one provider call's, in turn, and the calls that one text makes."""
    with cloud(1) as port:
        runs = {which: partial(_us_each, which, times, port) for which in RUNS}
        seen = in_turn(runs, rounds)
        calls(port)
        _us_each("sender", times, port)
        asked = calls(port)["calls"]
    told = {which: {"us_each": each.told(0)} for which, each in seen.items()}
    per_text = {name: round(number / (times + WARM), 2) for name, number in asked.items()}
    seconds = seen["sender"].median / 1e6
    return {
        **told,
        "ratio": seen["sender"].over(seen["provider"]).told(),
        "calls_per_text": per_text,
        "texts_per_cpu_second": round(1 / seconds),
    }


def sender() -> Callable[[], None]:
    """The sender as its door puts it together, but for the pace."""
    client, owners = boto3.client("dynamodb"), count()
    notify = Notify(
        sight=DynamoSight(client, "snapshots", "ledger"),
        ledger=DynamoLedger(client, "ledger", 16),
        runs=DynamoRuns(client, "ledger"),
        sms=AwsSms(boto3.client("pinpoint-sms-voice-v2")),
        email=MemoryEmail(),
        pseudonyms=pseudonyms(),
        sender="Heka",
        daily_cap=5000,
        token=lambda: f"owner-{next(owners)}",
    )

    def send() -> None:
        assert notify(a_message(), NOW, 600.0) is Left.SENT

    return send


def provider() -> Callable[[], None]:
    """One call to the provider, and nothing before or after it."""
    client = boto3.client("pinpoint-sms-voice-v2")
    request = {"DestinationPhoneNumber": "+358401122334", "OriginationIdentity": "Heka", "MessageBody": "x" * 300}
    return lambda: print(end=client.send_text_message(**request)["MessageId"][:0])


RUNS = {"sender": sender, "provider": provider}
WARM = 20


def _us_each(which: str, times: int, port: int) -> float:
    return float(told_by("tests.bench.sending", which, times, port)["us_each"])


def main(which: str, times: int, port: int) -> None:
    """Runs one of the two."""
    with cloud_at(port):
        send = RUNS[which]()
        for _ in range(WARM):
            send()
        start = time.process_time()
        for _ in range(times):
            send()
    print(json.dumps({"us_each": (time.process_time() - start) / times * 1e6}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
