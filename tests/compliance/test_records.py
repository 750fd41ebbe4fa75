"""What of a record tells who is meant, and what does not."""

from typing import Any

import pytest

from arrears.compliance.reading import Reading
from arrears.compliance.records import names_record
from tests.makers import a_snapshot, a_tenant


def told(text: str, name: str = "Testi Testinen", **record: Any) -> bool:
    """Whether the text tells something of a tenancy of that tenant, who lives in Koetie and has neither phone nor
    address unless it is said."""
    reached = {"phone": record.pop("phone", None), "email": record.pop("email", None)}
    home = {"street": record.pop("street", "Koetie 1"), "postal_code": "00999", "town": record.pop("town", "Tampere")}
    return names_record(Reading(text), a_snapshot(tenants=[a_tenant(name=name, **reached)], address=home, **record))


@pytest.mark.parametrize(
    ("text", "record", "tells"),
    [
        ("Viesti xxxx", {}, False),
        ("Viesti 512 2334", {"phone": "040 112 2334"}, False),
        ("Viesti 334", {"phone": "040 112 2334"}, False),
        ("Hei Li!", {"name": "Li Testinen"}, True),
        ("Iso asia", {"street": "Iso Testikatu 1"}, False),
        ("Viesti Iihin", {"town": "Ii"}, True),
        ("Terveisin On Voi", {"name": "On Voi"}, True),
        ("Viesti on", {"name": "On Voi"}, False),
        ("Osoitematti.e@example.com", {"email": "matti.e@example.com"}, True),
        ("Tunnus asia-testi", {"tenancy_id": "asia-testi"}, True),
        ("Tunnus sopimusx", {"tenancy_id": "sopimusx"}, True),
    ],
)
def test_a_text_tells_who_is_meant_by_what_is_theirs_alone(text: str, record: dict[str, Any], tells: bool) -> None:
    assert told(text, **record) is tells
