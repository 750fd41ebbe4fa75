"""How each provider on the loopback street is spoken to, and what it answers in each mode."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

RETRY_AFTER = 7
STRANGER = "+358409999999"


class Mode(StrEnum):
    """How the provider behaves."""

    ACCEPT = "accept"
    REFUSED_NUMBER = "refused_number"
    BAD_KEY = "bad_key"
    OUT_OF_CREDIT = "out_of_credit"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    SLOW_DRIP = "slow_drip"  # takes it, and answers a byte at a time, for ever
    SLOW_BODY = "slow_body"  # the same, once the headers are out
    SILENCE = "silence"  # takes it, and never answers
    RESET_AFTER_ACCEPT = "reset_after_accept"
    HTML = "html"
    EMPTY = "empty"
    NO_CONTENT = "no_content"
    HUGE = "huge"
    OTHER_REFERENCE = "other_reference"
    STRANGE_ID = "strange_id"
    MALFORMED = "malformed"
    LIST = "list"
    REDIRECT = "redirect"


# in these the text has surely not been taken
NOT_TAKEN = frozenset(
    {Mode.REFUSED_NUMBER, Mode.BAD_KEY, Mode.OUT_OF_CREDIT, Mode.THROTTLED, Mode.SERVER_ERROR, Mode.REDIRECT}
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A text or e-mail that left."""

    provider: str
    to: str
    sender: str
    text: str
    reference: str
    id: str
    asked: dict[str, Any] = field(repr=False)
    authorization: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: status, body, headers."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(status: int, body: Any, **headers: str) -> Reply:
    """An answer in JSON."""
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


class Aws:
    """SendTextMessage, JSON 1.0."""

    name = "aws"

    def read(self, asked: dict[str, Any]) -> tuple[str, str, str, str]:
        return (
            asked["DestinationPhoneNumber"],
            asked["OriginationIdentity"],
            asked["MessageBody"],
            asked["Context"]["reference"],
        )

    def say(self, mode: Mode, taken: Taken) -> Reply:
        refusals = {
            Mode.REFUSED_NUMBER: (400, "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
            Mode.BAD_KEY: (400, "UnrecognizedClientException", ""),
            Mode.OUT_OF_CREDIT: (400, "ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"),
            Mode.THROTTLED: (400, "ThrottlingException", ""),
            Mode.SERVER_ERROR: (500, "InternalServerException", ""),
        }
        if mode in refusals:
            status, kind, reason = refusals[mode]
            told = {"__type": f"com.amazonaws.sms#{kind}", "Message": f"{taken.to}: {taken.text}", "Reason": reason}
            return json_reply(status, told, **_retry(mode))
        return json_reply(200, {"MessageId": "not an id" if mode is Mode.STRANGE_ID else taken.id})


class Quriiri:
    """The HTTP MT API, version 1."""

    name = "quriiri"

    def read(self, asked: dict[str, Any]) -> tuple[str, str, str, str]:
        return asked["destination"][0], asked["sender"], asked["text"], asked["batchid"]

    def say(self, mode: Mode, taken: Taken) -> Reply:
        status = {Mode.BAD_KEY: 401, Mode.OUT_OF_CREDIT: 402, Mode.THROTTLED: 429, Mode.SERVER_ERROR: 503}.get(mode)
        if status:
            errors = [{"message": f"no: {taken.to} {taken.text}"}]
            return json_reply(status, {"errors": errors, "warnings": [], "messages": {}}, **_retry(mode))
        other = mode is Mode.OTHER_REFERENCE
        told = {"converted": STRANGER if other else taken.to, "status": "CREATED"}
        if mode is Mode.REFUSED_NUMBER:
            told = {"converted": taken.to, "status": "FAILED", "reason": f"{taken.to} is no mobile number"}
        if mode is Mode.STRANGE_ID:
            told["messageid"] = "not an id"
        return json_reply(200, {"errors": [], "warnings": [], "messages": {STRANGER if other else taken.to: told}})


class Link:
    """The SMS REST API of the Common platform."""

    name = "link"

    def read(self, asked: dict[str, Any]) -> tuple[str, str, str, str]:
        return asked["destination"], asked["source"], asked["userData"], asked["refId"]

    def say(self, mode: Mode, taken: Taken) -> Reply:
        refusals = {
            Mode.REFUSED_NUMBER: (400, 2106),
            Mode.BAD_KEY: (401, 106100),
            Mode.OUT_OF_CREDIT: (402, 0),
            Mode.THROTTLED: (429, 0),
            Mode.SERVER_ERROR: (500, 106000),
        }
        if mode in refusals:
            status, code = refusals[mode]
            return json_reply(status, {"resultCode": code, "message": f"{taken.to}: {taken.text}"}, **_retry(mode))
        told = {
            "messageId": "not an id" if mode is Mode.STRANGE_ID else taken.id,
            "resultCode": 1005,
            "description": "Queued",
            "refId": "another-reference" if mode is Mode.OTHER_REFERENCE else taken.reference,
        }
        return json_reply(200, told)


class Ses:
    """SES v2 SendEmail, REST and JSON."""

    name = "ses"

    def read(self, asked: dict[str, Any]) -> tuple[str, str, str, str]:
        return (
            asked["Destination"]["ToAddresses"][0],
            asked["FromEmailAddress"],
            asked["Content"]["Simple"]["Body"]["Text"]["Data"],
            next(tag["Value"] for tag in asked["EmailTags"] if tag["Name"] == "reference"),
        )

    def say(self, mode: Mode, taken: Taken) -> Reply:
        refusals = {
            Mode.REFUSED_NUMBER: (400, "BadRequestException"),
            Mode.BAD_KEY: (403, "AccessDeniedException"),
            Mode.OUT_OF_CREDIT: (400, "LimitExceededException"),
            Mode.THROTTLED: (429, "TooManyRequestsException"),
            Mode.SERVER_ERROR: (500, "InternalServiceErrorException"),
        }
        if mode in refusals:
            status, kind = refusals[mode]
            headers = {"x-amzn-ErrorType": kind, **_retry(mode)}
            return json_reply(status, {"message": f"{taken.to}: {taken.text}"}, **headers)
        return json_reply(200, {"MessageId": "not an id" if mode is Mode.STRANGE_ID else taken.id})


DIALECTS: dict[str, Aws | Quriiri | Link | Ses] = {
    "/": Aws(),
    "/quriiri": Quriiri(),
    "/sms/send": Link(),
    "/v2/email/outbound-emails": Ses(),
}


def _retry(mode: Mode) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER)} if mode is Mode.THROTTLED else {}
