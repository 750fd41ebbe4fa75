"""How the hourly tick puts its errand together."""

from arrears import wiring
from arrears.settings import ReconcileSettings
from arrears.wiring import sending, waves
from arrears.work.print_ import PrintBatch
from arrears.work.reconcile import Reconcile


def reconciling(settings: ReconcileSettings) -> Reconcile:
    """The reconciler's errand."""
    release = waves.releasing(settings)
    return Reconcile(
        ledger=release.ledger,
        runs=release.runs,
        providers={"sms": sending.sms(settings), "email": sending.email(settings)},
        bells=release.bells,
        release=release,
        batch=PrintBatch(wiring.records(settings.letters_bucket)),
    )
