"""Every small change that mutmut's operators can make to a file, one at a time: a number one higher, `<` for `<=`,
`and` for `or`, an argument left out. Unlike mutmut we change decorated functions too: what the calendar works out is
remembered, so nearly all of it is decorated."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate
from pathlib import Path

import libcst as cst
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


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

    def source(self) -> str:
        """The whole file, changed."""
        lines = self.file.read_text("utf-8").splitlines(keepends=True)
        return "".join([*lines[: self.first - 1], *self.came, *lines[self.first - 1 + len(self.gone) :]])

    def reached_by(self) -> range:
        """The lines of which a test must run one to notice: those of the innermost statement that holds the change."""
        last = self.first + max(len(self.gone) - 1, 0)
        return min((span for span in _statements(self.file) if self.first in span and last in span), key=len)


def key_of(change: Change) -> tuple[str, str]:
    """What a change is known by: its function, and what the line became."""
    return change.function, change.line


class _EveryFunction(MutationVisitor):  # type: ignore[misc]  # mutmut is installed beside, not here
    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        """Which words an error is told in is no decision."""
        if isinstance(node, cst.FunctionDef):
            return bool(node.name.value == "__new__")
        return isinstance(node, cst.Raise) or bool(super()._skip_node_and_children(node))


def possible(file: Path, module: str) -> list[Callable[[], Change]]:
    """Every change of the functions and methods in a file; each is worked out when it is called."""
    visitor = _EveryFunction(mutation_operators, IgnoredCode(set(), set(), set()))
    tree = cst.MetadataWrapper(cst.parse_module(file.read_text("utf-8")), unsafe_skip_copy=True).visit(visitor)
    texts = [tree.code_for_node(top) for top in tree.body]
    firsts = accumulate((text.count("\n") for text in texts), initial=1 + len(tree.header))
    places = {
        function: (top, text, first, name)
        for top, text, first in zip(tree.body, texts, firsts, strict=False)
        for name, function in _functions(top)
    }

    def changed(one: Mutation) -> Change:
        top, text, first, name = places[one.contained_by_top_level_function]
        after = tree.code_for_node(deep_replace(top, one.original_node, one.mutated_node))
        same, gone, came = _differing(text, after)
        return Change(file, module, name, first + same, gone, came)

    return [partial(changed, one) for one in visitor.mutations if one.contained_by_top_level_function in places]


def _functions(top: cst.CSTNode) -> Iterator[tuple[str, cst.FunctionDef]]:
    """The function, or the methods of the class, with their names."""
    if isinstance(top, cst.FunctionDef):
        yield top.name.value, top
    elif isinstance(top, cst.ClassDef) and isinstance(top.body, cst.IndentedBlock):
        for method in top.body.body:
            if isinstance(method, cst.FunctionDef):
                yield f"{top.name.value}.{method.name.value}", method


def _differing(before: str, after: str) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """How many lines are the same at the start; then the lines that went, and those that came for them."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    same = next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return same, tuple(old[same : len(old) - tail]), tuple(new[same : len(new) - tail])


@cache
def _statements(file: Path) -> list[range]:
    """The lines of every statement of a file; of an `if`, a `for` and their like also those of their heads alone."""
    found = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.stmt):
            found.append(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            body = getattr(node, "body", None)
            if isinstance(body, list) and not isinstance(node, ast.FunctionDef):
                found.append(range(node.lineno, max(body[0].lineno, node.lineno + 1)))
    return found
