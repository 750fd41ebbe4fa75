"""What every message must say: who writes, and where to look."""

from arrears.compliance.reading import Reading

SENDER = "heka"
PORTAL = "asukassivu"


def names_sender(reading: Reading) -> bool:
    """Heka writes it: "Heka" or "Hekalta" anywhere, or "Hekan" among the last three words, as in a signature."""
    found = [word.small for word in reading.words]
    return SENDER in found or f"{SENDER}lta" in found or f"{SENDER}n" in found[-3:]


def names_portal(reading: Reading) -> bool:
    """The Resident Portal by its name, in any form."""
    return any(word.small.startswith(PORTAL) for word in reading.words)
