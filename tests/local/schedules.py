"""When EventBridge Scheduler ticks: its cron expressions in a time zone, summer time included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter

_SHAPE = re.compile(r"cron\(([^()]+)\)")
_WEEKDAY = re.compile(r"(?<![#\w])[1-7](?!\w)")


@dataclass(frozen=True, slots=True)
class Schedule:
    """One cron expression in one zone. AWS's dialect: six fields, `?` for a day field that the other one decides,
    Sunday is 1, `3#2` the second Tuesday, `3L` the last. Raises ValueError for what AWS would refuse."""

    expression: str
    zone: str

    def __post_init__(self) -> None:
        fields = self._fields()
        if (fields[2] == "?") == (fields[4] == "?"):
            raise ValueError(f"{self.expression}: expected `?` for one of day-of-month and day-of-week, not for both")
        if fields[5] != "*":
            raise ValueError(f"{self.expression}: a year is not used here, expected `*`")
        if not croniter.is_valid(self._unix()):
            raise ValueError(f"{self.expression}: not a cron expression")

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Every tick after that moment, in UTC. A wall-clock time that the spring change skips does not tick; one that
        the autumn change repeats ticks once, the first time."""
        zone = ZoneInfo(self.zone)
        # A day earlier, because the wall clock of the moment may be one that comes twice.
        walls = croniter(self._unix(), moment.astimezone(zone).replace(tzinfo=None) - timedelta(days=1))
        while True:
            try:
                wall = walls.get_next(datetime)
            except CroniterBadDateError:
                return
            tick = wall.replace(tzinfo=zone).astimezone(UTC)
            if tick > moment and tick.astimezone(zone).replace(tzinfo=None) == wall:
                yield tick

    def _fields(self) -> list[str]:
        shape = _SHAPE.fullmatch(self.expression)
        fields = shape[1].split() if shape else []
        if len(fields) != 6:
            raise ValueError(f"{self.expression}: expected cron(minutes hours day-of-month month day-of-week year)")
        return fields

    def _unix(self) -> str:
        minutes, hours, day, month, weekday, _ = self._fields()
        return " ".join([minutes, hours, day.replace("?", "*"), month, _unix_weekday(weekday)])


def _unix_weekday(field: str) -> str:
    """AWS counts from Sunday = 1, cron from Sunday = 0; the last Tuesday is `3L` there and `L2` here."""
    counted = _WEEKDAY.sub(lambda day: str(int(day[0]) - 1), re.sub(r"([1-7])L", r"\1 L", field))
    return re.sub(r"([0-6]) L", r"L\1", counted).replace("?", "*")
