"""The loopback AWS that env.json speaks of: `python -m tests.runtime`. It has what the template describes and one
export of two test tenancies in its inbox, and runs until Ctrl-C."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

import boto3

from tests.e2e.ministack import ministack
from tests.env import ENDPOINT
from tests.functions.test_doors import PAYER, SILENT, event, export, in_debt
from tests.local.making import make
from tests.local.template import REGION, Template

KINDS = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::SecretsManager::Secret")
SECRETS = {"ReferenceSecret": "a test key", "ReceiptSecret": "a test secret"}
PLAIN = {"AUTH": "false", "USE_SSL": "0"}
SAID = f"""An AWS on loopback, {ENDPOINT}, until Ctrl-C. In another terminal, where Docker is:

  sam build --parameter-overrides Processor=$(uname -m)
  sam local invoke ImportSnapshotFunction --event events/import_snapshot.json --env-vars env.json --docker-network host
  sam local invoke SelectTenantsFunction --event events/select_tenants.json --env-vars env.json --docker-network host
"""


@contextmanager
def furnished(folder: Path, endpoint: str = ENDPOINT) -> Iterator[None]:
    """Everything that the template describes, and the export that events/import_snapshot.json speaks of."""
    session = boto3.Session("test", "test", region_name=REGION)

    def client(service: Any) -> Any:
        return session.client(service, endpoint_url=endpoint)

    with ministack(folder, int(endpoint.rsplit(":", 1)[1]), PLAIN):
        make(Template(), client, SECRETS, KINDS)
        landed = event("import_snapshot")["Records"][0]["s3"]
        where: Any = {"LocationConstraint": REGION}
        client("s3").create_bucket(Bucket=landed["bucket"]["name"], CreateBucketConfiguration=where)
        rows = in_debt(PAYER, "040 112 2334"), in_debt(SILENT, "040 112 2335")
        body = export("2026-02-09", *rows)
        client("s3").put_object(Bucket=landed["bucket"]["name"], Key=landed["object"]["key"], Body=body)
        yield


def main() -> None:
    """Runs until it is interrupted."""
    with TemporaryDirectory() as folder, suppress(KeyboardInterrupt), furnished(Path(folder)):
        print(SAID, flush=True)
        Event().wait()


if __name__ == "__main__":
    main()
