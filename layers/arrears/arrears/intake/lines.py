"""From bytes to lines: hashed, measured, unpacked, never more than a line in memory."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from arrears.intake.findings import Code, Place, Wrong

MB = 1_000_000
CHUNK = 1 << 20
UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an export may be, in bytes: the file as it was sent, the same unpacked, and one line of it.

    50 MB hold some 60,000 tenancies as they are, or 500,000 packed; a million packed rows need 150 MB and 1 GB.
    """

    file: int = 50 * MB
    unpacked: int = 1000 * MB
    line: int = MB


class Line(NamedTuple):
    """One line of the file, its number counted from 1; or one tenancy as JSON, on the line where it begins.

    A tenancy that was joined from a table has its tenants and open items, by their place, on the lines of `parts`, and
    in `wrong` what is wrong between them.
    """

    number: int
    body: bytes
    parts: Mapping[Place, int] | None = None
    wrong: Wrong | None = None

    def of(self, place: Place) -> int:
        """The line on which that part of the tenancy stands."""
        return self.parts.get(place[:2], self.number) if self.parts else self.number


@contextmanager
def rewindable(stream: IO[bytes], limits: Limits) -> Iterator[IO[bytes]]:
    """The same bytes in a form that can be read twice: on disk when the stream itself cannot, and then no more of them
    than it takes to see that they are too many."""
    if stream.seekable():
        yield stream
        return
    with TemporaryFile() as copy:
        while copy.tell() <= limits.file and (chunk := stream.read(CHUNK)):
            copy.write(chunk)
        copy.seek(0)
        yield copy


def digest(stream: IO[bytes], limits: Limits) -> str:
    """The file's SHA-256. Raises Wrong when it is too large, having read no further."""
    seen, size = sha256(), 0
    while chunk := stream.read(CHUNK):
        seen.update(chunk)
        size += len(chunk)
        if size > limits.file:
            raise Wrong(Code.TOO_LARGE, most=limits.file // MB)
    return seen.hexdigest()


def lines(stream: IO[bytes], limits: Limits, *, packed: bool) -> Iterator[Line]:
    """The lines of the file, unpacked. Raises Wrong for a damaged or swelling archive and for a line without end."""
    unpacked = gzip.GzipFile(fileobj=stream) if packed else stream
    number = size = 0
    try:
        while body := unpacked.readline(limits.line + 1):
            number += 1
            size += len(body)
            if len(body) > limits.line:
                raise Wrong(Code.LINE_TOO_LONG, line=number, most=limits.line)
            if size > limits.unpacked:
                raise Wrong(Code.UNPACKS_TOO_LARGE, line=number, most=limits.unpacked // MB)
            yield Line(number, body)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Wrong(Code.NOT_GZIP, line=number + 1) from None


def text(line: Line) -> str:
    """The line as text, strictly UTF-8."""
    try:
        return line.body.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong(Code.NOT_UTF8, line=line.number) from None
