"""Three months of runs: a pure function of a seed and a last moment.

Every ending occurs at least once, whatever the seed; the rest is drawn.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from .drawing import Draw, below
from .episode import Episode
from .etl_runs import etl
from .other_runs import failed_import, report, retention

DAYS = 90
# The hours of each day at which the ETL ran.
ETL_HOURS = (2, 8, 14, 20)
# Days before the last one on which it came out otherwise, and how: whatever the seed.
CERTAIN = {2: "failed", 4: "cancelled", 6: "lost", 11: "rejected", 14: "missed", 19: "expired"}


def episodes(*, seed: int, end: datetime) -> list[Episode]:
    """All of them, the oldest first; ``end`` is the midnight after the last day."""
    told = [
        one
        for back in range(DAYS, 0, -1)
        for one in of_day(Draw(seed), end - timedelta(days=back), back)
    ]
    return sorted(told, key=lambda one: one.queued_at)


def of_day(draw: Draw, day: datetime, back: int) -> Iterator[Episode]:
    """The runs of one day; ``back`` counts from the last day, which is 1."""
    for hour in ETL_HOURS:
        status = CERTAIN.get(back, "") if hour == ETL_HOURS[0] else drawn_status(draw, back, hour)
        yield etl(draw, day + timedelta(hours=hour), back * 24 + hour, status or "succeeded")
    if day.weekday() < 5:
        yield report(draw, day + timedelta(hours=9), back)
    if day.weekday() == 6:
        yield retention(draw, day + timedelta(hours=2, minutes=5), back)
    if back % 30 == 3:
        yield failed_import(day + timedelta(hours=11), back)


def drawn_status(draw: Draw, back: int, hour: int) -> str:
    """Mostly well."""
    chance = below(draw, "status", back * 24 + hour, 100)
    return "failed" if chance < 2 else "lost" if chance < 3 else "succeeded"
