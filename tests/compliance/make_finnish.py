"""Makes texts/words/finnish.txt and texts/words/dotless.txt again from a list of Finnish words and their frequencies.

The files come from the Finnish list of wordfreq 3.1, which nothing else here needs: install it, then run this module.
"""

import math
from collections.abc import Iterator, Mapping
from importlib import import_module, resources
from itertools import product

from arrears.compliance.finnish import ALPHABET, LEVELS, STEPS_PER_BIT

SOURCE = (
    "# Computed from the Finnish word list of wordfreq 3.1 by Robyn Speer (CC BY-SA 4.0); this file is under it too."
)
CONTEXTS = 3000
PRIOR = 5
Followers = dict[str, dict[str, float]]
UNDOTTED = str.maketrans("åäö", "aao")


def surprises(frequencies: Mapping[str, float]) -> Iterator[str]:
    """One line per context of three letters (the commonest) or two (all): how surprising each next letter is.

    A word counts by the square root of its frequency, so that rare inflected forms teach as well as common words.
    """
    weights = {word: math.sqrt(often) for word, often in frequencies.items() if set(word) <= set(ALPHABET[1:])}
    counts = [_followers(weights, length) for length in range(4)]
    unit = sum(weights.values()) / len(weights)
    longest = sorted(counts[3], key=lambda context: -sum(counts[3][context].values()))[:CONTEXTS]
    pairs = ["".join(pair) for pair in product(ALPHABET, repeat=2)]
    for context in [*pairs, *sorted(longest)]:
        yield f"{context} {''.join(_level(_chance(counts, context, letter, unit)) for letter in ALPHABET)}"


def dotless(frequencies: Mapping[str, float], most: int = 1500) -> Iterator[str]:
    """The commonest words with ä or ö whose form without the dots is hardly a word of its own, without the dots."""
    common = sorted((word for word in frequencies if set("äö") & set(word)), key=lambda word: -frequencies[word])[:most]
    return (bare for word in common if frequencies.get(bare := word.translate(UNDOTTED), 0) < frequencies[word] / 8)


def _followers(weights: Mapping[str, float], length: int) -> Followers:
    found: Followers = {}
    for word, weight in weights.items():
        padded = f"___{word}_"
        for at in range(3, len(padded)):
            seen = found.setdefault(padded[at - length : at], {})
            seen[padded[at]] = seen.get(padded[at], 0) + weight
    return found


def _chance(counts: list[Followers], context: str, letter: str, unit: float) -> float:
    chance = 1 / len(ALPHABET)
    for length in range(len(context) + 1):
        seen = counts[length].get(context[len(context) - length :], {})
        chance = (seen.get(letter, 0) + PRIOR * unit * chance) / (sum(seen.values()) + PRIOR * unit)
    return chance


def _level(chance: float) -> str:
    return LEVELS[min(len(LEVELS) - 1, round(-math.log2(chance) * STEPS_PER_BIT))]


def main() -> None:
    """Writes both files into the package."""
    frequencies = import_module("wordfreq").get_frequency_dict("fi", "large")
    folder = resources.files("arrears") / "texts" / "words"
    for name, lines in (("finnish", surprises(frequencies)), ("dotless", dotless(frequencies))):
        with resources.as_file(folder) as place:
            (place / f"{name}.txt").write_text("\n".join([SOURCE, *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
