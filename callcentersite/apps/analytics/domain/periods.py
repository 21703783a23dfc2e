"""Periods and their intervals, in the site's time: no hour is lost or doubled when clocks change.

Everything is reckoned in UTC and shown in the site's zone at the end: Python takes the two 01:30
of an autumn night for equal as long as both are local.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
MOST_INTERVALS = 50_000

Bounds = tuple[datetime, datetime]


class InvalidPeriod(ValueError):
    """A period or an interval that makes no sense; the message is a sentence for people."""


class NoHours(InvalidPeriod):
    """Hours, or parts of days, of which only the sums of the whole day are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From ``start`` up to, not including, ``end``, both in UTC, at a site in ``zone``."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def is_whole_days(self) -> bool:
        """Whether it begins and ends when a local day does."""
        return all(
            moment == midnight(self.day_of(moment), zone=self.zone)
            for moment in (self.start, self.end)
        )

    @property
    def first_full_hour(self) -> datetime:
        """The beginning of the local hour in which the period begins."""
        local = self.start.astimezone(self.zone)
        return self.start - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )

    def day_of(self, moment: datetime) -> date:
        """The local day of an instant."""
        return moment.astimezone(self.zone).date()

    def days(self) -> list[Bounds]:
        """Its local days, the first and the last cut to the period: 23, 24 or 25 hours each."""
        return self._cut(self._midnights())

    def hours(self) -> list[Bounds]:
        """Its hours; the hour that comes twice in autumn is two, the one that never was none."""
        return self._cut(self._full_hours())

    def _full_hours(self) -> Iterator[datetime]:
        moment = self.first_full_hour
        while moment < self.end:
            yield moment
            moment += HOUR

    def _midnights(self) -> Iterator[datetime]:
        day = self.day_of(self.start)
        while (begin := midnight(day, zone=self.zone)) < self.end:
            yield begin
            day += timedelta(days=1)

    def _cut(self, begins: Iterable[datetime]) -> list[Bounds]:
        """Pairs of begin and end, within the period."""
        return [(max(begin, self.start), end) for begin, end in pairwise([*begins, self.end])]


def period(*, start: date, end: date, zone: ZoneInfo) -> Period:
    """The period between two moments of the site; raise InvalidPeriod when it is none.

    A date is its midnight; a datetime without a zone is the site's local time.
    """
    begin, finish = instant(start, zone=zone), instant(end, zone=zone)
    if begin >= finish:
        raise InvalidPeriod(f"El periodo termina ({end}) antes de empezar ({start}).")
    if finish - begin > MOST_INTERVALS * HOUR:
        raise InvalidPeriod(f"El periodo pasa de {MOST_INTERVALS // 24} días.")
    return Period(start=begin, end=finish, zone=zone)


def instant(moment: date, *, zone: ZoneInfo) -> datetime:
    """The moment in UTC."""
    if not isinstance(moment, datetime):
        return midnight(moment, zone=zone)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def midnight(day: date, *, zone: ZoneInfo) -> datetime:
    """The instant at which the local day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
