"""The texts of the tests: what a rent officer may write, one thing changed in it, and what is no Finnish."""

import re
from pathlib import Path
from typing import NamedTuple

from arrears.compliance import Violation, check
from arrears.model import Snapshot, Step
from arrears.wording import template
from tests.makers import POLICY, a_snapshot, a_tenant

HERE = Path(__file__).parent
CHANGED = {Step.SMS_REMINDER: template("sms_voluntary"), Step.COURT_NOTICE: template("sms_court_notice")}
FRAME = "Hei! Vuokraasi on maksamatta. {} Katso tiedot asukassivuilta. Tähän viestiin ei voi vastata. Terveisin Heka"
LIMITS = {Step.SMS_REMINDER: POLICY.sms.max_segments, Step.COURT_NOTICE: POLICY.court.notice_max_segments}
ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|n)")

RECIPIENT = a_snapshot(
    tenancy_id="VS-2041.7",
    tenants=(
        a_tenant("P-77812", name="Matti Esimerkki", birth_date="1990-02-01", email="matti.e@example.com"),
        a_tenant("henkilo-x", name="Maija Kauppinen", phone=None, email=None),
    ),
    address={"street": "Testikatu 7 B 12", "postal_code": "00999", "town": "Helsinki"},
)


class Bad(NamedTuple):
    """A good text with one thing changed, and what must catch it."""

    code: Violation
    kind: Step
    text: str


def violations(text: str, kind: Step = Step.SMS_REMINDER, record: Snapshot | None = RECIPIENT) -> tuple[Violation, ...]:
    """What the check says of a text that is to go to the recipient, with the policy's limits."""
    return check(text, kind, record, LIMITS[kind])


def harmless() -> list[tuple[Step, str]]:
    """What may leave."""
    framed = [(Step.SMS_REMINDER, FRAME.format(phrase)) for (phrase,) in _rows("harmless_phrases")]
    return [(Step(kind), text) for kind, text in _rows("harmless")] + framed


def bad() -> list[Bad]:
    """What may not, each made by changing one thing in a good text; * changes everything."""
    framed = [
        Bad(Violation(code), Step.SMS_REMINDER, FRAME.format(_seen(phrase))) for code, phrase in _rows("bad_phrases")
    ]
    return [_changed(*row) for row in _rows("bad")] + framed


def not_finnish() -> list[tuple[str, str]]:
    """Language and sentence."""
    return [(language, sentence) for language, sentence in _rows("not_finnish")]


def _changed(code: str, kind: str, old: str, new: str) -> Bad:
    whole = CHANGED[Step(kind)]
    if old != "*" and old not in whole:
        raise ValueError(f"{old!r} is not in the text that {new!r} is to change")
    return Bad(Violation(code), Step(kind), _seen(new) if old == "*" else whole.replace(old, _seen(new)))


def _seen(text: str) -> str:
    return ESCAPE.sub(lambda sign: chr(int(sign[1] or sign[2] or "a", 16)), text)


def _rows(name: str) -> list[list[str]]:
    lines = (HERE / f"{name}.txt").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]
