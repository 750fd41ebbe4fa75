"""Consequences: what each kind of message may say will happen (Act 513/1999 s. 4: nothing misleading, no pressure)."""

from collections.abc import Sequence
from itertools import pairwise

from arrears.compliance.reading import Reading
from arrears.compliance.words import word_pairs, words
from arrears.model import Step


def threatens(reading: Reading, kind: Step) -> bool:
    """A consequence named that this kind may not name: a court notice may name the court and the home, others none."""
    found = [word.small for word in reading.words]
    named = [word for word in found if words("consequences").have(word)]
    if kind is Step.COURT_NOTICE:
        return not all(words("court_words").have(word) for word in named)
    return bool(named) or _court_decides(found) or any(map(_ends_home, reading.clauses))


def _court_decides(found: Sequence[str]) -> bool:
    """The court named by "oikeus päättää"; "sinulla on oikeus" is a right."""
    return any(word == "oikeus" and before != "on" for before, word in pairwise(["", *found]))


def _ends_home(clause: Sequence[str]) -> bool:
    """The lease or the home that ends, said in two words: "vuokrasopimuksesi päättyy", "muutat pois"."""
    return any(
        any(map(what.have, clause)) and any(map(becomes.have, clause))
        for what, becomes in word_pairs("consequence_pairs")
    )
