"""What the report calls things: a code's words, from words.toml."""

import tomllib
from datetime import date
from functools import cache
from importlib import resources

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def said(kind: str, code: str) -> str:
    """A code in words; a code without words as it is, readable."""
    return _words().get(kind, {}).get(code) or code.replace("_", " ").lower()


def place(code: str) -> str:
    """An area or an age group, "all" and "unknown" among them."""
    return {"all": "Everyone", "unknown": "Not known"}.get(code) or code.replace("_", " ").capitalize()


def month_said(month: str) -> str:
    """A month, as "March 2026"."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def day_said(day: date) -> str:
    """A day, as "30 March 2026"."""
    return f"{day.day} {month_said(f'{day:%Y-%m}')}"


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((resources.files(__package__) / "words.toml").read_text("utf-8"))
