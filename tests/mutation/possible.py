"""Every small change that mutmut's operators can make to a file, one at a time: a number one higher, `<` for `<=`,
`and` for `or`, an argument left out. Unlike mutmut we change decorated functions too: what the calendar works out is
remembered, so nearly all of it is decorated."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate, takewhile
from pathlib import Path

import libcst as cst
from mutmut.mutation.file_mutation import Mutation, MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

from tests.mutation.changes import Change, text_of

STRICT = re.compile(r"\bstrict\s*=\s*(True|False|None)")
SQL = ('"CREATE ', '"INSERT ', '"SELECT ', '"UPDATE ')
UTF_8 = '"utf-8"'
# The first is the same by another name; the others say what every machine has on which this runs.
SAME_ENCODINGS = ('"UTF-8"', "None", "")


class _EveryFunction(MutationVisitor):  # type: ignore[misc]  # mutmut is installed beside, not here
    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        """Which words an error is told in is no decision."""
        if isinstance(node, cst.FunctionDef):
            return bool(node.name.value == "__new__")
        return isinstance(node, cst.Raise) or bool(super()._skip_node_and_children(node))


def possible(file: Path, module: str) -> list[Callable[[], Change]]:
    """Every change of the functions and methods in a file; each is worked out when it is called."""
    visitor = _EveryFunction(mutation_operators, IgnoredCode(set(), set(), set()))
    tree = cst.MetadataWrapper(cst.parse_module(text_of(file)), unsafe_skip_copy=True).visit(visitor)
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

    idle = (_is_same_encoding, _is_loose, _is_same_sql)
    told = (one for one in visitor.mutations if not any(is_idle(one) for is_idle in idle))
    return [partial(changed, one) for one in told if one.contained_by_top_level_function in places]


def _is_same_encoding(one: Mutation) -> bool:
    """Whether a text is read or written in UTF-8 still."""
    before, after = (cst.Module([]).code_for_node(node) for node in (one.original_node, one.mutated_node))
    return UTF_8 in before and after in {before.replace(UTF_8, same) for same in SAME_ENCODINGS}


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
    same = _alike(old, new)
    gone, came = old[same:], new[same:]
    tail = _alike(gone[::-1], came[::-1])
    return same, tuple(gone[: len(gone) - tail]), tuple(came[: len(came) - tail])


def _alike(old: list[str], new: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _is_loose(one: Mutation) -> bool:
    """Whether only the `strict=` of a `zip` went. It tells of two lists that are of one length because of how they are
    made: it guards against a mistake in the house, which no test can make from outside."""
    before, after = (cst.Module([]).code_for_node(node) for node in (one.original_node, one.mutated_node))
    return bool(before.startswith("zip(") and STRICT.sub("", before) == STRICT.sub("", after))


def _is_same_sql(one: Mutation) -> bool:
    """Whether a query only came in other letters: SQL is read in any, but for what stands in quotes."""
    before, after = (cst.Module([]).code_for_node(node) for node in (one.original_node, one.mutated_node))
    return bool(before.startswith(SQL) and before.lower() == after.lower() and "'" not in before)
