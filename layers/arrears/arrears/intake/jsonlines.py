"""JSON Lines, plain or packed: one tenancy on each line, perhaps a manifest before them."""

from collections.abc import Iterator
from typing import IO

from arrears.intake.findings import Code, Wrong
from arrears.intake.identity import decoded, may_hold_code, place_of_code
from arrears.intake.lines import Limits, Line, lines
from arrears.intake.rows import Manifest, manifest_of


class JsonLines:
    """The rows of one file, as often as they are asked for. `manifest` is known once the first row is."""

    manifest: Manifest | None = None

    def __init__(self, file: IO[bytes], limits: Limits, *, packed: bool) -> None:
        self._file, self._limits, self._packed = file, limits, packed

    def rows(self) -> Iterator[Line]:
        """Every tenancy's row, from the start. Raises Wrong for what refuses the file."""
        self._file.seek(0)
        for line in lines(self._file, self._limits, packed=self._packed):
            if may_hold_code(line.body):
                _refuse_code(line)
            if line.number == 1 and (manifest := manifest_of(line)):
                self.manifest = manifest
            else:
                yield line


def _refuse_code(line: Line) -> None:
    place = place_of_code(decoded(line.body.decode("utf-8", "replace")))
    if place is not None:
        raise Wrong(Code.IDENTITY_CODE, *place, line=line.number)
