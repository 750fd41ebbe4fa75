"""Consequences: what each kind of message may say will happen (Act 513/1999 s. 4: nothing misleading, no pressure)."""

from collections.abc import Sequence
from itertools import pairwise

from arrears.compliance.reading import Reading
from arrears.compliance.words import words
from arrears.model import Step


def threatens(reading: Reading, kind: Step) -> bool:
    """A consequence named that this kind may not name: a court notice may name the court and the home, others none."""
    found = [word.small for word in reading.words]
    named = [word for word in found if words("consequences").have(word)]
    if kind is Step.COURT_NOTICE:
        return not all(words("court_words").have(word) for word in named)
    return bool(named) or _court_decides(found) or _lease_ends(found)


def _court_decides(found: Sequence[str]) -> bool:
    """ "Oikeus päättää" names the court, "sinulla on oikeus" a right."""
    return any(word == "oikeus" and before != "on" for before, word in pairwise(["", *found]))


def _lease_ends(found: Sequence[str]) -> bool:
    return any(word.startswith("vuokrasopimu") for word in found) and any(map(words("lease_ends").have, found))
