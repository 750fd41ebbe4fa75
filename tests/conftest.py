"""What every test here relies on."""

from hypothesis import settings

# How long one example takes says something about the machine, nothing about the house.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
