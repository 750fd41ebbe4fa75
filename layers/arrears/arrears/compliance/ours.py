"""The words of our own texts: they stand in everybody's message and so tell nothing of anybody."""

from functools import cache

from arrears.compliance.reading import SIGNS, Reading
from arrears.wording import TEXTS


@cache
def our_words() -> frozenset[str]:
    """Every word of the texts, in small letters."""
    return frozenset(word.small for text in _our_texts() for word in Reading(text).words)


@cache
def our_signs() -> str:
    """The texts in small letters and digits alone, one after the other."""
    return " ".join(SIGNS.sub("", Reading(text).small) for text in _our_texts())


def _our_texts() -> list[str]:
    return [file.read_text("utf-8") for file in TEXTS.iterdir() if file.name.startswith("sms_")]
