"""DailyMetrics: which local days are stale, and building them anew from the calls."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections, transaction
from django.db.models import Max, Min, QuerySet

from .models import Call, ClosedDay, DailyMetrics, StaleDay

# On SQLite a transaction should end within a second or two; a month of calls does.
DAYS_A_TRANSACTION = {"sqlite": 7, "postgresql": 400}
MANY_DAYS = 10
# At once; on SQLite one, because whoever looks keeps every writer out meanwhile.
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
PUT = f"""
INSERT INTO daily_metrics ({", ".join(COLUMNS)}) VALUES ({", ".join(["%s"] * len(COLUMNS))})
ON CONFLICT (day, queue) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
"""
DROP = "DELETE FROM daily_metrics WHERE day = %s AND queue = %s"

Sums = tuple[Any, ...]  # in the order of COLUMNS

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
 WHERE calls.started_at >= %(begin)s AND calls.started_at < %(end)s
   AND (%(queue)s = '' OR calls.queue_code = %(queue)s)) AS found
"""

DAY = f"SELECT queue_code, {SUMS} FROM {CALLS} GROUP BY queue_code"
# PostgreSQL only. Day n begins at the n-th of ``begins``; one pass over the calls for all of them.
SPAN = f"""
SELECT (%(days)s::date[])[number], queue_code, {SUMS}
FROM (SELECT width_bucket(started_at, %(begins)s::timestamptz[]) AS number, found.* FROM {CALLS})
     AS found
WHERE (%(days)s::date[])[number] IS NOT NULL
GROUP BY number, queue_code
"""

# Whoever counts must neither miss a call that is being loaded nor count one that is being
# archived: he holds these tables alone, and whoever loads says so before he looks at anything.
# Readers go on. SQLite has one writer at a time anyway.
COUNTED = ("closed_days", "stale_days", "daily_metrics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How the stored sums of some days differ from their calls.

    ``days`` were compared; others are closed: part of their calls is gone, so they keep what they
    have. ``rows`` there should be, of ``calls`` in all; ``wrong`` ones are missing or other, and
    ``extra`` ones have no call. ``stored`` is what there is of all these, by day and queue.
    """

    days: list[date]
    calls: int
    rows: int
    wrong: list[Sums]
    extra: list[tuple[date, str]]
    stored: dict[tuple[date, str], Sums]

    @property
    def count(self) -> int:
        """How many rows are not what they should be."""
        return len(self.wrong) + len(self.extra)


def alone(*, using: str = "default") -> None:
    """Until the commit nobody else loads, counts or archives calls."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(COUNTED)} IN SHARE ROW EXCLUSIVE MODE")


def loading(*, using: str = "default") -> None:
    """Calls are about to be loaded: first in the transaction, so that ``alone`` is kept."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("LOCK TABLE closed_days IN ROW EXCLUSIVE MODE")


def mark_stale(days: Iterable[date], *, using: str = "default") -> None:
    """Remember days whose calls changed; call it in the transaction that changes them."""
    rows = [StaleDay(day=day) for day in sorted(set(days))]
    if rows:
        StaleDay.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def add(sums: Iterable[tuple[Any, ...]], *, using: str = "default") -> None:
    """Add the sums of new calls, in the order of COLUMNS; in the transaction that inserts them.

    Cheaper than building their days anew, and as right: new calls only ever add.
    """
    execute(ADD, sums, using=using)


def closed_among(days: Iterable[date], *, using: str = "default") -> set[date]:
    """Those of the days that can no longer be counted from their calls."""
    found = ClosedDay.objects.using(using).filter(day__in=days)
    return set(found.values_list("day", flat=True))


def mark_queue_stale(queues: Iterable[str], *, using: str = "default") -> None:
    """Every day of these queues is stale: their service level was redefined."""
    days = DailyMetrics.objects.using(using).filter(queue__in=list(queues)).order_by()
    mark_stale(days.values_list("day", flat=True).distinct(), using=using)


def due(*, using: str = "default") -> QuerySet[StaleDay]:
    """The stale days whose sums are not to be believed; those of closed days are kept right."""
    closed = ClosedDay.objects.using(using).values("day")
    return StaleDay.objects.using(using).exclude(day__in=closed)


def rebuild_stale(
    *, zone: str, using: str = "default", pause: Callable[[], None] = lambda: None
) -> list[date]:
    """Build the metrics of every stale day anew; return these days.

    Some days a transaction, with a ``pause`` after each; what a killed process leaves stale, the
    next one builds.
    """
    size = DAYS_A_TRANSACTION.get(connections[using].vendor, 31)
    stale = StaleDay.objects.using(using)
    # What is gone can no longer be counted; what was changed there, the sums have followed.
    stale.filter(day__in=ClosedDay.objects.using(using).values("day")).delete()
    days = list(stale.values_list("day", flat=True))
    for batch in _batches(days, size):
        rebuild(batch, zone=zone, using=using)
        pause()
    return days


def rebuild(days: list[date], *, zone: str, using: str = "default", queue: str = "") -> Difference:
    """Build the metrics of these local days anew, in one transaction; return what was wrong.

    Only rows that differ are written. With ``queue`` the others of the day are left alone.
    """
    with transaction.atomic(using=using):
        alone(using=using)
        found = difference(days, zone=zone, using=using, queue=queue)
        execute(DROP, found.extra, using=using)
        execute(PUT, found.wrong, using=using)
        if not queue:
            StaleDay.objects.using(using).filter(day__in=days).delete()
    return found


def difference(
    days: list[date], *, zone: str, using: str = "default", queue: str = ""
) -> Difference:
    """Count the calls of these days again and compare; nothing is written."""
    closed = closed_among(days, using=using)
    days = [day for day in days if day not in closed]
    stored = DailyMetrics.objects.using(using).filter(day__in=days).order_by()
    if queue:
        stored = stored.filter(queue=queue)
    known = {row[:2]: row for row in stored.values_list(*COLUMNS)}
    counted = {row[:2]: row for row in recount(days, zone=zone, using=using, queue=queue)}
    differing = {key for key in known.keys() | counted if known.get(key) != counted.get(key)}
    return Difference(
        days=days,
        calls=sum(row[2] for row in counted.values()),
        rows=len(counted),
        wrong=[row for key, row in counted.items() if key in differing],
        extra=sorted(known.keys() - counted.keys()),
        stored={key: row for key, row in known.items() if key in differing},
    )


Side = tuple[Any, ...]  # the sums, in the order of COLUMNS after day and queue


def differences(
    *, zone: str, using: str = "default"
) -> Iterator[tuple[date, str, Side | None, Side | None]]:
    """Where the stored sums are not those of the calls: day, queue, stored, counted (or None).

    A chunk of days at a time, from the first that has calls or sums to the last. Days that are to
    be rebuilt anyway, and those that can no longer be counted, are left out.
    """
    for days in _chunks(using, zone=ZoneInfo(zone)):
        with _one_moment(using):
            stale = StaleDay.objects.using(using).filter(day__in=days)
            left = sorted(set(days) - set(stale.values_list("day", flat=True)))
            found = difference(left, zone=zone, using=using)
        counted = {row[:2]: row for row in found.wrong}
        for key in sorted(found.stored.keys() | counted):
            stored, others = found.stored.get(key), counted.get(key)
            yield *key, stored and stored[2:], others and others[2:]


@contextmanager
def _one_moment(using: str) -> Iterator[None]:
    """Whoever loads calls meanwhile makes no difference appear."""
    connection = connections[using]
    begins = not connection.in_atomic_block
    with transaction.atomic(using=using):
        if begins and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


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


def recount(days: list[date], *, zone: str, using: str = "default", queue: str = "") -> list[Sums]:
    """The sums of these local days as their calls are now."""
    if not days:
        return []
    if connections[using].vendor == "postgresql" and _is_span(days):
        return _count_span(days, zone=ZoneInfo(zone), using=using, queue=queue)
    counted = (_count_day(day, zone=ZoneInfo(zone), using=using, queue=queue) for day in days)
    return [row for rows in counted for row in rows]


def reopen(days: list[date], *, zone: str, using: str = "default") -> list[date]:
    """Let closed days be counted again whose calls are all there: as many as their metrics say.

    Call it in the transaction that brought them back; return the days.
    """
    known = DailyMetrics.objects.using(using).filter(day__in=days).order_by()
    offered = {(day, queue): count for day, queue, count in known.values_list(*COLUMNS[:3])}
    counted = {row[:2]: row[2] for row in recount(days, zone=zone, using=using)}
    lacking = {key[0] for key in offered.keys() | counted if offered.get(key) != counted.get(key)}
    whole = [day for day in days if day not in lacking]
    ClosedDay.objects.using(using).filter(day__in=whole).delete()
    return whole


def execute(statement: str, rows: Iterable[Sums], *, using: str) -> None:
    """The statement for each of the rows, which begin with a day."""
    adapted = connections[using].ops.adapt_datefield_value
    params = [(adapted(day), *others) for day, *others in rows]
    if params:
        with connections[using].cursor() as cursor:
            cursor.executemany(statement, params)


def _is_span(days: list[date]) -> bool:
    """Whether the days lie so close together that one pass over all of them is the cheapest."""
    return len(days) > MANY_DAYS and (max(days) - min(days)).days < 2 * len(days)


def _count_day(day: date, *, zone: ZoneInfo, using: str, queue: str) -> list[Sums]:
    adapted = connections[using].ops.adapt_datetimefield_value
    begin, end = bounds(day, zone=zone)
    with connections[using].cursor() as cursor:
        cursor.execute(DAY, {"begin": adapted(begin), "end": adapted(end), "queue": queue})
        return [(day, *row) for row in cursor.fetchall()]


def _count_span(days: list[date], *, zone: ZoneInfo, using: str, queue: str) -> list[Sums]:
    """All days from the first to the last; those between that are not asked for are NULL."""
    first, last = min(days), max(days)
    asked = set(days)
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begins = [bounds(day, zone=zone)[0] for day in span]
    params: dict[str, Any] = {
        "days": [day if day in asked else None for day in span],
        "begins": begins,
        "begin": begins[0],
        "end": bounds(last, zone=zone)[1],
        "queue": queue,
    }
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")  # compiling takes longer than the query
        cursor.execute(SPAN, params)
        return list(cursor.fetchall())


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
