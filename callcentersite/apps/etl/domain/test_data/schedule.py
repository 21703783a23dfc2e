"""When calls come in: the shape of the day and of the week, holidays, quiet and loud days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from .draw import Draw
from .vocabulary import DAY_LOAD, HOLIDAY_LOAD, HOLIDAYS, HOUR_LOAD

EPOCH = date(1970, 1, 1)
CALLS_PER_DAY = 1_800  # until the period would pass its bounds
SHORTEST_DAYS = 28
LONGEST_DAYS = 730


@dataclass(frozen=True)
class Schedule:
    """Spreads ``calls`` calls, in order, over the days that end with ``until``."""

    calls: int
    until: date
    draw: Draw

    @property
    def first_day(self) -> date:
        days = min(max(self.calls // CALLS_PER_DAY, SHORTEST_DAYS), LONGEST_DAYS)
        return self.until - timedelta(days=days - 1)

    @cached_property
    def loads(self) -> pl.Series:
        """The load of each hour of the period."""
        days = [
            self.first_day + timedelta(days=number)
            for number in range((self.until - self.first_day).days + 1)
        ]
        return pl.Series([load for day in days for load in self.loads_of(day)], dtype=pl.Int64)

    def loads_of(self, day: date) -> list[int]:
        """A day's 24 loads: the week's shape, give or take 15 %."""
        noise = 85 + self.draw.number("day", day.toordinal()) % 31
        holiday = HOLIDAY_LOAD if (day.month, day.day) in HOLIDAYS else 100
        return [load * DAY_LOAD[day.weekday()] * noise * holiday // 10_000 for load in HOUR_LOAD]

    def started(self, index: str) -> pl.Expr:
        """Local second (since 1970, no zone) at which the call with this index begins.

        A call's place is its share of the total load, with some jitter; the place falls in an
        hour and, proportionally, in a second of it.
        """
        total = int(self.loads.sum())
        jitter = self.draw.bits("jitter") % max(total // self.calls, 1)
        place = pl.col(index) * total // self.calls + jitter.cast(pl.Int64)
        ends = self.loads.cum_sum()
        hour = pl.lit(ends).search_sorted(place, side="right")
        load = pl.lit(self.loads).gather(hour)
        within = place - pl.lit(ends - self.loads).gather(hour)
        first_second = (self.first_day - EPOCH).days * 86_400
        return first_second + hour.cast(pl.Int64) * 3_600 + within * 3_600 // load
