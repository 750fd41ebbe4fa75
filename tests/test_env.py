"""env.json names every part of the stack that a function is told of."""

import json

from tests.env import ENV, wanted


def test_env_json_is_what_the_template_wants() -> None:
    mend = f"write json.dumps(tests.env.wanted(), indent=2) to {ENV.name}"
    assert json.loads(ENV.read_text("utf-8")) == wanted(), mend


def test_tables_buckets_queues_and_secrets_are_among_them() -> None:
    named = wanted()["Parameters"]
    for variable in ("LEDGER_TABLE", "INBOX_BUCKET", "NOTICES_QUEUE_URL", "REFERENCE_SECRET"):
        assert named[variable], variable
    assert "SENDER_ID" not in named
