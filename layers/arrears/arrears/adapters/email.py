"""E-mail: to a file, or through Amazon SES.

Checked against botocore's own model of SES v2 SendEmail and AWS's list of its errors. Our reference travels as a
message tag and comes back in the events; SES cannot be asked by it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from arrears.adapters.http import Http, message_id
from arrears.adapters.lines import write_line, written
from arrears.adapters.once import ONCE, sorted_by_fate, through
from arrears.ports import Accepted, Email, EmailProvider, NotAccepted, Refused
from arrears.settings import ProviderSettings, SettingsError

if TYPE_CHECKING:
    from mypy_boto3_sesv2.client import SESV2Client
    from mypy_boto3_sesv2.type_defs import BodyTypeDef, ContentTypeDef, SendEmailRequestTypeDef

# Exactly one address: a record with two, or with a name around it, could reach a stranger.
ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}")
# The account is spent, suspended or paused, its address not verified, the words refused: the same for everybody.
SAME_FOR_ALL = frozenset(
    {
        "AccountSuspendedException",
        "LimitExceededException",
        "MailFromDomainNotVerifiedException",
        "MessageRejected",
        "NotFoundException",
        "SendingPausedException",
    }
)


def ses_client(http: Http, region: str, endpoint: str | None = None) -> "SESV2Client":
    """A client that sends once, through `http`."""
    client: SESV2Client = boto3.client("sesv2", region_name=region, endpoint_url=endpoint, config=ONCE)
    through(client, http)
    return client


def email_provider(settings: ProviderSettings, today: Callable[[], date], http: Http | None = None) -> EmailProvider:
    """SES in a live stage, the console in every other. Raises SettingsError for a live stage without SES: the console
    would count e-mails as sent that reach nobody."""
    if not settings.live:
        return ConsoleEmail(settings.console_folder / "emails.jsonl", today)
    if settings.email_provider != "ses" or not settings.from_email:
        raise SettingsError("EMAIL_PROVIDER: a live stage needs ses here, and the landlord's address in FROM_EMAIL")
    client = ses_client(http or Http(), settings.aws_region, settings.ses_endpoint)
    return SesEmail(client, settings.from_email, settings.ses_configuration_set)


@dataclass(frozen=True, slots=True)
class SesEmail:
    """Sends from the landlord's configured address, as plain text and as simple HTML with the same words."""

    client: "SESV2Client"
    sender: str
    configuration_set: str | None = None
    name: str = "ses"

    def send(self, email: Email) -> Accepted:
        """Hands the e-mail over once."""
        if not ADDRESS.fullmatch(email.to):
            raise Refused("not_one_address")
        with sorted_by_fate(_fate):
            told = self.client.send_email(**self._request(email))
            return Accepted(self.name, message_id(told.get("MessageId")))

    def find(self, reference: str) -> Accepted | None:
        """Cannot be asked."""
        raise LookupError("SES cannot be asked by reference")

    def _request(self, email: Email) -> "SendEmailRequestTypeDef":
        body: BodyTypeDef = {"Text": _words(email.text), "Html": _words(html(email))}
        asked: SendEmailRequestTypeDef = {
            "FromEmailAddress": self.sender,
            "Destination": {"ToAddresses": [email.to]},
            "Content": {"Simple": {"Subject": _words(email.subject), "Body": body}},
            "EmailTags": [{"Name": "reference", "Value": email.reference}],
        }
        if self.configuration_set:
            asked["ConfigurationSetName"] = self.configuration_set
        return asked


@dataclass(frozen=True, slots=True)
class ConsoleEmail:
    """Writes each e-mail as one line of JSON: to, subject, text, reference, on. It reaches nobody."""

    file: Path
    today: Callable[[], date]
    name: str = "console"

    def send(self, email: Email) -> Accepted:
        """Writes the e-mail down."""
        line = {
            "to": email.to,
            "subject": email.subject,
            "text": email.text,
            "reference": email.reference,
            "on": self.today().isoformat(),
        }
        write_line(self.file, line)
        return Accepted(self.name, f"console-{email.reference}")

    def find(self, reference: str) -> Accepted | None:
        """Whether the e-mail was written down."""
        return Accepted(self.name, f"console-{reference}") if written(self.file, reference) else None


def html(email: Email) -> str:
    """The e-mail's words as one plain page: a paragraph for each, no pictures, no links, nothing that reports back."""
    paragraphs = [escape(part.strip()).replace("\n", "<br>\n") for part in email.text.strip().split("\n\n")]
    page = "\n".join(f"<p>{part}</p>" for part in paragraphs)
    return (
        f'<!doctype html>\n<html lang="fi"><head><meta charset="utf-8"><title>{escape(email.subject)}</title></head>\n'
        f"<body>\n{page}\n</body></html>\n"
    )


def _words(text: str) -> "ContentTypeDef":
    return {"Data": text, "Charset": "UTF-8"}


def _fate(code: str, told: dict[str, Any]) -> Exception | None:
    if code in SAME_FOR_ALL:
        return NotAccepted(code, halts=True)
    if code == "BadRequestException":  # all else in the request is the same for everybody: it is this address
        return Refused(code)
    return None
