"""Switches one change on in a house that is already loaded: a function stays the very object that everybody holds,
decorated or not, and gets other code. Whatever is loaded anew, as a function is that starts cold, is changed too."""

import ast
import gc
from collections.abc import Callable, Collection, Iterator
from functools import _lru_cache_wrapper
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutation.changes import Change

OURS = {"arrears", "functions", "tests"}


class Switch:
    """Every function of these files that is loaded now."""

    def __init__(self, files: Collection[Path]) -> None:
        gc.unfreeze()  # what is frozen is not told
        self._names, loaded = {f"{file}" for file in files}, gc.get_objects()
        functions = (held for held in loaded if type(held) is FunctionType)
        self._functions = [function for function in functions if function.__code__.co_filename in self._names]
        memories = (held for held in loaded if type(held) is _lru_cache_wrapper)
        self._memories = [held for held in memories if f"{held.__module__}".partition(".")[0] in OURS]

    def codes(self) -> Iterator[CodeType]:
        """The code of each function and of what is written inside it."""
        for function in self._functions:
            yield from inside(function.__code__)

    def holds(self, change: Change) -> bool:
        """Whether the function is loaded at all."""
        return any(_is_of(function, change) for function in self._functions)

    def on(self, change: Change) -> None:
        """From now on the house is as the change says, also where it remembers what it worked out before."""
        source = change.source()
        codes = {
            (code.co_qualname, code.co_firstlineno): code for code in inside(compile(source, f"{change.file}", "exec"))
        }
        heads = {
            (node.name, _first_line(node)): node.args
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef)
        }
        for function in filter(lambda one: _is_of(one, change), self._functions):
            line = function.__code__.co_firstlineno
            _set_defaults(function, heads[function.__name__, line])
            function.__code__ = codes[function.__qualname__, line]
        file = f"{change.file}"
        self.when_loaded(lambda code: compile(source, file, "exec") if code.co_filename == file else code)
        self.forget()

    def when_loaded(self, instead: Callable[[CodeType], CodeType]) -> None:
        """From now on a file of ours that is loaded anew has the code that `instead` makes of its own."""
        names, load = self._names, SourceFileLoader.get_code

        def loaded(loader: SourceFileLoader, name: str) -> CodeType | None:
            code = load(loader, name)
            return instead(code) if code and code.co_filename in names else code

        SourceFileLoader.get_code = loaded  # type: ignore[assignment, method-assign]

    def forget(self) -> None:
        """Forgets what the house, or a test, worked out before."""
        for memory in self._memories:
            memory.cache_clear()


def _is_of(function: FunctionType, change: Change) -> bool:
    code = function.__code__
    return (code.co_filename, code.co_qualname) == (f"{change.file}", change.name)


def inside(code: CodeType) -> Iterator[CodeType]:
    """The code itself, and whatever is written inside it."""
    yield code
    for held in code.co_consts:
        if isinstance(held, CodeType):
            yield from inside(held)


def _first_line(node: ast.FunctionDef) -> int:
    return node.decorator_list[0].lineno if node.decorator_list else node.lineno


def _set_defaults(function: FunctionType, head: ast.arguments) -> None:
    """mutmut changes defaults that are a word or a number; they can be worked out again."""
    values = [eval(ast.unparse(default), function.__globals__) for default in head.defaults]
    function.__defaults__ = tuple(values) or None
    named = [
        (argument.arg, default) for argument, default in zip(head.kwonlyargs, head.kw_defaults, strict=True) if default
    ]
    function.__kwdefaults__ = {
        name: eval(ast.unparse(default), function.__globals__) for name, default in named
    } or None
