"""The lists in texts/words: which Finnish words a check looks for. A line is a word; a star stands for any ending."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from arrears.wording import TEXTS


@dataclass(frozen=True, slots=True)
class Words:
    """A list of words: some whole, some only by how they begin."""

    whole: frozenset[str]
    starts: tuple[str, ...]

    def have(self, word: str) -> bool:
        """Whether a word in small letters is one of these."""
        return word in self.whole or word.startswith(self.starts)


@cache
def words(name: str) -> Words:
    """The list of that name."""
    return _words(lines(name))


@cache
def word_pairs(name: str) -> tuple[tuple[Words, Words], ...]:
    """The list of that name, of which each line has two words."""
    return tuple((_words([first]), _words([second])) for first, second in map(str.split, lines(name)))


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of the file of that name in their order, without its comment."""
    text = (TEXTS / "words" / f"{name}.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if not line.startswith("#"))


def _words(given: Sequence[str]) -> Words:
    starts = tuple(line[:-1] for line in given if line.endswith("*"))
    return Words(frozenset(line for line in given if not line.endswith("*")), starts)
