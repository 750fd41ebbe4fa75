"""Who can be written to: the main tenants that a channel reaches, in lease order."""

from arrears.calendar import age
from arrears.model import Tenant
from arrears.phones import e164
from arrears.rules.situations import Situation


def by_mobile(at: Situation) -> tuple[Tenant, ...]:
    """Main tenants that a text can reach."""
    return tuple([tenant for tenant in at.snapshot.main_tenants if e164(tenant.phone)])


def by_post(at: Situation) -> tuple[Tenant, ...]:
    """Main tenants that a letter can reach: everyone."""
    return at.snapshot.main_tenants


def of_notice_age(at: Situation) -> tuple[Tenant, ...]:
    """Main tenants who were of the court notice's age on the day their case was opened."""
    court, terms = at.snapshot.court, at.policy.court
    if court is None:
        return ()
    return tuple(
        tenant
        for tenant in at.snapshot.main_tenants
        if terms.notice_min_age <= age(tenant.birth_date, court.opened_on) <= terms.notice_max_age
    )


def by_notice_channel(at: Situation) -> tuple[Tenant, ...]:
    """Main tenants of the court notice's age whom one of its channels reaches, text or e-mail."""
    channels = at.policy.court.notice_channels
    return tuple(
        tenant
        for tenant in of_notice_age(at)
        if ("sms" in channels and e164(tenant.phone)) or ("email" in channels and tenant.email)
    )
