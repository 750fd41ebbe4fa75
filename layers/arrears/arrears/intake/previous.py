"""An export against the snapshot in use: not the same file again, not an older day, and money on the same scale."""

from datetime import date

from arrears.intake.findings import Code, Wrong
from arrears.model import Day, Facts
from arrears.policy import Policy
from arrears.sample import Sample


class PreviousSnapshot(Facts):
    """What is remembered of the snapshot in use: its ledger day, the SHA-256 of every file imported so far, and its
    sample, without which the scale of money cannot be judged."""

    as_of: Day
    sha256s: frozenset[str] = frozenset()
    sample: Sample | None = None

    def check_file(self, sha256: str) -> None:
        """Raises Wrong for a file that was imported before."""
        if sha256 in self.sha256s:
            raise Wrong(Code.SAME_FILE)

    def check_day(self, ledger_day: date) -> None:
        """Raises Wrong for an older ledger day. The same day again is a corrected export."""
        if ledger_day < self.as_of:
            raise Wrong(Code.OLDER_FILE, newest=self.as_of)

    def check_scale(self, sample: Sample, policy: Policy) -> None:
        """Raises Wrong when the same charges of the same tenancies are not worth about the same any more."""
        ratio = sample.balance_ratio(self.sample, self.as_of) if self.sample else None
        low, high = policy.guards.scale_low, policy.guards.scale_high
        if ratio is not None and not low <= ratio <= high:
            raise Wrong(Code.SCALE, got=f"{ratio:.2f}", day=self.as_of, low=low, high=high)
