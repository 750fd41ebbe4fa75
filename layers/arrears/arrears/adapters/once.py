"""AWS clients for calls that must not be repeated: no retries, and the one attempt of adapters.http beneath.

botocore would retry on its own, and its read timeout begins anew with every byte; both are taken out of its hands. It
still signs the request and reads the answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)

from arrears.adapters.http import Answer, Http
from arrears.ports import NotAccepted, Refused, Unclear

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"}, connect_timeout=3, read_timeout=10)

# Who we are is not known or not allowed: nothing else will be accepted either. The modelled one and AWS's common ones.
WRONG_KEY = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException"})


def through(client: Any, http: Http) -> None:
    """Lets every call of the client leave through `http`, once."""

    def leave(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        answer = http.post(request.url, _bytes(request.body), dict(request.headers.items()))
        headers: Any = answer.headers
        return AWSResponse(request.url, answer.status, headers, _Stream(answer.body))

    client.meta.events.register("before-send", leave)


@contextmanager
def sorted_by_fate(fate: Callable[[str, dict[str, Any]], Exception | None]) -> Iterator[None]:
    """Turns whatever an AWS call raises into one of our fates. `fate` sorts the service's own codes, given the code and
    the error's fields; what it does not know is unclear. No message of AWS goes on: it may name the person."""
    try:
        yield
    except (NotAccepted, Refused, Unclear):
        raise
    except ClientError as error:
        raise _fate_of(error, fate) from None
    except (ParamValidationError, NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        raise NotAccepted(type(error).__name__, halts=not isinstance(error, ParamValidationError)) from None
    except Exception as error:
        raise Unclear(type(error).__name__) from None


def _fate_of(error: ClientError, fate: Callable[[str, dict[str, Any]], Exception | None]) -> Exception:
    told: dict[str, Any] = dict(error.response)
    code = str(told.get("Error", {}).get("Code", ""))
    answer = Answer(told["ResponseMetadata"]["HTTPStatusCode"], told["ResponseMetadata"]["HTTPHeaders"], b"")
    if answer.status < 500 and code in WRONG_KEY:
        return NotAccepted(code, halts=True)
    if answer.status < 500 and (code in THROTTLED or answer.status == 429):
        return NotAccepted(code, retry_after=answer.retry_after)
    known = fate(code, told) if answer.status < 500 else None
    return known or Unclear(code)


def _bytes(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body or b"")


class _Stream(BytesIO):
    def stream(self) -> Iterator[bytes]:
        yield self.read()
