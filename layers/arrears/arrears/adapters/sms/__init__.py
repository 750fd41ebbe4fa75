"""The companies that send texts, chosen and ordered by parameter."""

from collections.abc import Callable, Mapping
from datetime import date

from arrears.adapters.http import Http
from arrears.adapters.secrets import Secret
from arrears.adapters.sms.aws import AwsSms, sms_client
from arrears.adapters.sms.console import Console
from arrears.adapters.sms.failover import Failover
from arrears.adapters.sms.link import Link
from arrears.adapters.sms.quriiri import Quriiri
from arrears.adapters.sms.test_numbers import OnlyTestNumbers
from arrears.ports import SmsProvider
from arrears.settings import ProviderSettings, SettingsError

# what each provider cannot do without
NEEDS: Mapping[str, tuple[str, ...]] = {
    "console": (),
    "aws": (),
    "quriiri": ("quriiri_endpoint", "quriiri_secret"),
    "link": ("link_endpoint", "link_secret", "link_platform_id", "link_partner_id"),
}


def provider(
    settings: ProviderSettings, secrets: Callable[[str], Secret], today: Callable[[], date], http: Http | None = None
) -> SmsProvider:
    """The providers of the settings in their order; outside a live stage only for the listed test numbers, all others
    are answered by the console. `secrets` gives the secret of a name. Raises SettingsError for a stage that must not
    start so."""
    _refuse_to_start(settings)
    http = http or Http()
    console = Console(settings.console_folder / "sms.jsonl", today)
    makers: Mapping[str, Callable[[], SmsProvider]] = {
        "console": lambda: console,
        "aws": lambda: _aws(settings, http),
        "quriiri": lambda: _quriiri(settings, secrets, http),
        "link": lambda: _link(settings, secrets, http),
    }
    real = Failover(tuple(makers[name]() for name in settings.sms_providers))
    return real if settings.live else OnlyTestNumbers(real, console, frozenset(settings.test_numbers))


def _refuse_to_start(settings: ProviderSettings) -> None:
    if unknown := sorted(set(settings.sms_providers) - set(NEEDS)):
        raise SettingsError(f"SMS_PROVIDERS: no provider {', '.join(unknown)}, expected some of {', '.join(NEEDS)}")
    for name in settings.sms_providers:
        if missing := [need.upper() for need in NEEDS[name] if not getattr(settings, need)]:
            raise SettingsError(f"{missing[0]}: missing, {name} needs {', '.join(missing)}")
    if settings.live and not settings.sender_authorised:
        raise SettingsError("SENDER_AUTHORISED: not true, a live stage needs its sender name authorised by Traficom")
    if settings.live and "console" in settings.sms_providers:
        raise SettingsError("SMS_PROVIDERS: a live stage on the console would count texts as sent that reach nobody")


def _aws(settings: ProviderSettings, http: Http) -> SmsProvider:
    return AwsSms(
        sms_client(http, settings.aws_region, settings.aws_sms_endpoint),
        identity=settings.aws_sms_origination_identity,
        configuration_set=settings.aws_sms_configuration_set,
        max_price=settings.aws_sms_max_price,
        ttl=settings.sms_validity_minutes * 60,
        dry_run=settings.aws_sms_dry_run,
    )


def _quriiri(settings: ProviderSettings, secrets: Callable[[str], Secret], http: Http) -> SmsProvider:
    return Quriiri(
        str(settings.quriiri_endpoint),
        secrets(str(settings.quriiri_secret)),
        http,
        report_to=secrets(settings.quriiri_report_secret) if settings.quriiri_report_secret else None,
        validity=settings.sms_validity_minutes,
    )


def _link(settings: ProviderSettings, secrets: Callable[[str], Secret], http: Http) -> SmsProvider:
    return Link(
        str(settings.link_endpoint),
        secrets(str(settings.link_secret)),
        str(settings.link_platform_id),
        str(settings.link_partner_id),
        http,
        gates=settings.link_gates,
        validity=settings.sms_validity_minutes,
    )
