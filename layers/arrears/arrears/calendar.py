"""The days: due days, banking days, clear days, ages, and the hours in which a message may leave. All in Helsinki."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count, islice
from zoneinfo import ZoneInfo

from arrears.model import Step
from arrears.policy import Policy

HELSINKI = ZoneInfo("Europe/Helsinki")
DAY = timedelta(days=1)


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays  # one of the slowest to load, and the doors that only write down what happened ask for no holiday

    return frozenset(holidays.country_holidays("FI", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no Finnish holiday; Midsummer Eve and Christmas Eve count as holidays (AHVL s. 12)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


@cache
def due_day(due: date) -> date:
    """The day a charge really falls due: on a weekend or holiday, the next working day (AHVL s. 12)."""
    return next(day for n in count() if is_working_day(day := due + n * DAY))


@cache
def banking_day_after(day: date, number: int) -> date:
    """The first day with so many banking days since `day`: three from a Wednesday is Monday, none the day itself."""
    following = (later for n in count(1) if is_working_day(later := day + n * DAY))
    return next(islice(following, number - 1, None)) if number else day


def clear_days(start: date, today: date) -> int:
    """Whole days between two days, neither counted: from the 4th to the 19th there are 14."""
    return (today - start).days - 1


@cache
def after_clear_days(start: date, number: int) -> date:
    """The first day with so many clear days behind it: 14 after the 4th is the 19th."""
    return start + (number + 1) * DAY


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return (first + n * DAY for n in range((last - first).days + 1))


@cache
def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def age(birth: date, today: date) -> int:
    """Full years lived."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


@cache
def month_of(day: date) -> str:
    """The calendar month of a day, as "2026-11"."""
    return f"{day:%Y-%m}"


def helsinki_day(moment: datetime) -> date:
    """The day it is in Helsinki at that moment; the moment must know its zone."""
    return helsinki(moment).date()


def helsinki(moment: datetime) -> datetime:
    """The moment on a Helsinki clock. Raises ValueError when it does not know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be placed in Helsinki")
    return moment.astimezone(HELSINKI)


def may_leave(step: Step, moment: datetime, policy: Policy) -> bool:
    """Whether a message of that kind may leave at that moment: working hours of a working day that is not an eve."""
    local = helsinki(moment)
    closes = policy.sending.court_closes_hour if step is Step.COURT_NOTICE else policy.sending.closes_hour
    return _is_sending_day(local.date()) and policy.sending.opens_hour <= local.hour < closes


def next_opening(step: Step, moment: datetime, policy: Policy) -> datetime:
    """The moment itself when a message may leave, else the start of the next sending window."""
    if may_leave(step, moment, policy):
        return moment
    local = helsinki(moment)
    first = local.date() + (DAY if local.hour >= policy.sending.opens_hour else timedelta(0))
    day = next(day for n in count() if _is_sending_day(day := first + n * DAY))
    return datetime.combine(day, time(policy.sending.opens_hour), HELSINKI)


def _is_sending_day(day: date) -> bool:
    tomorrow = day + DAY
    return is_working_day(day) and tomorrow not in _holidays(tomorrow.year)
