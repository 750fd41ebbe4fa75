"""What every message must say: who writes, and where to look."""

from arrears.compliance.reading import Reading
from arrears.compliance.words import words

SIGNATURE = 3


def names_sender(reading: Reading) -> bool:
    """Heka writes it: "Heka" or "Hekalta" anywhere, or "Hekan" among the last three words, as in a signature."""
    found = [word.small for word in reading.words]
    return any(map(words("sender").have, found)) or any(map(words("signature").have, found[-SIGNATURE:]))


def names_portal(reading: Reading) -> bool:
    """The Resident Portal by its name, in any form."""
    return any(words("portal").have(word.small) for word in reading.words)
