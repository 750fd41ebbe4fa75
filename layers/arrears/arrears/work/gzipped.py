"""Lines compressed as they come, so that a million of them need no more memory than their compressed form."""

import zlib
from io import BytesIO


class GzipLines:
    """A gzip file of text lines; the same lines give the same bytes."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        self._packed = BytesIO()

    def add(self, line: str) -> None:
        """One more line."""
        self._packed.write(self._packer.compress(line.encode() + b"\n"))

    def body(self) -> bytes:
        """The whole file; nothing may be added after this."""
        self._packed.write(self._packer.flush())
        return self._packed.getvalue()
