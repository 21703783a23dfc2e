"""When a programme falls due: a row of django-q2's Schedule, read by the clock of its zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils import timezone
from django_q.models import Schedule

from . import cron

# Of what was missed in a long night no more is counted than this.
MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """Times that have come: the first, the last, how many (at most ``MOST`` are counted)."""

    first: datetime
    last: datetime
    count: int


def dues(schedule: Schedule, *, zone: ZoneInfo, first: datetime, until: datetime) -> Dues | None:
    """The times from ``first``, which is one, up to ``until``; None: not even that has come."""
    if first > until:
        return None
    count, last = 1, first
    for moment in islice(times(schedule, zone=zone, after=first), MOST - 1):
        if moment > until:
            break
        count, last = count + 1, moment
    return Dues(first=first, last=last, count=count)


def times(schedule: Schedule, *, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Every time after ``after``, itself one of them; none after the only one."""
    if schedule.schedule_type == Schedule.ONCE:
        return
    if schedule.schedule_type == Schedule.CRON:
        yield from cron.times(schedule.cron or "", zone=zone, after=after)
        return
    while True:
        # By the wall: django-q2 keeps the hour of the day in the zone that is active.
        with timezone.override(zone):
            after = schedule.calculate_next_run(after)
        yield after


def next_after(schedule: Schedule, *, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Its next time after ``now``; None: there is none, or nobody said when it began."""
    start = schedule.next_run
    if schedule.schedule_type == Schedule.CRON:
        return cron.following(schedule.cron or "", zone=zone, after=now)
    if start is None or start > now:
        return start
    step = step_of(schedule)
    if step is not None:
        return start + step * ((now - start) // step + 1)
    found = times(schedule, zone=zone, after=start)
    return next((moment for moment in found if moment > now), None)


def step_of(schedule: Schedule) -> timedelta | None:
    """The length of an interval that no clock on a wall changes."""
    if schedule.schedule_type == Schedule.HOURLY:
        return timedelta(hours=1)
    if schedule.schedule_type == Schedule.MINUTES:
        return timedelta(minutes=schedule.minutes or 1)
    return None
