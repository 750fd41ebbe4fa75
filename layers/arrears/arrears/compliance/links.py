"""Addresses: of a page with or without its scheme, of a mailbox, and both spelled out so as to slip through."""

import re
from collections.abc import Sequence
from functools import cache

from arrears.compliance.reading import Reading
from arrears.compliance.words import lines, words

# Any two words with a dot and no space between them: phones make a link of "heka.fi" and of "asukassivuilta.Ota" alike.
DOTTED = re.compile(r"[^\W_][.\u3002\uff0e\u2024\u00b7][^\W\d_]{2}|//|\bwww\b|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b")
AT = re.compile(
    r"@|[(\[{]\s*(?:at|ät|a)\s*[)\]}]|\bat\s+\w+\s*(?:piste\b|dot\b|fi\b|\.)|\bät(?:-merkki)?\b|\bmiukumauku\b"
)


def names_link(reading: Reading) -> bool:
    """Anything that a phone would make a link of, that a reader could type as one, or a request to click."""
    return (
        bool(DOTTED.search(reading.small) or _spelled().search(reading.small))
        or any(words("links").have(word.small) for word in reading.words)
        or any(map(_offers_link, reading.clauses))
    )


def names_email(reading: Reading) -> bool:
    """An at sign, or one of the ways to spell it."""
    return bool(AT.search(reading.small))


def _offers_link(clause: Sequence[str]) -> bool:
    return any(map(words("link_words").have, clause)) and not any(map(words("negations").have, clause))


@cache
def _spelled() -> re.Pattern[str]:
    ends = "|".join(lines("top_levels"))
    return re.compile(rf"(?:\b(?:piste|dot)\W+|piste)(?:{ends})\b|[(\[]\s*(?:piste|dot|\.)\s*[)\]]")
