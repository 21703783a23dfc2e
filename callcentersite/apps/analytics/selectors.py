"""What other apps may read of the analytics, row by row."""

from collections.abc import Iterator
from datetime import date
from heapq import merge
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from . import daily
from .domain.metrics import Figures
from .models import Call, DailyMetrics, Queue
from .services import call_sums

NAMES = tuple(Figures.__dataclass_fields__)
CHUNK_ROWS = 2_000

Daily = tuple[date, str, Figures]  # a local day, a queue's code, its figures


def queue_choices() -> list[tuple[str, str]]:
    """Code and title of every queue, to choose from."""
    return [(queue.code, str(queue)) for queue in Queue.objects.order_by("code")]


def stored_days(*, first: date, last: date, queue: str | None = None) -> QuerySet[DailyMetrics]:
    """The stored sums from the first to the last local day, both included."""
    rows = DailyMetrics.objects.filter(day__range=(first, last)).order_by("day", "queue")
    return rows if queue is None else rows.filter(queue=queue)


def daily_figures(*, first: date, last: date, queue: str | None = None) -> Iterator[Daily]:
    """Each local day and queue with calls, in the order of the days; both ends included.

    Streams: whatever the range, memory holds a chunk. As ``calculate_metrics`` does, it counts a
    day whose rebuilding is due from its calls.
    """
    stale = list(daily.due().filter(day__range=(first, last)).values_list("day", flat=True))
    stored = stored_days(first=first, last=last, queue=queue).exclude(day__in=stale)
    return merge(from_sums(stored), from_calls(sorted(stale), queue), key=itemgetter(0))


def from_sums(stored: QuerySet[DailyMetrics]) -> Iterator[Daily]:
    """What DailyMetrics holds."""
    rows = stored.values_list("day", "queue", *NAMES).iterator(chunk_size=CHUNK_ROWS)
    for day, queue, *sums in rows:
        yield day, queue, Figures(**dict(zip(NAMES, sums, strict=True)))


def from_calls(days: list[date], queue: str | None) -> Iterator[Daily]:
    """The same counted anew, day by day."""
    zone = ZoneInfo(settings.TIME_ZONE)
    for day in days:
        begin, end = daily.bounds(day, zone=zone)
        calls = Call.objects.filter(started_at__gte=begin, started_at__lt=end)
        if queue is not None:
            calls = calls.filter(queue_code=queue)
        rows: Any = calls.order_by("queue_code").values("queue_code").annotate(**call_sums())
        for row in rows:
            yield day, row.pop("queue_code"), Figures(**row)


def calls_by_number(number: Any) -> QuerySet[Call]:
    """The call of that number, to ask whether it is there."""
    return Call.objects.filter(pk=number)
