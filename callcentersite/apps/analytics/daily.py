"""DailyMetrics: which local days are stale, and building them anew from the calls."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, transaction
from django.db.models import Max, Min

from .models import Call, ClosedDay, DailyMetrics, StaleDay

# On SQLite a transaction should end within a second or two; a month of calls does.
DAYS_A_TRANSACTION = {"sqlite": 7, "postgresql": 400}
MANY_DAYS = 10
# By one statement; SQLite has no function that tells the day of an instant.
DAYS_COMPARED = {"sqlite": 1, "postgresql": 400}
EDGES = ("first", "last")

COLUMNS = (
    "day",
    "queue",
    "offered",
    "answered",
    "abandoned",
    "within_sla",
    "wait_sum_s",
    "wait_max_s",
    "talk_sum_s",
    "talk_max_s",
)


def _added(column: str) -> str:
    """A column of the sums of both: the greater maximum, else the sum."""
    old, new = f"daily_metrics.{column}", f"excluded.{column}"
    if column.endswith("_max_s"):
        return f"{column} = CASE WHEN {new} > {old} THEN {new} ELSE {old} END"
    return f"{column} = {old} + {new}"


ADD = f"""
INSERT INTO daily_metrics ({", ".join(COLUMNS)}) VALUES ({", ".join(["%s"] * len(COLUMNS))})
ON CONFLICT (day, queue) DO UPDATE SET {", ".join(map(_added, COLUMNS[2:]))}
"""

# Waits and talks are those of answered calls: their sums over ``answered`` are the average speed
# of answer and the average handle time.
SUMS = """
COUNT(*), COUNT(*) FILTER (WHERE spoken),
COUNT(*) FILTER (WHERE disposition = 'ABANDONED'),
COUNT(*) FILTER (WHERE spoken AND wait_s <= sla_seconds),
COALESCE(SUM(wait_s) FILTER (WHERE spoken), 0), COALESCE(MAX(wait_s) FILTER (WHERE spoken), 0),
COALESCE(SUM(talk_s) FILTER (WHERE spoken), 0), COALESCE(MAX(talk_s) FILTER (WHERE spoken), 0)
"""
CALLS = """
(SELECT calls.queue_code, calls.disposition, calls.wait_s, calls.talk_s, calls.started_at,
        queues.sla_seconds, calls.disposition IN ('ANSWERED', 'TRANSFERRED') AS spoken
 FROM calls LEFT JOIN queues ON queues.code = calls.queue_code
 WHERE calls.started_at >= %(begin)s AND calls.started_at < %(end)s) AS found
"""
HEAD = f"INSERT INTO daily_metrics ({', '.join(COLUMNS)})"

COUNT_DAY = f"SELECT %(day)s, queue_code, {SUMS} FROM {CALLS} GROUP BY queue_code"
REBUILD_DAY = f"{HEAD} {COUNT_DAY}"
# One statement sees one moment: whoever loads calls meanwhile makes no difference appear.
DIFFERENCES = """
SELECT source, {columns} FROM (
    SELECT MIN(source) AS source, {columns} FROM (
        SELECT 'stored' AS source, {columns} FROM daily_metrics
        WHERE day >= %(first)s AND day <= %(last)s
        UNION ALL SELECT 'counted', counted.* FROM ({counted}) AS counted
    ) AS sides GROUP BY {columns} HAVING COUNT(*) = 1
) AS found
WHERE day NOT IN (SELECT day FROM stale_days) AND day NOT IN (SELECT day FROM closed_days)
ORDER BY day, queue, source
"""
# PostgreSQL only. Day n begins at the n-th of ``begins``; one pass over the calls for all of them.
SPAN = f"""
SELECT (%(days)s::date[])[number], queue_code, {SUMS}
FROM (SELECT width_bucket(started_at, %(begins)s::timestamptz[]) AS number, found.* FROM {CALLS})
     AS found
WHERE (%(days)s::date[])[number] IS NOT NULL
GROUP BY number, queue_code
"""


def mark_stale(days: Iterable[date], *, using: str = "default") -> None:
    """Remember days whose calls changed; call it in the transaction that changes them."""
    rows = [StaleDay(day=day) for day in sorted(set(days))]
    if rows:
        StaleDay.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def add(sums: Iterable[tuple[Any, ...]], *, using: str = "default") -> None:
    """Add the sums of new calls, in the order of COLUMNS; in the transaction that inserts them.

    Cheaper than building their days anew, and as right: new calls only ever add.
    """
    adapted = connections[using].ops.adapt_datefield_value
    rows = [(adapted(day), *others) for day, *others in sums]
    with connections[using].cursor() as cursor:
        cursor.executemany(ADD, rows)


def mark_queue_stale(queues: Iterable[str], *, using: str = "default") -> None:
    """Every day of these queues is stale: their service level was redefined."""
    days = DailyMetrics.objects.using(using).filter(queue__in=list(queues)).order_by()
    mark_stale(days.values_list("day", flat=True).distinct(), using=using)


def rebuild_stale(
    *, zone: str, using: str = "default", pause: Callable[[], None] = lambda: None
) -> list[date]:
    """Build the metrics of every stale day anew; return these days.

    Some days a transaction, with a ``pause`` after each; what a killed process leaves stale, the
    next one builds.
    """
    size = DAYS_A_TRANSACTION.get(connections[using].vendor, 31)
    stale = StaleDay.objects.using(using)
    # What is gone can no longer be counted: the sums of then are the best there are.
    stale.filter(day__in=ClosedDay.objects.using(using).values("day")).delete()
    days = list(stale.values_list("day", flat=True))
    for batch in _batches(days, size):
        rebuild(batch, zone=zone, using=using)
        pause()
    return days


def rebuild(days: list[date], *, zone: str, using: str = "default") -> None:
    """Build the metrics of these local days anew, in one transaction."""
    is_span = connections[using].vendor == "postgresql" and _is_span(days)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        StaleDay.objects.using(using).filter(day__in=days).delete()
        DailyMetrics.objects.using(using).filter(day__in=days).delete()
        if is_span:
            _insert_span(cursor, days, zone=ZoneInfo(zone))
        else:
            for day in days:
                _insert_day(cursor, day, zone=ZoneInfo(zone), using=using)


Side = tuple[Any, ...]  # the sums, in the order of COLUMNS after day and queue


def differences(
    *, zone: str, using: str = "default"
) -> Iterator[tuple[date, str, Side | None, Side | None]]:
    """Where the stored sums are not those of the calls: day, queue, stored, counted (or None).

    The database counts and compares; a chunk of days at a time. Days that are to be rebuilt
    anyway, and those that can no longer be counted, are left out.
    """
    for days in _chunks(using, zone=ZoneInfo(zone)):
        sides: dict[tuple[date, str], dict[str, Side]] = {}
        for source, day, queue, *sums in _differing(days, zone=ZoneInfo(zone), using=using):
            sides.setdefault((_as_date(day), queue), {})[source] = tuple(sums)
        for (day, queue), found in sides.items():
            yield day, queue, found.get("stored"), found.get("counted")


def _chunks(using: str, *, zone: ZoneInfo) -> Iterator[list[date]]:
    """Every day from the first that has calls or sums to the last, in chunks."""
    stored = DailyMetrics.objects.using(using).aggregate(first=Min("day"), last=Max("day"))
    calls = Call.objects.using(using).aggregate(first=Min("started_at"), last=Max("started_at"))
    firsts, lasts = ([side[end] for side in (stored, calls) if side[end]] for end in EDGES)
    if firsts:
        first = min(map(partial(_day_of, zone=zone), firsts))
        last = max(map(partial(_day_of, zone=zone), lasts))
        span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        yield from _batches(span, DAYS_COMPARED.get(connections[using].vendor, 1))


def _day_of(value: date | datetime, *, zone: ZoneInfo) -> date:
    """A day as it is, an instant's local one."""
    return local_day(value, zone=zone) if isinstance(value, datetime) else value


def _as_date(value: date | str) -> date:
    """SQLite gives days as they are stored."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _differing(days: list[date], *, zone: ZoneInfo, using: str) -> list[tuple[Any, ...]]:
    """The sums that only one side has, by one statement."""
    connection, first, last = connections[using], days[0], days[-1]
    adapted = connection.ops.adapt_datetimefield_value
    begins = [bounds(day, zone=zone)[0] for day in days]
    params: dict[str, Any] = {
        "begin": adapted(begins[0]),
        "end": adapted(bounds(last, zone=zone)[1]),
    }
    params |= {"first": first.isoformat(), "last": last.isoformat(), "day": first.isoformat()}
    in_one = connection.vendor == "postgresql"
    statement = DIFFERENCES.format(
        columns=", ".join(COLUMNS), counted=SPAN if in_one else COUNT_DAY
    )
    # On SQLite a block would keep every writer out.
    block = transaction.atomic(using=using) if in_one else nullcontext()
    with block, connection.cursor() as cursor:
        if in_one:
            cursor.execute("SET LOCAL jit = off")
            params |= {"days": days, "begins": begins}
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _is_span(days: list[date]) -> bool:
    """Whether the days lie so close together that one pass over all of them is the cheapest."""
    return len(days) > MANY_DAYS and (max(days) - min(days)).days < 2 * len(days)


def _insert_day(cursor: Any, day: date, *, zone: ZoneInfo, using: str) -> None:
    adapted = connections[using].ops.adapt_datetimefield_value
    begin, end = bounds(day, zone=zone)
    params = {"day": day.isoformat(), "begin": adapted(begin), "end": adapted(end)}
    cursor.execute(REBUILD_DAY, params)


def _insert_span(cursor: Any, days: list[date], *, zone: ZoneInfo) -> None:
    """All days from the first to the last; those between that are not asked for are NULL."""
    first, last = min(days), max(days)
    asked = set(days)
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begins = [bounds(day, zone=zone)[0] for day in span]
    cursor.execute("SET LOCAL jit = off")  # compiling takes longer than the query
    cursor.execute(
        SPAN,
        {
            "days": [day if day in asked else None for day in span],
            "begins": begins,
            "begin": begins[0],
            "end": bounds(last, zone=zone)[1],
        },
    )
    cursor.executemany(ADD, cursor.fetchall())


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
