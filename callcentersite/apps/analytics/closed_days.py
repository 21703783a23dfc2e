"""Days that lost calls on purpose: nobody counts them anew, so their sums follow each change.

A call of such a day that is still in the table may be corrected, moved to another day or taken
back: what it was is subtracted, what it is now added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from .daily import ADD, COLUMNS, DROP, PUT, Sums, closed_among, execute
from .domain.metrics import Figures
from .models import Call, DailyMetrics
from .services import call_sums

Key = tuple[date, str]


@contextmanager
def following(
    days: Iterable[date], measure: Callable[[], Iterable[Sums]], *, using: str = "default"
) -> Iterator[None]:
    """Around a change of calls, in its transaction: the closed ones of these days follow it.

    ``measure`` gives the sums of the calls that change, by day and queue: before, and after.
    """
    closed = closed_among(days, using=using)
    before = [row for row in measure() if row[0] in closed] if closed else []
    yield
    if closed:
        amend(before, [row for row in measure() if row[0] in closed], using=using)


def sums_of(calls: QuerySet[Call]) -> list[Sums]:
    """The sums of these calls, by local day and queue."""
    day = TruncDate("started_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
    rows: Any = calls.order_by().annotate(day=day).values_list("day", "queue_code")
    return list(rows.annotate(**call_sums()))


def amend(before: Iterable[Sums], after: Iterable[Sums], *, using: str = "default") -> None:
    """Put the sums ``after`` in the place of those ``before``."""
    old, new = by_key(before), by_key(after)
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    if not keys:
        return
    # Nothing is added: each row is there now, and until the commit nobody else changes it. Always
    # in the same order: two loads would otherwise wait for each other.
    execute(ADD, [(*key, *sums(Figures())) for key in keys], using=using)
    nothing = Figures()
    rows = [
        (*key, *sums(figures.with_instead(old.get(key, nothing), new.get(key, nothing))))
        for key, figures in stored(keys, using=using)
    ]
    execute(PUT, [row for row in rows if row[2]], using=using)
    execute(DROP, [row[:2] for row in rows if not row[2]], using=using)


def by_key(rows: Iterable[Sums]) -> dict[Key, Figures]:
    """Rows in the order of COLUMNS, by day and queue."""
    return {(day, queue): Figures(**dict(zip(COLUMNS[2:], sums, strict=True)))
            for day, queue, *sums in rows}  # fmt: skip


def sums(figures: Figures) -> Sums:
    """In the order of COLUMNS, after day and queue."""
    return tuple(getattr(figures, name) for name in COLUMNS[2:])


def stored(keys: Sequence[Key], *, using: str) -> list[tuple[Key, Figures]]:
    """What DailyMetrics holds of them."""
    days = DailyMetrics.objects.using(using).filter(day__in={day for day, _queue in keys})
    found = by_key(days.order_by().values_list(*COLUMNS))
    return [(key, found[key]) for key in keys]
