"""Which clauses invite an answer, and who is taken for the sender."""

import pytest

from arrears.compliance.reading import Reading
from arrears.compliance.replies import invites_reply
from arrears.compliance.senders import names_sender


@pytest.mark.parametrize(
    ("text", "invites"),
    [
        ("Ilmoita tekstiviestillä", True),
        ("Tähän viestiin ei voi vastata", False),
        ("Jos et voi vastaa", True),
        ("Ei huolta vastaa", True),
        ("Heka vastaa", False),
        ("Heka kertoo vastaa", True),
    ],
)
def test_a_denial_counts_where_it_belongs_to_the_answering(text: str, invites: bool) -> None:
    assert invites_reply(Reading(text)) is invites


@pytest.mark.parametrize(
    ("text", "named"),
    [("Terveisin Hekan asumisneuvoja", True), ("Tämä viesti on Hekan asunnosta ja sen vuokrasta", False)],
)
def test_the_landlord_in_the_genitive_is_the_sender_only_in_a_signature(text: str, named: bool) -> None:
    assert names_sender(Reading(text)) is named
