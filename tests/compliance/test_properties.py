"""Whatever is written into a text: when it may leave, it gives nothing away."""

import re
import unicodedata

from hypothesis import event, given, settings
from hypothesis import strategies as st

from arrears.compliance import Violation, check
from arrears.model import Snapshot, Step, Tenant
from tests.compliance.texts import LIMITS, harmless
from tests.makers import a_snapshot, a_tenant

URL_LIKE = re.compile(r"(?i)://|\bwww\.|@|[a-z0-9äöå-]\.(?:[a-zäöå]{2,})|\b(?:fi|com|http|https)\b")
SENTENCES = sorted({part for _, text in harmless() for part in re.split(r"(?<=[.!?]) ", text)})
NAMES = [
    "Matti",
    "Maija",
    "Heikki",
    "Virtanen",
    "Mäki",
    "Koski",
    "Kauppinen",
    "Sen",
    "Ota",
    "Li",
    "Nguyen",
    "Niemi",
    "Aho",
]
STREETS = ["Testikatu 7 B 12", "Koetie 1", "Iso Roobertinkatu 3", "Kaivokuja 5", "Summa 2"]
FRAGMENTS = [
    "200e", "2", "٢", "½", "heka.fi", "www.heka.fi", "https://x", "heka piste fi", "heka@heka", "040 112 2334",
    "FI21 1234", "satanen", "Matille", "Virtaselle", "Testikadulla", "T-1001", "1.2.1990", "Vastaa tähän viestiin.",
    "häätö", "ok.fi", "maksaa.Ota", "\u200b", "😀", "\u00a0",
]  # fmt: skip

people = st.builds(
    lambda first, last, number, birth: a_tenant(f"P-{number}", name=f"{first} {last}", birth_date=birth.isoformat()),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.integers(1, 99999),
    st.dates(),
)
records = st.builds(
    lambda tenants, number, street, town: a_snapshot(
        tenancy_id=f"T-{number}",
        tenants=tuple(tenants),
        address={"street": street, "postal_code": "00999", "town": town},
    ),
    st.lists(people, min_size=1, max_size=2),
    st.integers(1, 99999),
    st.sampled_from(STREETS),
    st.sampled_from(["Helsinki", "Espoo", "Salo"]),
)


@st.composite
def texts(draw: st.DrawFn, record: Snapshot) -> str:
    """Sentences that may be written, with something slipped in: of the recipient's, of the street, or of nobody."""
    parts = draw(st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=5))
    parts += ["Katso asukassivut.", "Tähän viestiin ei voi vastata.", "Terveisin Heka"]
    slipped = draw(st.lists(fragments(record) | st.text(max_size=6), max_size=1))
    for fragment in slipped:
        at = draw(st.integers(0, len(parts) - 1))
        parts[at] = draw(
            st.sampled_from([f"{fragment} {parts[at]}", f"{parts[at]} {fragment}", parts[at][:-1] + fragment])
        )
    return " ".join(parts)


def fragments(record: Snapshot) -> st.SearchStrategy[str]:
    """What somebody might slip in; names also in small letters, so that no capital gives them away."""
    quiet = [record.address.town.casefold(), *(tenant.name.casefold() for tenant in record.tenants)]
    return st.sampled_from(FRAGMENTS) | st.sampled_from(fields(record)) | st.sampled_from(quiet)


def fields(record: Snapshot) -> list[str]:
    """What the record says of the recipient and of those who live with them, in words of its own."""
    return [
        record.tenancy_id,
        record.address.street,
        record.address.postal_code,
        record.address.town,
        *(value for tenant in record.tenants for value in of_tenant(tenant)),
    ]


def of_tenant(tenant: Tenant) -> list[str]:
    """The same of one person."""
    told = (tenant.name, tenant.tenant_id, tenant.email, tenant.phone, f"{tenant.birth_date:%d.%m.%Y}")
    return [value for value in told if value]


def holds(text: str, field: str) -> bool:
    """Whether a text holds a field as it stands, between other words."""
    return bool(re.search(rf"(?<!\w){re.escape(field.casefold())}(?!\w)", text.casefold()))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_no_text_that_may_leave_holds_a_digit_an_address_or_anything_of_its_recipient(data: st.DataObject) -> None:
    record = data.draw(records)
    text = data.draw(texts(record))
    kind = data.draw(st.sampled_from(sorted(LIMITS)))
    found = check(text, kind, record, None)
    event("leaves" if not found else "stays")
    if not found:
        assert not any(unicodedata.category(sign).startswith("N") for sign in text)
        assert not URL_LIKE.search(text)
        assert [field for field in fields(record) if holds(text, field)] == []


@settings(max_examples=300, deadline=None)
@given(st.text(), st.sampled_from(sorted(LIMITS)), records)
def test_whatever_the_text_is_the_check_answers(text: str, kind: Step, record: Snapshot) -> None:
    found = check(text, kind, record, 1)
    assert found == tuple(violation for violation in Violation if violation in found)
    assert found == check(text, kind, record, 1)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SENTENCES), st.integers(1, 9), records)
def test_a_text_that_may_not_leave_does_not_become_good_by_knowing_less_of_the_recipient(
    sentence: str, digit: int, record: Snapshot
) -> None:
    text = f"{sentence} {digit}"
    assert set(check(text, Step.SMS_REMINDER, None, 1)) <= set(check(text, Step.SMS_REMINDER, record, 1))
