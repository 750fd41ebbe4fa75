"""What every test here relies on."""

import gc

from hypothesis import settings

# How long one example takes says something about the machine, nothing about the house.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What was loaded until now stays to the end: nobody needs to look through it for rubbish again and again."""
    gc.collect()
    gc.freeze()
