"""A text as the checks read it: its signs made plain, its words, its sentences and their clauses."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

WORD = re.compile(r"[^\W\d_]+")
SIGNS = re.compile(r"[\W_]+")
# A clause ends at a stop, a comma or a bracket, and where a new one is joined on: "vastaa tai ota yhteyttä".
STOPS = re.compile(r"[.!?:;,()\n]|\b(?:ja|tai|mutta|vaan|niin)\b")
ENDS_SENTENCE = frozenset(".!?:\n")
BESIDE_THE_POINT = " \t\r\"'()«»“”„*-"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, in small letters, and whether a sentence starts with it."""

    written: str
    small: str
    first: bool


@dataclass(frozen=True)
class Reading:
    """One text, read once for all checks. `written` is exactly what would leave."""

    written: str

    @cached_property
    def plain(self) -> str:
        """The text in its simplest signs: narrow letters, our own digits, nothing invisible."""
        return "".join(map(_plain_sign, unicodedata.normalize("NFKC", self.written)))

    @cached_property
    def small(self) -> str:
        """The same in small letters."""
        return self.plain.casefold()

    @cached_property
    def run_together(self) -> str:
        """The same without spaces and signs."""
        return SIGNS.sub("", self.small)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words in order; digits and signs belong to none."""
        return tuple(
            Word(found[0], found[0].casefold(), self._starts(found.start())) for found in WORD.finditer(self.plain)
        )

    @cached_property
    def clauses(self) -> tuple[tuple[str, ...], ...]:
        """The words of each clause in small letters."""
        return tuple(tuple(WORD.findall(clause)) for clause in STOPS.split(self.small))

    @cached_property
    def has_digit(self) -> bool:
        """Whether anything in it stands for a number in any script: 2, ２, ٢, ½, Ⅳ, 二."""
        return any(unicodedata.numeric(sign, None) is not None for sign in self.written)

    def _starts(self, place: int) -> bool:
        before = self.plain[:place].rstrip(BESIDE_THE_POINT)
        return not before or before[-1] in ENDS_SENTENCE


def _plain_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    return str(unicodedata.decimal(sign)) if category == "Nd" else "" if category == "Cf" else sign
