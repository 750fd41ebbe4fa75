"""How the doors put the release of plans together, wave by wave."""

from collections.abc import Mapping

import boto3

from arrears import wiring
from arrears.adapters.sqs import SqsBell
from arrears.ports import Bell
from arrears.settings import SelectSettings
from arrears.work.release import Release


def bells(settings: SelectSettings) -> Mapping[str, Bell]:
    """The queues that sends begin in."""
    client = boto3.client("sqs")
    return {
        "notices": SqsBell(client, settings.notices_queue_url),
        "letters": SqsBell(client, settings.letters_queue_url),
    }


def releasing(settings: SelectSettings) -> Release:
    """The errand that lets a plan go."""
    return Release(
        wiring.snapshots(settings.snapshot_table),
        wiring.ledger(settings),
        wiring.runs(settings),
        wiring.records(settings.records_bucket),
        bells(settings),
    )
