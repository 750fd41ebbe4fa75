"""The keys, read once from Secrets Manager."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from arrears.adapters.secrets import secret


@mock_aws
def test_a_key_is_read_once_and_without_its_line_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testi")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testi")
    client = boto3.client("secretsmanager", "eu-north-1")
    key = secret("quriiri", client)
    with pytest.raises(ClientError):
        key()
    client.create_secret(Name="quriiri", SecretString="avain-1\n")
    assert key() == "avain-1"  # a failed reading is not remembered
    client.put_secret_value(SecretId="quriiri", SecretString="avain-2")
    assert key() == "avain-1"  # only a new container reads a new key
    assert secret("quriiri", client)() == "avain-2"
