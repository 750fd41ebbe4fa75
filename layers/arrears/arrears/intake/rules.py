"""What a row must hold beyond its form: sums that fit, days that can be, people who are there, letters to be read."""

import re
from datetime import timedelta
from functools import lru_cache

from arrears.intake.findings import Code, Wrong, masked
from arrears.intake.rows import unknown_area
from arrears.model import OpenItem, Role, Snapshot
from arrears.payment import reference
from arrears.policy import Policy

POSTAL_CODE = re.compile(r"[0-9]{5}", re.ASCII)
NO_BREAK_SPACE = "\xa0"
# UTF-8 read as Windows-1252 and saved again: "ä" has become "Ã¤"; or a letter that was lost on the way.
TWICE_ENCODED = re.compile("[ÂÃ][\x80-\xbf]|â€|\ufffd")
OLDEST_AGE = 120  # years
OLDEST_CHARGE = 50  # years
CHARGED_AHEAD = timedelta(days=366)


def check(snapshot: Snapshot, policy: Policy) -> None:
    """Raises Wrong for the first rule that the tenancy breaks."""
    if snapshot.area not in policy.scope.areas:
        raise unknown_area(snapshot.area, policy)
    if snapshot.open_items:
        _check_items(snapshot)
    _check_tenants(snapshot)
    _check_address(snapshot)
    _check_days(snapshot)


def _check_items(snapshot: Snapshot) -> None:
    as_of, newest = snapshot.as_of, snapshot.as_of + CHARGED_AHEAD
    for place, item in enumerate(snapshot.open_items):
        if item.unpaid > item.charged:
            raise Wrong(Code.UNPAID_OVER_CHARGED, "open_items", place, "unpaid")
        if item.due_date > newest:
            raise Wrong(Code.UNLIKELY_DAY, "open_items", place, "due_date", wrong="over a year after the ledger day")
        if as_of.year - item.due_date.year > OLDEST_CHARGE:
            raise Wrong(Code.UNLIKELY_DAY, "open_items", place, "due_date", wrong=f"over {OLDEST_CHARGE} years ago")
        if item.reference is not None and not _is_reference(item.reference):
            raise Wrong(Code.REFERENCE, "open_items", place, "reference", got=masked(item.reference))
    if len(snapshot.open_items) > 1:
        _check_doubled(snapshot.open_items)


def _check_doubled(items: tuple[OpenItem, ...]) -> None:
    if len({(item.due_date, item.charged, item.unpaid, item.reference) for item in items}) < len(items):
        place = next(place for place, item in enumerate(items) if item in items[:place])
        raise Wrong(Code.SAME_CHARGE, "open_items", place)


@lru_cache(maxsize=1)  # a tenancy pays all its charges under one reference
def _is_reference(text: str) -> bool:
    try:
        return bool(reference(text))
    except ValueError:
        return False


def _check_tenants(snapshot: Snapshot) -> None:
    tenants, as_of = snapshot.tenants, snapshot.as_of
    if not any(tenant.role is Role.MAIN for tenant in tenants):
        raise Wrong(Code.NO_MAIN_TENANT, "tenants")
    if len(tenants) > 1 and len({tenant.tenant_id for tenant in tenants}) < len(tenants):
        raise Wrong(Code.SAME_TENANT, "tenants")
    for place, tenant in enumerate(tenants):
        _check_letters(tenant.name, "tenants", place, "name")
        if tenant.birth_date > as_of:
            raise Wrong(Code.BIRTH_DATE, "tenants", place, "birth_date", wrong="after the ledger day")
        if as_of.year - tenant.birth_date.year > OLDEST_AGE:
            raise Wrong(Code.BIRTH_DATE, "tenants", place, "birth_date", wrong=f"over {OLDEST_AGE} years ago")


def _check_address(snapshot: Snapshot) -> None:
    address = snapshot.address
    _check_letters(address.street, "address", "street")
    _check_letters(address.town, "address", "town")
    if not POSTAL_CODE.fullmatch(address.postal_code):
        raise Wrong(Code.POSTAL_CODE, "address", "postal_code", got=masked(address.postal_code))


def _check_letters(text: str, *place: str | int) -> None:
    if not text or text.isspace():
        raise Wrong(Code.BLANK, *place)
    if text.isascii() and text.isprintable():
        return
    if not text.replace(NO_BREAK_SPACE, " ").isprintable() or TWICE_ENCODED.search(text):
        raise Wrong(Code.BROKEN_LETTERS, *place)


def _check_days(snapshot: Snapshot) -> None:
    """What has happened cannot have happened after the ledger day."""
    agreement, court = snapshot.agreement, snapshot.court
    if snapshot.contacted_on and snapshot.contacted_on > snapshot.as_of:
        raise Wrong(Code.UNLIKELY_DAY, "contacted_on", wrong="after the ledger day")
    if court and court.opened_on > snapshot.as_of:
        raise Wrong(Code.UNLIKELY_DAY, "court", "opened_on", wrong="after the ledger day")
    if agreement and agreement.agreed_on > snapshot.as_of:
        raise Wrong(Code.UNLIKELY_DAY, "agreement", "agreed_on", wrong="after the ledger day")
    if agreement and agreement.broken_on and not agreement.agreed_on <= agreement.broken_on <= snapshot.as_of:
        wrong = "before the agreement or after the ledger day"
        raise Wrong(Code.UNLIKELY_DAY, "agreement", "broken_on", wrong=wrong)
