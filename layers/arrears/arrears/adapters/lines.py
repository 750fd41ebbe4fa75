"""A file of JSON lines on a disk of our own: what the console writes instead of sending."""

import json
from pathlib import Path


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
