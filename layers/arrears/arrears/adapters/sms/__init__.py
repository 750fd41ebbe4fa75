"""The companies that send texts, chosen and ordered by parameter."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from arrears.adapters.http import Http
from arrears.adapters.secrets import Secret
from arrears.adapters.sms.aws import AwsSms, sms_client
from arrears.adapters.sms.console import Console
from arrears.adapters.sms.failover import Failover
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from arrears.adapters.sms.test_numbers import OnlyTestNumbers
from arrears.ports import SmsProvider


def _listed(value: Any) -> Any:
    """A list from "a, b"; anything else as it is."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Listed = BeforeValidator(_listed)
E164 = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
Address = Annotated[str, Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])")]


class SmsSettings(BaseModel):
    """Who sends the texts, and under which name. Lists may be given as "a,b"; secrets are given by name."""

    model_config = ConfigDict(frozen=True)

    live: bool = False
    sms_providers: Annotated[tuple[str, ...], Listed, Field(min_length=1)] = ("console",)
    sms_test_numbers: Annotated[tuple[E164, ...], Listed] = ()
    # a Lambda's own disk, gone with the container
    sms_console_file: Path = Path("/tmp/sms.jsonl")  # noqa: S108  # nosec B108
    sms_validity_minutes: Annotated[int, Field(ge=1, le=4320)] = 1440
    sender: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9 ]{2,10}$")]
    sender_authorised: bool = False
    aws_sms_region: str = "eu-north-1"
    aws_sms_endpoint: Address | None = None
    aws_sms_identity: str | None = None
    aws_sms_configuration_set: str | None = None
    aws_sms_max_price: str | None = None
    aws_sms_dry_run: bool = False
    quriiri_url: Address | None = None
    quriiri_secret: str | None = None
    quriiri_report_secret: str | None = None
    link_url: Address | None = None
    link_secret: str | None = None
    link_platform_id: str | None = None
    link_partner_id: str | None = None
    link_gates: Annotated[tuple[str, ...], Listed] = ()

    @model_validator(mode="after")
    def _can_start(self) -> Self:
        if unknown := set(self.sms_providers) - set(NEEDS):
            raise ValueError(f"no provider {', '.join(sorted(unknown))}: expected some of {', '.join(NEEDS)}")
        for provider in self.sms_providers:
            if missing := [need for need in NEEDS[provider] if not getattr(self, need)]:
                raise ValueError(f"{provider} needs {', '.join(missing)}")
        if self.live and not self.sender_authorised:
            raise ValueError("a live stage needs the sender name authorised by Traficom: then set sender_authorised")
        if self.live and "console" in self.sms_providers:
            raise ValueError("a live stage cannot use the console: it would count texts as sent that reach nobody")
        return self


# what each provider cannot do without
NEEDS: Mapping[str, tuple[str, ...]] = {
    "console": (),
    "aws": (),
    "quriiri": ("quriiri_url", "quriiri_secret"),
    "link": ("link_url", "link_secret", "link_platform_id", "link_partner_id"),
}


def provider(
    settings: SmsSettings, secrets: Callable[[str], Secret], today: Callable[[], date], http: Http | None = None
) -> SmsProvider:
    """The providers of the settings in their order; outside a live stage only for the listed test numbers, all others
    are answered by the console. `secrets` gives the secret of a name."""
    http = http or Http()
    console = Console(settings.sms_console_file, today)
    makers: Mapping[str, Callable[[], SmsProvider]] = {
        "console": lambda: console,
        "aws": lambda: _aws(settings, http),
        "quriiri": lambda: _quriiri(settings, secrets, http),
        "link": lambda: _link(settings, secrets, http),
    }
    real = Failover(tuple(makers[name]() for name in settings.sms_providers))
    return real if settings.live else OnlyTestNumbers(real, console, frozenset(settings.sms_test_numbers))


def _aws(settings: SmsSettings, http: Http) -> SmsProvider:
    return AwsSms(
        sms_client(http, settings.aws_sms_region, settings.aws_sms_endpoint),
        identity=settings.aws_sms_identity,
        configuration_set=settings.aws_sms_configuration_set,
        max_price=settings.aws_sms_max_price,
        ttl=settings.sms_validity_minutes * 60,
        dry_run=settings.aws_sms_dry_run,
    )


def _quriiri(settings: SmsSettings, secrets: Callable[[str], Secret], http: Http) -> SmsProvider:
    return Quriiri(
        str(settings.quriiri_url),
        secrets(str(settings.quriiri_secret)),
        http,
        report_to=secrets(settings.quriiri_report_secret) if settings.quriiri_report_secret else None,
        validity=settings.sms_validity_minutes,
    )


def _link(settings: SmsSettings, secrets: Callable[[str], Secret], http: Http) -> SmsProvider:
    return Link(
        str(settings.link_url),
        secrets(str(settings.link_secret)),
        str(settings.link_platform_id),
        str(settings.link_partner_id),
        http,
        gates=settings.link_gates,
        validity=settings.sms_validity_minutes,
    )
