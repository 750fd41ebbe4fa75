"""A pytest plugin: what the house remembers between calls was worked out before a change was switched on, so every
session begins with all of it forgotten."""

import gc
from functools import _lru_cache_wrapper


def pytest_sessionstart() -> None:
    """Forgets it."""
    for held in gc.get_objects():
        if isinstance(held, _lru_cache_wrapper) and held.__module__.partition(".")[0] == "arrears":
            held.cache_clear()
