"""The voice: the text of a message, chosen by step, criterion and policy, and how many segments it costs."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Literal

from arrears.model import Reason, Step
from arrears.policy import Policy

TEXTS = resources.files("arrears") / "texts"
BLANK = re.compile(r"\{\{\s*(\w+)\s*\}\}")
CRITERIA = {Reason.AREA_IN_ROLLOUT, Reason.SMALL_DEBT, Reason.RENT_MULTIPLE, Reason.DEDUCTIBLE_MULTIPLE}
# An inbox shows the subject to whoever looks over the tenant's shoulder: it says who writes, not about what.
SUBJECT = "email_subject"

# 3GPP TS 23.038: the default alphabet, and the signs that cost an escape septet more.
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("\f^{}\\[~]|€")


class MissingWord(LookupError):
    """A text has a blank that nobody filled: it never leaves with a hole in it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A message in its final words. `template` and `version` (of the file's bytes) go into the ledger."""

    words: str
    template: str
    version: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs. `septets` counts GSM-7 septets, or UTF-16 units where the encoding is "ucs2"."""

    encoding: Literal["gsm7", "ucs2"]
    septets: int
    segments: int


def render(step: Step, reasons: Collection[Reason], policy: Policy, channel: str = "sms") -> Text:
    """The final words of a reminder or court notice for a channel, "sms" or "email" (same words, with a subject).

    Raises ValueError for a step that has no message, MissingWord when a file has a blank.
    """
    name = template_for(step, reasons, policy)
    subject = filled(template(SUBJECT), {}) if channel == "email" else ""
    return Text(filled(template(name), {}), name, version(name), subject)


def template_for(step: Step, reasons: Collection[Reason], policy: Policy) -> str:
    """The name of the text: the neutral one by policy, the small-debt one where that is the only criterion."""
    if step is Step.COURT_NOTICE:
        return "sms_court_notice_short" if policy.court.short_notice else "sms_court_notice"
    if step is not Step.SMS_REMINDER:
        raise ValueError(f"{step} is not a message: expected {Step.SMS_REMINDER} or {Step.COURT_NOTICE}")
    if policy.sms.neutral_text:
        return "sms_neutral"
    return "sms_small_debt" if CRITERIA & set(reasons) == {Reason.SMALL_DEBT} else "sms_voluntary"


@cache
def template(name: str) -> str:
    """The words of a file in texts/, without the line end at its end."""
    return (TEXTS / f"{name}.txt").read_text("utf-8").rstrip("\n")


@cache
def version(name: str) -> str:
    """Which words these were: the first 12 hex digits of the SHA-256 of the file."""
    return sha256((TEXTS / f"{name}.txt").read_bytes()).hexdigest()[:12]


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with every {{blank}} filled. Raises MissingWord naming those without a word, or with an empty one."""
    missing = sorted({blank for blank in BLANK.findall(text) if not words.get(blank)})
    if missing:
        raise MissingWord(f"no word for {', '.join(missing)}")
    return BLANK.sub(lambda blank: words[blank[1]], text)


def segments(text: str) -> Segments:
    """Counts a text as the networks do: 160 or 153 septets a segment, in UCS-2 70 or 67 UTF-16 units.

    An escape pair or an emoji's two halves are never split, so a segment may end one short.
    """
    if all(sign in GSM7 or sign in ESCAPED for sign in text):
        return _counted("gsm7", [2 if sign in ESCAPED else 1 for sign in text], alone=160, joined=153)
    return _counted("ucs2", [2 if ord(sign) > 0xFFFF else 1 for sign in text], alone=70, joined=67)


def _counted(encoding: Literal["gsm7", "ucs2"], costs: list[int], *, alone: int, joined: int) -> Segments:
    total = sum(costs)
    return Segments(encoding, total, min(total, 1) if total <= alone else _filled_segments(costs, joined))


def _filled_segments(costs: list[int], size: int) -> int:
    count, used = 1, 0
    for cost in costs:
        if used + cost > size:
            count, used = count + 1, 0
        used += cost
    return count
