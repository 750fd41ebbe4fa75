"""Late interest by half-year. No rate, no calculation: a half-year whose rate is not entered bears none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from arrears.calendar import DAY, due_day
from arrears.model import ZERO, Day, Facts, Money, OpenItem

CENT = Decimal("0.01")


class Interest(Facts):
    """Late interest at one rate: per cent a year, from the first to the last day, both included, in euros."""

    rate: Decimal
    first: Day
    last: Day
    amount: Money


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days with one known rate, within one half-year."""

    rate: Decimal
    first: date
    last: date


def late_interest(items: Iterable[OpenItem], on: date, rates: Mapping[str, Decimal]) -> tuple[Interest, ...]:
    """Interest on what is unpaid, from the day after each due day to `on`, one line for each rate in a row.

    Simple interest, on the year's own number of days, rounded to the cent once a line (Interest Act 633/1982 s. 4).
    It ends where the known rates end: the last line's `last` says up to which day it is calculated.
    """
    starts = [(due_day(item.due_date) + DAY, item.unpaid) for item in items if item.unpaid > 0]
    first = min((start for start, _ in starts), default=on + DAY)
    lines = (_line(run, starts) for run in _runs(_stretches(first, on, rates)))
    return tuple(line for line in lines if line.amount > 0)


def half_year(day: date) -> str:
    """The half-year in which a rate holds, such as "2026H1"."""
    return f"{day.year}H{1 if day.month < 7 else 2}"


def _stretches(first: date, on: date, rates: Mapping[str, Decimal]) -> Iterator[Stretch]:
    turns = [date(year, month, 1) for year in range(first.year, on.year + 1) for month in (1, 7)]
    for start, after in pairwise([first, *(turn for turn in turns if first < turn <= on), on + DAY]):
        if start <= on and (rate := rates.get(half_year(start))) is not None:
            yield Stretch(rate, start, after - DAY)


def _runs(stretches: Iterable[Stretch]) -> list[list[Stretch]]:
    """Stretches that follow each other at the same rate belong on one line."""
    runs: list[list[Stretch]] = []
    for stretch in stretches:
        if runs and runs[-1][-1].rate == stretch.rate and runs[-1][-1].last + DAY == stretch.first:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return runs


def _line(run: list[Stretch], starts: list[tuple[date, Decimal]]) -> Interest:
    exact = sum((_interest(unpaid, start, part) for part in run for start, unpaid in starts), ZERO)
    return Interest(
        rate=run[0].rate,
        first=run[0].first,
        last=run[-1].last,
        amount=exact.quantize(CENT, ROUND_HALF_UP),
    )


def _interest(unpaid: Decimal, start: date, part: Stretch) -> Decimal:
    days = max((part.last - max(start, part.first)).days + 1, 0)
    return unpaid * part.rate / 100 * days / _days_in(part.first.year)


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days
