"""A name in all its Finnish forms: Matti is Matin and Matille, Testikatu is Testikadun and Testikadulla."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

VOWELS = "aeiouyäöå"
# Consonant gradation: what stands before the last vowel gives way in most cases, and comes back in some words.
WEAKER: Mapping[str, tuple[str, ...]] = {
    "kk": ("k",), "pp": ("p",), "tt": ("t",), "nk": ("ng",), "mp": ("mm",), "lp": ("lv",), "rp": ("rv",),
    "nt": ("nn",), "lt": ("ll",), "rt": ("rr",), "ht": ("hd",), "lk": ("l", "lj"), "rk": ("r", "rj"),
    "hk": ("h", "hj"), "k": ("", "v"), "p": ("v",), "t": ("d",),
}  # fmt: skip
STRONGER: Mapping[str, tuple[str, ...]] = {
    "k": ("kk",), "p": ("pp",), "t": ("tt",), "ng": ("nk",), "mm": ("mp",), "lv": ("lp",), "rv": ("rp",),
    "nn": ("nt",), "ll": ("lt",), "rr": ("rt",), "d": ("t",), "v": ("p",), "l": ("lk",), "r": ("rk",),
}  # fmt: skip

CASES = (
    "n", "t", "a", "ä", "ta", "tä", "tta", "ttä", "na", "nä", "ksi", "ssa", "ssä", "sta", "stä", "lla", "llä",
    "lta", "ltä", "lle", "seen", "an", "en", "in", "on", "un", "yn", "än", "ön", "han", "hen", "hin", "hon", "hun",
    "hyn", "hän", "hön", "ja", "jä", "ia", "iä", "jen", "ien", "den", "ten", "tten", "iden", "ssä", "ille", "illa",
    "illä", "ilta", "iltä", "issa", "issä", "ista", "istä", "ihin", "iin", "iksi", "ina", "inä", "s",
)  # fmt: skip
OWNERS = ("", "ni", "si", "nsa", "nsä", "mme", "nne")
TAILS = ("", "kin", "kaan", "kään", "ko", "kö", "han", "hän", "pa", "pä")
ENDINGS = frozenset("".join(parts) for parts in product(CASES, OWNERS, TAILS))


@dataclass(frozen=True, slots=True)
class Forms:
    """Some names in all their forms: whole with a tail (Mattikin), or a stem with a case ending (Mati-lle)."""

    whole: frozenset[str]
    stems: frozenset[str]
    initials: frozenset[str]

    def have(self, word: str) -> bool:
        """Whether a word in small letters is one of these names in any form."""
        return word[:1] in self.initials and any(
            (start in self.stems and word[cut:] in ENDINGS) or (start in self.whole and word[cut:] in TAILS)
            for cut in range(1, len(word) + 1)
            if (start := word[:cut])
        )


def forms(names: Iterable[str]) -> Forms:
    """All forms of names that are given in small letters."""
    whole = frozenset(names)
    stems = whole.union(stem for name in whole for stem in _stems(name) if len(stem) > 1)
    return Forms(whole, stems, frozenset(stem[:1] for stem in stems))


def _stems(name: str) -> Iterator[str]:
    if name.endswith("nen"):
        yield from (f"{name[:-3]}se", f"{name[:-3]}s")
    if name[-1:] in VOWELS:
        yield from (body + end for body in _bodies(name[:-1], WEAKER) for end in _ends_of_vowel(name[-1:]))
        yield from (f"{name[:-2]}{end}" for end in ("de", "te") if name.endswith("si"))
        yield from (f"{body}ee" for body in _bodies(name[:-1], STRONGER) if name.endswith("e"))
    else:
        yield from (f"{name}i", f"{name}e")
        yield from (f"{body}{end}" for body in _bodies(name[:-2], STRONGER) for end in _ends_of_consonant(name[-2:]))


def _bodies(body: str, grades: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield body
    for length in (2, 1):
        if grade := grades.get(body[-length:]):
            yield from (body[:-length] + other for other in grade)
            return


def _ends_of_vowel(vowel: str) -> tuple[str, ...]:
    return ("i", "e") if vowel == "i" else (vowel,)


def _ends_of_consonant(end: str) -> tuple[str, ...]:
    vowel, last = end[:1], end[-1:]
    return (f"{vowel}kse", f"{vowel}{vowel}", f"{vowel}de", f"{vowel}{last}e", f"{vowel}{last}ee")
