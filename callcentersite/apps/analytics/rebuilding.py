"""Recalculating the daily metrics: batch after batch, from where an earlier attempt came to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from opsconsole import OperationError, RunContext

from . import daily
from .domain.day_batches import batches, days_a_batch
from .domain.throttle import Throttle
from .models import Call, DailyMetrics, MetricsRebuild, Queue

USING = "default"
PAUSE_SECONDS = 0.02  # of SQLite, so that another writer gets its turn
LOOK_SECONDS = 0.1
FORGET_AFTER = timedelta(days=30)
WAITING = """
SELECT COUNT(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
"""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a recalculation came to; ``rested`` are seconds left to others."""

    days: int = 0
    rows: int = 0
    corrected: int = 0
    closed: int = 0
    rested: float = 0.0

    def add(self, days: list[date], found: daily.Difference) -> None:
        """A batch more."""
        self.days += len(days)
        self.rows += found.rows
        self.corrected += found.count
        self.closed += len(days) - len(found.days)


@dataclass(kw_only=True)
class Rebuilding:
    """One attempt: ``dry`` counts and compares, and writes nothing at all."""

    ctx: RunContext
    queue: str = ""
    batch_size: int
    dry: bool = False
    tally: Tally = field(default_factory=Tally)
    throttle: Throttle = field(default_factory=Throttle)

    def run(self, since: date | None, until: date | None) -> Tally:
        """All days of the range that have calls or metrics; the rest of them after a pause."""
        mark = None if self.dry else resumed(self.ctx)
        span = (mark.first, mark.last) if mark else span_of(since, until)
        if span is None:
            return self.tally
        if mark is None and not self.dry:
            mark = begin(self.ctx, *span)
        self._walk(span, mark)
        if mark is not None:
            MetricsRebuild.objects.filter(pk=mark.pk).delete()
        return self.tally

    def _walk(self, span: tuple[date, date], mark: MetricsRebuild | None) -> None:
        first, last = span
        self.ctx.progress(0, total=(last - first).days + 1)
        if mark is not None and mark.done_through is not None:
            self._take_up(mark)
            first = mark.done_through + timedelta(days=1)
        upcoming = first
        for days in batches(first, last, size=self._days_a_batch()):
            self.ctx.check_cancelled()
            if days[-1] < upcoming:  # nothing there: one stray call of 1999 costs no years
                self.tally.days += len(days)
                continue
            began = time.perf_counter()
            found = self._batch(days, mark)
            self.tally.add(days, found)
            self.ctx.progress(self.tally.days)
            self._rest(time.perf_counter() - began, found)
            upcoming = days[-1] if found.rows else next_day(days[-1])
        self.ctx.progress(self.tally.days)

    def _take_up(self, mark: MetricsRebuild) -> None:
        """Begin with what was done before."""
        self.tally = Tally(
            days=((mark.done_through or mark.first) - mark.first).days + 1,
            rows=mark.rows,
            corrected=mark.corrected,
            closed=mark.closed_days,
        )
        self.ctx.progress(self.tally.days)
        self.ctx.info(_("Continúa después del %(day)s.") % {"day": mark.done_through})

    def _days_a_batch(self) -> int:
        queues = 1 if self.queue else Queue.objects.using(USING).count()
        most = daily.DAYS_A_TRANSACTION.get(connections[USING].vendor, daily.MANY_DAYS)
        return days_a_batch(self.batch_size, queues=queues, most=most)

    def _batch(self, days: list[date], mark: MetricsRebuild | None) -> daily.Difference:
        """One transaction: the rows, and how far it has come."""
        how: dict[str, Any] = {"zone": settings.TIME_ZONE, "using": USING, "queue": self.queue}
        if mark is None:
            return daily.difference(days, **how)
        with transaction.atomic(using=USING):
            move(mark, days[-1])
            found = daily.rebuild(days, **how)
            mark.rows += found.rows
            mark.corrected += found.count
            mark.closed_days += len(days) - len(found.days)
            mark.save(update_fields=["rows", "corrected", "closed_days", "saved_at"])
        return found

    def _rest(self, seconds: float, found: daily.Difference) -> None:
        """Leave the database to others, as long as they need it; a safe place throughout."""
        on_postgres = connections[USING].vendor == "postgresql"
        rest = self.throttle.rest(
            seconds=seconds,
            calls=found.calls,
            days=len(found.days),
            waiting=waiting() if on_postgres else 0,
        )
        if rest:
            self.tally.rested += rest
            self.ctx.debug(_("Base ocupada: pausa de %(seconds).1f s.") % {"seconds": rest})
        for part in parts_of(rest or (0.0 if on_postgres else PAUSE_SECONDS)):
            time.sleep(part)
            self.ctx.check_cancelled()


def parts_of(seconds: float) -> Iterator[float]:
    """A rest in pieces, between which somebody may pause the run."""
    while seconds > 0:
        yield min(seconds, LOOK_SECONDS)
        seconds -= LOOK_SECONDS


def waiting() -> int:
    """How many sessions of this database wait for a lock."""
    with connections[USING].cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def span_of(since: date | None, until: date | None) -> tuple[date, date] | None:
    """The first and the last day to look at; None: there is nothing between them."""
    zone = ZoneInfo(settings.TIME_ZONE)
    calls = Call.objects.using(USING).aggregate(first=Min("started_at"), last=Max("started_at"))
    days = DailyMetrics.objects.using(USING).aggregate(first=Min("day"), last=Max("day"))
    found = [day for day in (as_day(calls["first"], zone), days["first"]) if day]
    ends = [day for day in (as_day(calls["last"], zone), days["last"]) if day]
    if not found:
        return None
    first, last = max(since or min(found), min(found)), min(until or max(ends), max(ends))
    return (first, last) if first <= last else None


def next_day(day: date) -> date:
    """The first day after this one that has calls or metrics; the last of all where none has."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begin = daily.bounds(day, zone=zone)[1]
    call = Call.objects.using(USING).filter(started_at__gte=begin).aggregate(at=Min("started_at"))
    stored = DailyMetrics.objects.using(USING).filter(day__gt=day).aggregate(day=Min("day"))
    found = [one for one in (as_day(call["at"], zone), stored["day"]) if one]
    return min(found, default=date.max)


def as_day(instant: datetime | None, zone: ZoneInfo) -> date | None:
    """The local day; None where there is no instant."""
    return daily.local_day(instant, zone=zone) if instant else None


# How far it has come


def resumed(ctx: RunContext) -> MetricsRebuild | None:
    """What an earlier attempt of this run left, or the run that this one goes on with."""
    for run in filter(None, (ctx.run_id, ctx.continues)):
        mark = MetricsRebuild.objects.using(USING).filter(pk=run).first()
        if mark is not None:
            return taken(mark, ctx)
    return None


def taken(mark: MetricsRebuild, ctx: RunContext) -> MetricsRebuild:
    """From now on it is this attempt's."""
    with transaction.atomic(using=USING):
        MetricsRebuild.objects.using(USING).filter(pk=mark.pk).delete()
        mark.pk, mark.attempt = ctx.run_id, ctx.attempt
        mark.save(using=USING, force_insert=True)
    return mark


def begin(ctx: RunContext, first: date, last: date) -> MetricsRebuild:
    """A mark of its own; those that nobody went on with for a month are forgotten."""
    marks = MetricsRebuild.objects.using(USING)
    marks.filter(saved_at__lt=timezone.now() - FORGET_AFTER).delete()
    return marks.create(run=ctx.run_id or 0, attempt=ctx.attempt, first=first, last=last)


def move(mark: MetricsRebuild, day: date) -> None:
    """Hold the mark until the commit; raises where another attempt took over."""
    held = MetricsRebuild.objects.using(USING).filter(pk=mark.pk, attempt=mark.attempt)
    if not held.update(done_through=day):
        raise OperationError(
            _("El recálculo pasó a otra ejecución."),
            cause=_("Esta ejecución dejó de responder y otra tomó su lugar"),
            remedy=_("Revisar la ejecución más reciente de recalculate_metrics"),
        )
    mark.done_through = day
