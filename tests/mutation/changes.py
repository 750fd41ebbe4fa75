"""A change of the house, and where it is."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Change:
    """One change: in which function of which file, from which line (counted from 1) which lines went, what came."""

    file: Path
    module: str
    name: str
    first: int
    gone: tuple[str, ...]
    came: tuple[str, ...]

    @property
    def function(self) -> str:
        """Its full name."""
        return f"{self.module}.{self.name}"

    @property
    def line(self) -> str:
        """What the changed lines became, in one line."""
        return " ".join(line.strip() for line in self.came)

    @property
    def key(self) -> tuple[str, str]:
        """What the change is known by."""
        return self.function, self.line

    def source(self) -> str:
        """The whole file, changed."""
        lines = text_of(self.file).splitlines(keepends=True)
        return "".join([*lines[: self.first - 1], *self.came, *lines[self.first - 1 + len(self.gone) :]])

    def reached_by(self) -> range:
        """The lines of which a test must run one to notice: those of the innermost statement that holds the change."""
        last = self.first + max(len(self.gone) - 1, 0)
        return min((span for span in _statements(self.file) if self.first in span and last in span), key=len)


@cache
def text_of(file: Path) -> str:
    """The file as it was when it was first read: it may be worked on meanwhile."""
    return file.read_text("utf-8")


@cache
def _statements(file: Path) -> list[range]:
    """The lines of every statement of a file; of an `if`, a `for` and their like also those of their heads alone."""
    found = []
    for node in ast.walk(ast.parse(text_of(file))):
        if isinstance(node, ast.stmt):
            found.append(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            body = getattr(node, "body", None)
            if isinstance(body, list) and not isinstance(node, ast.FunctionDef):
                found.append(range(node.lineno, max(body[0].lineno, node.lineno + 1)))
    return found
