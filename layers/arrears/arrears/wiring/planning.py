"""How the ticks put the making of plans together."""

from arrears import wiring
from arrears.settings import SelectSettings
from arrears.wiring import waves
from arrears.work.select import Select


def selecting(settings: SelectSettings) -> Select:
    """The errand that makes a plan."""
    release = waves.releasing(settings)
    names = wiring.pseudonyms(settings.reference_secret)
    return Select(release.snapshots, release.ledger, release.runs, release.records, names, release, "schedule")
