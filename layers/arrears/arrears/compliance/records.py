"""The recipient's own data, compared with the text: whatever the record says of the tenancy and its people."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from arrears.compliance.inflection import Forms, forms
from arrears.compliance.reading import SIGNS, WORD, Reading
from arrears.compliance.words import lines, words
from arrears.model import Snapshot

SHORTEST_NAME = 2
# Streets and towns are made of ordinary words too: "Iso" of Iso Roobertinkatu tells nothing alone.
SHORTEST_PLACE = 5
PHONE_END = 7


def names_record(reading: Reading, record: Snapshot) -> bool:
    """Anything of the record in the text: a name, street or town in any form, an id, an address, a day of birth."""
    return (
        any(_has_words(reading, field, shortest) for field, shortest in _fields_of_words(record))
        or any(_has_sign(reading, field.casefold()) for field in _fields_of_signs(record))
        or any(_has_day(reading, tenant.birth_date) for tenant in record.tenants)
    )


def _fields_of_words(record: Snapshot) -> Iterator[tuple[str, int]]:
    yield from ((tenant.name, SHORTEST_NAME) for tenant in record.tenants)
    yield from ((record.address.street, SHORTEST_PLACE), (record.address.town, SHORTEST_PLACE))


def _fields_of_signs(record: Snapshot) -> Iterator[str]:
    yield from (record.tenancy_id, record.address.street, record.address.postal_code)
    yield from (item.reference for item in record.open_items if item.reference)
    for tenant in record.tenants:
        yield from (tenant.tenant_id, tenant.email or "", re.sub(r"\D", "", tenant.phone or "")[-PHONE_END:])


def _has_words(reading: Reading, field: str, shortest: int) -> bool:
    """The whole field in its order, or one word of it that our own texts do not use: those say nothing of anybody."""
    parts = WORD.findall(field.casefold())
    found = [word.small for word in reading.words]
    suspect = set(filter(forms(parts).have, found))
    if not suspect:
        return False
    telling = forms(part for part in parts if len(part) >= shortest or len(parts) == 1)
    return any(map(telling.have, suspect - words("ours").whole)) or (
        len(parts) > 1 and _has_in_order(found, [forms([part]) for part in parts])
    )


def _has_in_order(found: Sequence[str], parts: Sequence[Forms]) -> bool:
    places = range(len(found) - len(parts) + 1)
    return any(all(part.have(word) for part, word in zip(parts, found[at:], strict=False)) for at in places)


def _has_sign(reading: Reading, sign: str) -> bool:
    """An id or address as it is: with digits or an at sign, however it is spaced; of letters alone, as words."""
    if any(map(str.isdigit, sign)) or "@" in sign:
        return SIGNS.sub("", sign) in reading.run_together
    parts = WORD.findall(sign)
    found = [word.small for word in reading.words]
    told = any(found[at : at + len(parts)] == parts for at in range(len(found)))
    return bool(parts) and told and not (len(parts) == 1 and words("ours").have(parts[0]))


def _has_day(reading: Reading, day: date) -> bool:
    return reading.has_digit and bool(_day_forms(day).search(reading.small))


@cache
def _day_forms(day: date) -> re.Pattern[str]:
    """1.2.1990, 01.02., 1/2-90, 1990-02-01, 010290, 01021990, 19900201, 1. helmikuuta."""
    gap = r"\s*[./-]\s*"
    forms = (
        rf"0?{day.day}{gap}0?{day.month}(?![0-9])",
        rf"{day.year}{gap}0?{day.month}{gap}0?{day.day}(?![0-9])",
        f"{day:%d%m%y}|{day:%d%m%Y}|{day:%Y%m%d}",
        rf"0?{day.day}\.?\s*{lines('months')[day.month - 1]}",
    )
    return re.compile(rf"(?<![0-9])(?:{'|'.join(forms)})")
