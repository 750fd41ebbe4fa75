"""The keys, from Secrets Manager: read once in the life of a container.

A key that was refused is not read again by machine: the run halts, a person looks, and new containers read the new key.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

Secret = Callable[[], str]


def secret(name: str, client: "SecretsManagerClient") -> Secret:
    """The secret of that name, without the line end that editors leave. Raises what the client raises, each time it is
    asked until it could be read."""

    @cache
    def read() -> str:
        return client.get_secret_value(SecretId=name)["SecretString"].strip()

    return read
