"""When a cron expression falls due, by the clock on a wall of some zone; no Django, no clock.

On the night when the clock goes forward, a time that does not exist comes at the first one that
does. On the night when it goes back, an hour comes twice: what names its hour runs once, what runs
every hour runs in both, as cron itself has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter

FIELDS = 5


def following(text: str, *, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time after ``after``; raises ValueError or KeyError for what is no cron."""
    return next(times(text, zone=zone, after=after))


def times(text: str, *, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Every time after ``after``, without end."""
    found = croniter(text, after.astimezone(zone))
    while True:
        moment: datetime = found.get_next(datetime)
        if not (moment.fold and names_its_hours(text)):
            yield moment


def names_its_hours(text: str) -> bool:
    """Whether it is about certain hours of the day, not about each or each so many."""
    return not text.split()[1].startswith("*")
