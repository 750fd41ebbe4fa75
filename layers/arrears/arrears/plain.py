"""Plain language: short sentences and short words, measured, for texts and letters alike."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from arrears.compliance.words import words

# The measures for plain Finnish by which the letters were written; an editor's ear comes on top.
MOST_ON_AVERAGE = 10
MOST_IN_SENTENCE = 13
MOST_LETTERS = 14

BLANK = re.compile(r"\{\{\s*\w+\s*\}\}")
# "[fact] " before a line of a letter says when the line is printed; the tenant never reads it.
FACT = re.compile(r"^\[\w+\] ", re.MULTILINE)
TABLE_ROW = "|"
SENTENCE = re.compile(r".+?(?:[.!?]+(?=\s|$)|$)")
WORD = re.compile(r"[^\W_]+(?:[-.,][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Readability:
    """How plain a text is: words a sentence on average and at most, and the long words that no glossary explains."""

    mean: float
    longest: int
    long_words: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it may be used as it is."""
        return self.mean <= MOST_ON_AVERAGE and self.longest <= MOST_IN_SENTENCE and not self.long_words

    def __str__(self) -> str:
        strange = f", long words: {', '.join(self.long_words)}" if self.long_words else ""
        return f"mean {self.mean:.1f}, longest {self.longest} words{strange}"


def readability(text: str) -> Readability:
    """Measures a text or a letter's template. A {{blank}} is one word; a line ends a sentence; tables have none.

    Headings, greetings and other lines without a full stop may be no longer than a sentence and leave the mean alone.
    """
    whole = FACT.sub("", BLANK.sub("X", text))
    sentences = [(len(WORD.findall(sentence)), sentence[-1] in ".!?") for sentence in _sentences(whole)]
    stopped = [length for length, stops in sentences if stops] or [0]
    longest = max((length for length, _ in sentences), default=0)
    strange = {word for word in WORD.findall(whole) if _is_long(word)}
    return Readability(sum(stopped) / len(stopped), longest, tuple(sorted(strange)))


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.lstrip().startswith(TABLE_ROW):
            yield from (found[0].strip() for found in SENTENCE.finditer(line) if WORD.search(found[0]))


def _is_long(word: str) -> bool:
    return any(len(part) > MOST_LETTERS for part in word.split("-")) and not words("glossary").have(word.casefold())
