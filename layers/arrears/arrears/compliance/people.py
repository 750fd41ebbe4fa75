"""Personal data by its form: an identity code, a street with its number, a name, a blank to be filled with one."""

import re
from functools import cache

from arrears.compliance.inflection import Forms, forms
from arrears.compliance.reading import Reading, Word
from arrears.compliance.words import lines, words

# The sign for the century has had several values since 2023: - Y X W V U, A B C D E F, and +.
IDENTITY_CODE = re.compile(r"(?<![0-9])[0-9]{6}\s?(?:[-+–−a-fu-y]\s?[0-9]{3}[0-9a-z]|[0-9]{3}[a-z])(?![0-9a-z])")
BLANK = re.compile(r"[{\[<]\s*/?\w|%[sd(]|_{3}")


def names_person(reading: Reading) -> bool:
    """Somebody's data, whoever they are: this needs no record."""
    shapes = (IDENTITY_CODE, BLANK, _street())
    return (
        any(shape.search(reading.small) for shape in shapes)
        or any(map(_is_name, reading.words))
        or (reading.has_digit and any(words("birth_words").have(word.small) for word in reading.words))
    )


def _is_name(word: Word) -> bool:
    """Inside a sentence Finnish gives capitals to names alone; where it starts, the common names are known."""
    if not word.written[0].isupper() or words("capitals").have(word.small) or words("ours").have(word.small):
        return False
    shouted = word.written.isupper() and len(word.written) > 1
    return not (word.first or shouted) or _common_names().have(word.small)


@cache
def _common_names() -> Forms:
    return forms(lines("names"))


@cache
def _street() -> re.Pattern[str]:
    return re.compile(rf"\w{{2,}}(?:{'|'.join(lines('streets'))})(?:n|lla|llä|lle|lta|ltä)?\s+[0-9]")
