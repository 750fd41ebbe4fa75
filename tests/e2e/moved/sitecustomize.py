"""Moves the house's clock in every Python that is started with this folder on its path.

A deployed stack lives by the real clock, and a month on it would take a month. Here the functions, and the operators'
commands, read the same `arrears.adapters.clock.now` as ever, and what it says is moved by as many seconds as the file
named by MOVED_CLOCK holds. The cloud's own clock is left alone: signatures, visibility and metrics stay in real time.
"""

import os
import sys
from datetime import timedelta
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any


class MovedClock:
    """Finds the module that reads the clock, and moves what it says."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The clock's own module, moved once it has run; None for every other."""
        spec = PathFinder.find_spec(name, path) if name == "arrears.adapters.clock" else None
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def moved(module: ModuleType) -> None:
                run(module)
                real = module.now
                module.now = lambda: real() + timedelta(seconds=float(self.file.read_text()))  # type: ignore[attr-defined]

            spec.loader.exec_module = moved  # type: ignore[method-assign]
        return spec


if "MOVED_CLOCK" in os.environ:
    sys.meta_path.insert(0, MovedClock(Path(os.environ["MOVED_CLOCK"])))
