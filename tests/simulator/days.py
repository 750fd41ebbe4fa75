"""Which days of a year are lived from night to evening; on the others only queues and receipts go on."""

from collections.abc import Iterator
from datetime import date, timedelta

from arrears.calendar import is_working_day
from tests.local.habits import last_day
from tests.simulator.scenario import Scenario, Trouble
from tests.world import tick_day

DAY = timedelta(days=1)


def lived_days(scenario: Scenario) -> Iterator[list[date]]:
    """Month by month: the monthly tick's day, one when letters may follow it, and some others."""
    first = scenario.first
    for _ in range(scenario.months):
        month = [first + n * DAY for n in range((last_day(first) - first).days + 1)]
        dice = scenario.dice("days", first)
        tick = next(day for day in month if tick_day(day))
        early = [day for day in month if day < tick and is_working_day(day)]
        late = [day for day in month if day > tick + 14 * DAY and is_working_day(day)] or month[-1:]
        lived = {tick, dice.one_of(late), dice.one_of((early[0], tick + DAY, dice.one_of(month)))}
        if Trouble.ODD_HOURS in scenario:
            lived |= {dice.one_of((month[-1], dice.one_of([day for day in month if is_odd(day)])))}
        yield sorted(lived)
        first = month[-1] + DAY


def is_odd(day: date) -> bool:
    """A rest day, the day before or after one: holidays, eves, changes of clocks."""
    return not all(map(is_working_day, (day - DAY, day, day + DAY)))
