"""Put calls and their sums right where there is only one way to: from the instants of the call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import IntegerField, Value
from django.db.models.expressions import Func
from django.db.models.functions import Coalesce

from .closed_days import following, sums_of
from .daily import mark_stale, rebuild_stale
from .models import Call
from .removed import days_of


class Epoch(Func):
    """Whole seconds since 1970 of an instant."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


def recompute_lengths(calls: Sequence[Any]) -> int:
    """Waits, talks and durations as the ETL computes them; the days are stale from then on."""
    rows = Call.objects.filter(pk__in=calls)
    days = days_of(rows)
    mark_stale(days)
    talk = Coalesce(Epoch("ended_at") - Epoch("answered_at"), Value(0))
    length = Epoch("ended_at") - Epoch("started_at")
    with following(days, lambda: sums_of(rows)):
        return rows.update(talk_s=talk, wait_s=length - talk, duration_s=length)


def mark_days(days: Sequence[date]) -> int:
    """Their sums are to be built anew; return how many days."""
    mark_stale(days)
    return len(days)


def rebuild(pause: Callable[[], None]) -> None:
    """Build the sums of every stale day anew."""
    rebuild_stale(zone=settings.TIME_ZONE, pause=pause)
