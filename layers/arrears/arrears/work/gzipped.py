"""Lines compressed as they come, so that a million of them need no more memory than their compressed form."""

import zlib
from io import BytesIO

AT_ONCE = 200  # lines to a call of the packer: each call costs more than packing a line


class GzipLines:
    """A gzip file of text lines; the same lines give the same bytes."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        self._packed = BytesIO()
        self._waiting: list[str] = []

    def add(self, line: str) -> None:
        """One more line."""
        self._waiting.append(line)
        if len(self._waiting) == AT_ONCE:
            self._pack()

    def body(self) -> bytes:
        """The whole file; nothing may be added after this."""
        self._pack()
        self._packed.write(self._packer.flush())
        return self._packed.getvalue()

    def _pack(self) -> None:
        lines = "".join([f"{line}\n" for line in self._waiting])
        self._packed.write(self._packer.compress(lines.encode()))
        self._waiting.clear()
