"""Consequences: what each kind of message may say will happen (Act 513/1999 s. 4: nothing misleading, no pressure)."""

from arrears.compliance.reading import Reading
from arrears.compliance.words import words
from arrears.model import Step


def threatens(reading: Reading, kind: Step) -> bool:
    """A consequence named that this kind may not name: a court notice may name the court and the home, others none."""
    found = [word.small for word in reading.words]
    named = [word for word in found if words("consequences").have(word)]
    if kind is Step.COURT_NOTICE:
        return not all(words("court_words").have(word) for word in named)
    return bool(named) or any(
        word == "oikeus" and before != "on" for before, word in zip(["", *found], found, strict=False)
    )
