"""How the sender, and who asks the providers later, put them together."""

from datetime import date
from functools import partial

import boto3

from arrears import wiring
from arrears.adapters import clock
from arrears.adapters.email import email_provider
from arrears.adapters.pace import Paced
from arrears.adapters.secrets import secret
from arrears.adapters.sms import provider
from arrears.calendar import helsinki_day
from arrears.ports import EmailProvider, SmsProvider
from arrears.ports.measures import Meter
from arrears.settings import ProviderSettings, SendSettings
from arrears.work.notify import Notify, seconds_for


def sms(settings: ProviderSettings) -> SmsProvider:
    """Who sends the texts."""
    return provider(settings, partial(secret, client=boto3.client("secretsmanager")), _today)


def email(settings: ProviderSettings) -> EmailProvider:
    """Who sends the e-mails; outside production nobody does."""
    return email_provider(settings, _today)


def notifying(settings: SendSettings, meter: Meter) -> Notify:
    """The sender's errand."""
    return Notify(
        sight=wiring.sight(settings),
        ledger=wiring.ledger(settings),
        runs=wiring.runs(settings),
        sms=Paced(sms(settings), settings.send_per_second / settings.senders_at_once),
        email=email(settings),
        pseudonyms=wiring.pseudonyms(settings.reference_secret),
        sender=settings.sender_id,
        daily_cap=settings.daily_cap,
        token=wiring.token,
        reserve=seconds_for(len(settings.sms_providers)) + settings.senders_at_once / settings.send_per_second,
        meter=meter,
    )


def _today() -> date:
    return helsinki_day(clock.now())
