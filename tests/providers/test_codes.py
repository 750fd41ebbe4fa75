"""Each provider's own codes, sorted into our fates; a canned answer stands for the server here."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError, ParamValidationError

from arrears.adapters.http import Answer, Http
from arrears.adapters.once import sorted_by_fate
from arrears.adapters.sms.aws import AwsSms, _fate, sms_client
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from arrears.ports import Accepted, NotAccepted, Refused, SmsProvider, Unclear
from tests.local.provider import Street
from tests.providers.conftest import KEY, SMS, fate_of

ACCEPTED, REFUSED, PASSING, HALTING, UNCLEAR = "accepted", "refused", "not accepted", "not accepted, halts", "unclear"


@dataclass(frozen=True)
class Canned(Http):
    """Gives one answer, whatever is asked."""

    answer: Answer = field(default_factory=lambda: Answer(200, {}, b""))

    def post(self, *_: Any) -> Answer:
        return self.answer


def canned(status: int, told: Any) -> Canned:
    return Canned(answer=Answer(status, {}, json.dumps(told).encode()))


def sorted_fate(provider: SmsProvider) -> str:
    match fate_of(provider):
        case Accepted():
            return ACCEPTED
        case Refused():
            return REFUSED
        case NotAccepted(halts=halts):
            return HALTING if halts else PASSING
        case Unclear():
            return UNCLEAR
        case other:
            raise AssertionError(f"no fate of ours: {other!r}")


@pytest.fixture(autouse=True)
def _with_keys(provided: Street) -> None:
    """Dummy AWS credentials."""


def aws_answer(status: int, kind: str, reason: str = "", where: str = "") -> str:
    told = {"__type": kind, "Message": SMS.to, "Reason": reason, "Fields": [{"Name": where, "Message": SMS.text}]}
    return sorted_fate(AwsSms(sms_client(canned(status, told), "eu-north-1")))


@pytest.mark.parametrize(
    ("kind", "reason", "where", "fate"),
    [
        ("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", "", REFUSED),
        ("ConflictException", "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE", "", REFUSED),
        ("ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", "", HALTING),  # the account is in the sandbox
        ("ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION", "", HALTING),
        ("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", "", HALTING),
        ("ValidationException", "FIELD_VALIDATION_FAILED", "DestinationPhoneNumber", REFUSED),
        ("ValidationException", "INVALID_PARAMETER", "destinationPhoneNumber", REFUSED),
        ("ValidationException", "FIELD_VALIDATION_FAILED", "MessageBody", PASSING),
        ("ValidationException", "MAXIMUM_SIZE_EXCEEDED", "MessageBody", PASSING),
        ("ValidationException", "PRICE_OVER_THRESHOLD", "", HALTING),
        ("ValidationException", "SENDER_ID_NOT_REGISTERED", "", HALTING),
        ("ValidationException", "DESTINATION_COUNTRY_BLOCKED", "", HALTING),
        ("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", "", HALTING),
        ("ResourceNotFoundException", "", "", HALTING),
        ("AccessDeniedException", "ACCOUNT_DISABLED", "", HALTING),
        ("ExpiredTokenException", "", "", HALTING),
        ("ThrottlingException", "", "", PASSING),
        ("SomethingNewException", "", "", UNCLEAR),
    ],
)
def test_aws_codes(kind: str, reason: str, where: str, fate: str) -> None:
    assert aws_answer(400, kind, reason, where) == fate


@pytest.mark.parametrize(
    "kind", ["InternalServerException", "ThrottlingException", "AccessDeniedException", "ConflictException"]
)
def test_a_failing_aws_leaves_nobody_knowing_whatever_it_calls_it(kind: str) -> None:
    assert aws_answer(500, kind) == UNCLEAR


def test_aws_fates_bear_the_reason_and_nothing_of_the_message() -> None:
    told = {"__type": "ConflictException", "Message": SMS.to, "Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}
    fate = fate_of(AwsSms(sms_client(canned(400, told), "eu-north-1")))
    assert str(fate) == "ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT"


@pytest.mark.parametrize(
    ("code", "told", "said", "halts"),
    [
        ("ValidationException", {}, "ValidationException", True),
        ("ValidationException", {"Reason": "CANNOT_PARSE"}, "ValidationException:CANNOT_PARSE", False),
        ("ValidationException", {"Reason": "CANNOT_PARSE", "Fields": [{}]}, "ValidationException:CANNOT_PARSE", False),
        ("ConflictException", {"Reason": "A_REASON"}, "ConflictException:A_REASON", True),
        ("ServiceQuotaExceededException", {"Reason": "A_REASON"}, "ServiceQuotaExceededException:A_REASON", True),
    ],
)
def test_aws_may_leave_out_the_reason_or_the_fields(code: str, told: dict[str, Any], said: str, halts: bool) -> None:
    fate = _fate(code, told)
    assert isinstance(fate, NotAccepted)
    assert (fate.code, fate.halts, fate.retry_after) == (said, halts, None)


def test_a_request_that_aws_itself_would_not_send_has_surely_not_left() -> None:
    fate = fate_of(AwsSms(sms_client(canned(200, {}), "eu-north-1"), ttl="pitkä"))  # type: ignore[arg-type]
    assert isinstance(fate, NotAccepted)
    assert (fate.code, fate.halts) == (ParamValidationError.__name__, False)


def test_without_credentials_nothing_has_left_and_nothing_else_will() -> None:
    with pytest.raises(NotAccepted) as fate, sorted_by_fate(lambda *_: None):
        raise NoCredentialsError
    assert fate.value.halts


@pytest.mark.parametrize(
    ("status", "code", "fate"),
    [
        (400, 2104, REFUSED),
        (400, 2105, REFUSED),
        (400, 2106, REFUSED),
        (401, 106100, HALTING),
        (403, 106101, HALTING),
        (403, 106102, HALTING),
        (400, 106200, HALTING),
        (400, 106201, HALTING),
        (400, 106301, HALTING),
        (400, 106202, PASSING),
        (400, 106300, PASSING),
        (400, 106000, UNCLEAR),  # "unknown error" says nothing of the text
        (500, 106100, UNCLEAR),
        (200, 106100, UNCLEAR),  # never documented: a 200 with another code than 1005
        (200, 1006, UNCLEAR),
        (200, "1005", UNCLEAR),
        (400, {"deep": [1]}, PASSING),
        (200, 1005, ACCEPTED),
    ],
)
def test_link_codes(status: int, code: Any, fate: str) -> None:
    told = {"messageId": "Dcshuhod0PMAAAFQ+/PbnR3x", "resultCode": code, "description": f"{SMS.to}"}
    assert sorted_fate(Link("https://link.example/sms/send", lambda: KEY, "C", "1", canned(status, told))) == fate


@pytest.mark.parametrize(
    ("status", "messages", "fate"),
    [
        (200, {SMS.to: {"converted": SMS.to, "status": "CREATED"}}, ACCEPTED),
        (200, {SMS.to: {"converted": SMS.to, "status": "PENDING"}}, ACCEPTED),
        (200, {SMS.to: {"converted": SMS.to, "status": "FAILED"}}, REFUSED),
        (400, {SMS.to: {"converted": SMS.to, "status": "FAILED"}}, REFUSED),
        (402, {SMS.to: {"converted": SMS.to, "status": "FAILED"}}, HALTING),
        (500, {SMS.to: {"converted": SMS.to, "status": "FAILED"}}, UNCLEAR),
        (200, {SMS.to: {"converted": SMS.to, "status": "SOMETHING"}}, UNCLEAR),
        (200, {SMS.to: {"converted": SMS.to, "status": ["CREATED"]}}, UNCLEAR),
        (200, {SMS.to: {"converted": SMS.to}}, UNCLEAR),
        (200, {SMS.to: {"converted": "+358409999999", "status": "CREATED"}}, UNCLEAR),
        (200, {"+358409999999": {"converted": SMS.to, "status": "CREATED"}}, UNCLEAR),
        (200, {SMS.to: {"converted": SMS.to, "status": "CREATED"}, "+358409999999": {}}, UNCLEAR),
        (200, [], UNCLEAR),
        (200, {}, UNCLEAR),
        (400, {}, PASSING),
    ],
)
def test_quriiri_answers(status: int, messages: Any, fate: str) -> None:
    told = {"messages": messages, "warnings": [], "errors": []}
    assert sorted_fate(Quriiri("https://quriiri.example/", lambda: KEY, canned(status, told))) == fate


def test_a_scheduled_text_has_quriiris_own_id() -> None:
    told = {"messages": {SMS.to: {"converted": SMS.to, "status": "CREATED", "messageid": "q-77"}}}
    provider = Quriiri("https://quriiri.example/", lambda: KEY, canned(200, told))
    assert provider.send(SMS) == Accepted("quriiri", "q-77")


@pytest.mark.parametrize(
    ("status", "fate"),
    [(code, HALTING) for code in (401, 402, 403, 404, 405)]
    + [(code, PASSING) for code in (400, 413, 415, 422, 429)]
    + [(code, UNCLEAR) for code in (301, 302, 307, 408, 409, 425, 499, 500, 502, 503, 504)],
)
def test_http_statuses_that_bring_no_code(status: int, fate: str) -> None:
    answer = canned(status, {"told": SMS.to})
    assert sorted_fate(Quriiri("https://quriiri.example/", lambda: KEY, answer)) == fate
    assert sorted_fate(Link("https://link.example/", lambda: KEY, "C", "1", answer)) == fate


@pytest.mark.parametrize("told", ["", "has space", "x" * 101, "å", "a\nb", None, 17, ["id"]])
def test_an_id_that_is_none_leaves_nobody_knowing(told: Any) -> None:
    answer = canned(200, {"messageId": told, "resultCode": 1005})
    assert sorted_fate(Link("https://link.example/", lambda: KEY, "C", "1", answer)) == UNCLEAR
    assert sorted_fate(AwsSms(sms_client(canned(200, {"MessageId": told}), "eu-north-1"))) == UNCLEAR


def test_a_key_that_cannot_be_read_halts_before_anything_left() -> None:
    def unreadable() -> str:
        raise RuntimeError(f"the secret {KEY} cannot be read")

    whole = Quriiri("https://quriiri.example/", lambda: KEY, canned(200, {}))
    for provider in (
        replace(whole, key=unreadable),
        replace(whole, report_to=unreadable),
        Link("https://link.example/", unreadable, "C", "1", canned(200, {})),
    ):
        fate = fate_of(provider)
        assert isinstance(fate, NotAccepted)
        assert (fate.code, fate.halts) == ("secret_not_readable", True)
