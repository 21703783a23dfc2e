"""DailyMetrics: which local days are stale, and building them anew from the calls."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connections, transaction

from .models import DailyMetrics, StaleDay

# On SQLite a transaction should end within a second or two; a month of calls does.
DAYS_A_TRANSACTION = {"sqlite": 7, "postgresql": 120}

# Waits and talks are those of answered calls: their sums over ``answered`` are the average speed
# of answer and the average handle time.
REBUILD = """
INSERT INTO daily_metrics (day, queue, offered, answered, abandoned, within_sla,
                           wait_sum_s, wait_max_s, talk_sum_s, talk_max_s)
SELECT %(day)s, queue_code, COUNT(*), COUNT(*) FILTER (WHERE spoken),
       COUNT(*) FILTER (WHERE disposition = 'ABANDONED'),
       COUNT(*) FILTER (WHERE spoken AND wait_s <= sla_seconds),
       COALESCE(SUM(wait_s) FILTER (WHERE spoken), 0),
       COALESCE(MAX(wait_s) FILTER (WHERE spoken), 0),
       COALESCE(SUM(talk_s) FILTER (WHERE spoken), 0),
       COALESCE(MAX(talk_s) FILTER (WHERE spoken), 0)
FROM (SELECT calls.queue_code, calls.disposition, calls.wait_s, calls.talk_s, queues.sla_seconds,
             calls.disposition IN ('ANSWERED', 'TRANSFERRED') AS spoken
      FROM calls LEFT JOIN queues ON queues.code = calls.queue_code
      WHERE calls.started_at >= %(begin)s AND calls.started_at < %(end)s) AS of_day
GROUP BY queue_code
"""


def mark_stale(days: Iterable[date], *, using: str = "default") -> None:
    """Remember days whose calls changed; call it in the transaction that changes them."""
    rows = [StaleDay(day=day) for day in sorted(set(days))]
    if rows:
        StaleDay.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def mark_queue_stale(queues: Iterable[str], *, using: str = "default") -> None:
    """Every day of these queues is stale: their service level was redefined."""
    days = DailyMetrics.objects.using(using).filter(queue__in=list(queues)).order_by()
    mark_stale(days.values_list("day", flat=True).distinct(), using=using)


def rebuild_stale(
    *, zone: str, using: str = "default", pause: Callable[[], None] = lambda: None
) -> int:
    """Build the metrics of every stale day anew; return how many days that were.

    Some days a transaction, with a ``pause`` after each; what a killed process leaves stale, the
    next one builds.
    """
    size = DAYS_A_TRANSACTION.get(connections[using].vendor, 31)
    days = list(StaleDay.objects.using(using).values_list("day", flat=True))
    for batch in _batches(days, size):
        rebuild(batch, zone=zone, using=using)
        pause()
    return len(days)


def rebuild(days: list[date], *, zone: str, using: str = "default") -> None:
    """Build the metrics of these local days anew, in one transaction."""
    adapted = connections[using].ops.adapt_datetimefield_value
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        StaleDay.objects.using(using).filter(day__in=days).delete()
        DailyMetrics.objects.using(using).filter(day__in=days).delete()
        for day in days:
            begin, end = bounds(day, zone=ZoneInfo(zone))
            params = {"day": day.isoformat(), "begin": adapted(begin), "end": adapted(end)}
            cursor.execute(REBUILD, params)


def bounds(day: date, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and the next one does: 23, 24 or 25 hours."""
    begin, end = (
        datetime.combine(midnight, datetime.min.time(), tzinfo=zone).astimezone(UTC)
        for midnight in (day, day + timedelta(days=1))
    )
    return begin, end


def local_day(instant: datetime, *, zone: ZoneInfo) -> date:
    """The site's day that an instant belongs to."""
    return instant.astimezone(zone).date()


def _batches(days: list[date], size: int) -> Iterator[list[date]]:
    for first in range(0, len(days), size):
        yield days[first : first + size]
