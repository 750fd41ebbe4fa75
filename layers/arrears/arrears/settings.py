"""What each door is told by its environment: a model per function, read once. `ledger_table` is LEDGER_TABLE."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class SettingsError(ValueError):
    """The environment lacks something, or holds something that cannot be: names the variable and what is expected."""


def _listed(value: Any) -> Any:
    """A list from "a, b"; anything else as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Listed = BeforeValidator(_listed)
E164 = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
Address = Annotated[str, Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])")]


class Settings(BaseModel):
    """Read from environment variables of the same names in upper case; an empty one counts as absent."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings. Raises SettingsError naming the first variable that is missing or wrong."""
        given = {name: environ[name.upper()] for name in cls.model_fields if environ.get(name.upper())}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = "_".join(str(part) for part in first["loc"][:1]).upper() or cls.__name__
            raise SettingsError(f"{name}: {first['msg']}") from None


class LedgerSettings(Settings):
    """Where the ledger is: record_receipt."""

    ledger_table: str
    snapshot_shards: Annotated[int, Field(ge=1, le=256)] = 16


class InboxSettings(LedgerSettings):
    """note_events and record_prints: files that land in the inbox."""

    inbox_bucket: str


class ImportSettings(InboxSettings):
    """import_snapshot."""

    snapshot_table: str
    records_bucket: str


class SightSettings(LedgerSettings):
    """Where the ledger and the snapshots are."""

    snapshot_table: str


class ReportSettings(SightSettings):
    """publish_report."""

    records_bucket: str


class SelectSettings(ReportSettings):
    """select_tenants and follow_up."""

    notices_queue_url: str
    letters_queue_url: str
    reference_secret: str


class ProviderSettings(Settings):
    """Who carries the messages, in which order, and to whom outside production. Secrets are given by name."""

    stage: Literal["dev", "test", "prod"] = "dev"
    sms_providers: Annotated[tuple[str, ...], Listed, Field(min_length=1)] = ("console",)
    test_numbers: Annotated[tuple[E164, ...], Listed] = ()
    console_folder: Path = Path("/tmp/out")  # noqa: S108  # nosec B108  # a Lambda's own disk, gone with the container
    sms_validity_minutes: Annotated[int, Field(ge=1, le=4320)] = 1440
    sender_id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9 ]{2,10}$")] = "Heka"
    sender_authorised: bool = False
    aws_region: str = "eu-north-1"
    aws_sms_endpoint: Address | None = None
    aws_sms_origination_identity: str | None = None
    aws_sms_configuration_set: str | None = None
    aws_sms_max_price: str | None = None
    aws_sms_dry_run: bool = False
    quriiri_endpoint: Address | None = None
    quriiri_secret: str | None = None
    quriiri_report_secret: str | None = None
    link_endpoint: Address | None = None
    link_secret: str | None = None
    link_platform_id: str | None = None
    link_partner_id: str | None = None
    link_gates: Annotated[tuple[str, ...], Listed] = ()
    email_provider: Literal["console", "ses"] = "console"
    from_email: str | None = None
    ses_configuration_set: str | None = None
    ses_endpoint: Address | None = None

    @property
    def live(self) -> bool:
        """Whether messages reach tenants."""
        return self.stage == "prod"


class SendSettings(SightSettings, ProviderSettings):
    """send_notice."""

    reference_secret: str
    daily_cap: Annotated[int, Field(ge=1)] = 5000
    send_per_second: Annotated[float, Field(gt=0)] = 10
    senders_at_once: Annotated[int, Field(ge=1)] = 2


class ReconcileSettings(SelectSettings, ProviderSettings):
    """reconcile: asks the providers, rings the queues, closes the day's print batch."""

    letters_bucket: str


class PrintSettings(SightSettings):
    """print_letter. `creditor` is the landlord as JSON."""

    stage: Literal["dev", "test", "prod"] = "dev"
    letters_bucket: str
    creditor: str
    daily_cap: Annotated[int, Field(ge=1)] = 5000


class ReceiptSettings(Settings):
    """accept_receipt: the secret it checks and the queue it feeds."""

    receipts_queue_url: str
    receipt_secret: str
