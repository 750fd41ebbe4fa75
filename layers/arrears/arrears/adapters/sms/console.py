"""The console: texts go into a file and reach nobody. It serves the demo, and every number that is no test number."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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


def write_line(file: Path, line: dict[str, str]) -> None:
    """Adds one line of JSON to the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")


def written(file: Path, reference: str) -> bool:
    """Whether a line with that reference is in the file."""
    if not file.exists():
        return False
    with file.open(encoding="utf-8") as lines:
        return any(json.loads(line)["reference"] == reference for line in lines)
