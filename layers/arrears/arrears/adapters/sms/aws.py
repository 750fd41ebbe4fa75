"""AWS End User Messaging SMS (`pinpoint-sms-voice-v2`).

Checked against botocore's own model of SendTextMessage and AWS's event documentation: the request's fields, the errors
and their reasons. It is not idempotent and cannot be asked by reference; our reference travels in Context and comes
back in the events.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from arrears.adapters.http import Http, message_id
from arrears.adapters.once import ONCE, sorted_by_fate, through
from arrears.ports import Accepted, NotAccepted, Refused, Sms

if TYPE_CHECKING:
    from mypy_boto3_pinpoint_sms_voice_v2.client import PinpointSMSVoiceV2Client
    from mypy_boto3_pinpoint_sms_voice_v2.type_defs import SendTextMessageRequestTypeDef

# The number itself is refused: opted out, or blocked by our own protect configuration.
NUMBER_REFUSED = frozenset(
    {"DESTINATION_PHONE_NUMBER_OPTED_OUT", "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"}
)
# Something in this one request; every other reason lies with the account, the sender name or the country.
THIS_REQUEST = frozenset(
    {"CANNOT_PARSE", "FIELD_VALIDATION_FAILED", "INVALID_PARAMETER", "INVALID_REQUEST", "MAXIMUM_SIZE_EXCEEDED"}
)
ACCOUNT = frozenset({"ServiceQuotaExceededException", "ResourceNotFoundException"})  # spent, or not set up


def sms_client(http: Http, region: str, endpoint: str | None = None) -> "PinpointSMSVoiceV2Client":
    """A client that sends once, through `http`."""
    client: PinpointSMSVoiceV2Client = boto3.client(
        "pinpoint-sms-voice-v2", region_name=region, endpoint_url=endpoint, config=ONCE
    )
    through(client, http)
    return client


@dataclass(frozen=True, slots=True)
class AwsSms:
    """Sends through AWS. `identity` is the sender ID or pool as AWS knows it, the text's own sender when not given;
    `max_price` in US dollars as "0.10"; `ttl` in seconds (5-259200); a dry run is checked by AWS and not sent."""

    client: "PinpointSMSVoiceV2Client"
    identity: str | None = None
    configuration_set: str | None = None
    max_price: str | None = None
    ttl: int = 86_400
    dry_run: bool = False
    name: str = "aws"

    def send(self, sms: Sms) -> Accepted:
        """Hands the text over once."""
        with sorted_by_fate(_fate):
            told = self.client.send_text_message(**self._request(sms))
            return Accepted(self.name, message_id(told.get("MessageId")))

    def find(self, reference: str) -> Accepted | None:
        """Cannot be asked."""
        raise LookupError("AWS cannot be asked by reference")

    def _request(self, sms: Sms) -> "SendTextMessageRequestTypeDef":
        asked: SendTextMessageRequestTypeDef = {
            "DestinationPhoneNumber": sms.to,
            "OriginationIdentity": self.identity or sms.sender,
            "MessageBody": sms.text,
            "MessageType": "TRANSACTIONAL",
            "TimeToLive": self.ttl,
            "Context": {"reference": sms.reference},
            "DryRun": self.dry_run,
        }
        if self.configuration_set:
            asked["ConfigurationSetName"] = self.configuration_set
        if self.max_price:
            asked["MaxPrice"] = self.max_price
        return asked


def _fate(code: str, told: dict[str, Any]) -> Exception | None:
    reason = str(told.get("Reason", ""))
    said = f"{code}:{reason}" if reason else code
    if code in ACCOUNT:
        return NotAccepted(said, halts=True)
    if code == "ConflictException":
        return Refused(said) if reason in NUMBER_REFUSED else NotAccepted(said, halts=True)
    if code == "ValidationException":
        fields = {str(field.get("Name")).lower() for field in told.get("Fields", [])}
        if "destinationphonenumber" in fields:
            return Refused(said)
        return NotAccepted(said, halts=reason not in THIS_REQUEST)
    return None
