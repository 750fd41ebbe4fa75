"""The console: texts go into a file and reach nobody. It serves the demo, and every number that is no test number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from arrears.adapters.lines import write_line, written
from arrears.ports import Accepted, Sms


@dataclass(frozen=True, slots=True)
class Console:
    """Writes each text as one line of JSON: to, sender, text, reference, on. The file holds personal data, so it
    belongs on a disk that is thrown away, never in a log."""

    file: Path
    today: Callable[[], date]
    name: str = "console"

    def send(self, sms: Sms) -> Accepted:
        """Writes the text down."""
        line = {
            "to": sms.to,
            "sender": sms.sender,
            "text": sms.text,
            "reference": sms.reference,
            "on": self.today().isoformat(),
        }
        write_line(self.file, line)
        return Accepted(self.name, f"console-{sms.reference}")

    def find(self, reference: str) -> Accepted | None:
        """Whether the text was written down."""
        return Accepted(self.name, f"console-{reference}") if written(self.file, reference) else None
