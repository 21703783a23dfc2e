"""What other apps may ask of the analytics."""

from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Aggregate, Count, IntegerField, Max, Q, QuerySet, Sum
from django.db.models.expressions import Func
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.common.measuring.registry import profilable

from .daily import due
from .domain.metrics import Figures, Interval, Metrics
from .domain.periods import InvalidPeriod, NoHours, Period, midnight, period
from .models import Call, ClosedDay, DailyMetrics, Disposition, Queue

ANSWERED = Q(disposition__in=[Disposition.ANSWERED, Disposition.TRANSFERRED])
ABANDONED = Q(disposition=Disposition.ABANDONED)
HOUR_SECONDS = 3_600
DAILY_SUMS = {
    name: (Max if name.endswith("_max_s") else Sum)(name) for name in Figures.__dataclass_fields__
}

Rows = list[dict[str, Any]]
Found = dict[datetime, Figures]  # by the instant at which the interval begins, in UTC


def last_month() -> dict[str, date]:
    """A period worth measuring ``calculate_metrics`` with."""
    today = timezone.localdate()
    return {"start": today - timedelta(days=30), "end": today}


@profilable(default=last_month)
def calculate_metrics(
    *,
    start: date,
    end: date,
    queue: str | None = None,
    interval: Literal["day", "hour"] = "day",
) -> Metrics:
    """Return the figures of the calls that began from ``start`` on and before ``end``.

    ``start`` and ``end`` are dates (their midnight) or datetimes; one without a zone is the
    site's local time. ``queue`` is a queue's code, in any case; None is all queues together.
    The result holds one interval per local day or hour, those without calls included, and the
    totals. On the nights when the clocks change a day has 23 or 25 hours.

    - ``offered``, ``answered`` (ANSWERED, TRANSFERRED), ``abandoned``: calls
    - ``abandonment_rate``: abandoned / offered, 0 to 1
    - ``service_level``: answered within the queue's ``sla_seconds`` / offered, 0 to 1
    - ``average_speed_of_answer_s``: mean wait of the answered calls, seconds
    - ``average_handle_time_s``: mean talk of the answered calls, seconds
    A rate or mean of no calls is None.

    Source: ``DailyMetrics`` for whole days, except days whose rebuilding is still due; ``Call``
    for these, for hours and for parts of days. At most five queries, whatever the period.
    Raises InvalidPeriod (a ValueError): end not after start, more than 2,083 days, an unknown
    interval or queue. NoHours, which is one: hours of a day some of whose calls were archived or
    deleted.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    asked = period(start=start, end=end, zone=zone)
    code = known_queue(queue)
    if interval == "hour" or not asked.is_whole_days:
        require_calls(asked)
    if interval == "hour":
        by_moment, bounds = hourly(asked, code), asked.hours()
    elif interval == "day":
        by_moment, bounds = daily(asked, code), asked.days()
    else:
        raise InvalidPeriod(
            _("El intervalo es «day» u «hour», no «%(interval)s».") % {"interval": interval}
        )
    found = tuple(
        Interval(
            start=begin.astimezone(zone),
            end=finish.astimezone(zone),
            figures=by_moment.get(begin, Figures()),
        )
        for begin, finish in bounds
    )
    return Metrics(
        start=asked.start.astimezone(zone),
        end=asked.end.astimezone(zone),
        queue=code,
        intervals=found,
    )


def require_calls(asked: Period) -> None:
    """Refuse hours, and parts of days, of a day whose calls are not all there: no false zeros."""
    days = (asked.day_of(asked.start), asked.day_of(asked.end - timedelta(microseconds=1)))
    closed = ClosedDay.objects.filter(day__range=days).order_by("day").first()
    if closed is not None:
        raise NoHours(
            _(
                "Del %(day)s solo quedan las cifras del día entero, porque sus llamadas se "
                "archivaron o eliminaron. Pida días enteros."
            )
            % {"day": closed.day.isoformat()}
        )


def known_queue(queue: str | None) -> str | None:
    """The queue's code as it is stored; a typing error must not look like a quiet day."""
    if queue is None:
        return None
    code = queue.strip().upper()
    if not Queue.objects.filter(code=code).exists():
        raise InvalidPeriod(_("No existe la cola «%(code)s».") % {"code": code})
    return code


def daily(asked: Period, queue: str | None) -> Found:
    """Figures per local day."""
    if not asked.is_whole_days:
        return per_day(hourly(asked, queue), asked)
    found = stored_days(asked, queue)
    stale = stale_days(asked)
    if stale:
        fresh = per_day(hourly(span_of(stale, asked), queue), asked)
        begins = [midnight(day, zone=asked.zone) for day in stale]
        found |= {begin: fresh.get(begin, Figures()) for begin in begins}
    return found


def stored_days(asked: Period, queue: str | None) -> Found:
    """What DailyMetrics holds, all queues or one."""
    days = DailyMetrics.objects.filter(**local_days(asked))
    if queue is not None:
        days = days.filter(queue=queue)
    rows: Any = days.order_by().values("day").annotate(**DAILY_SUMS)
    return {midnight(row.pop("day"), zone=asked.zone): Figures(**row) for row in rows}


def stale_days(asked: Period) -> list[date]:
    """The days whose stored sums are not to be believed, in their order."""
    days = due().filter(**local_days(asked)).order_by("day")
    return list(days.values_list("day", flat=True))


def span_of(days: list[date], asked: Period) -> Period:
    """From the first to the last of them."""
    return period(start=days[0], end=days[-1] + timedelta(days=1), zone=asked.zone)


def local_days(asked: Period) -> dict[str, date]:
    """The filter for the days of a period of whole days."""
    return {"day__gte": asked.day_of(asked.start), "day__lt": asked.day_of(asked.end)}


def per_day(hours: Found, asked: Period) -> Found:
    """Hours added up to the local days that they belong to."""
    begins = {asked.day_of(begin): begin for begin, _end in asked.days()}
    days: Found = {}
    for hour, figures in hours.items():
        begin = begins[asked.day_of(hour)]
        days[begin] = days.get(begin, Figures()) + figures
    return days


def hourly(asked: Period, queue: str | None) -> Found:
    """Figures per hour."""
    calls = Call.objects.filter(started_at__gte=asked.start, started_at__lt=asked.end)
    if queue is not None:
        calls = calls.filter(queue_code=queue)
    begins = [begin for begin, _end in asked.hours()]
    return {
        begins[row.pop("hour")]: Figures(**row)
        for row in sums(calls, HoursSince("started_at", asked.first_full_hour))
    }


def sums(calls: QuerySet[Call], hour: Func) -> Rows:
    """One row of sums per hour, computed by the database."""
    rows: Any = calls.order_by().values(hour=hour).annotate(**call_sums())
    return list(rows)


def call_sums() -> dict[str, Aggregate | Coalesce]:
    """Each of ``Figures`` as the database computes it over calls."""
    return {
        "offered": Count("pk"),
        "answered": Count("pk", filter=ANSWERED),
        "abandoned": Count("pk", filter=ABANDONED),
        "within_sla": Count("pk", filter=ANSWERED & in_time()),
        "wait_sum_s": Coalesce(Sum("wait_s", filter=ANSWERED), 0),
        "wait_max_s": Coalesce(Max("wait_s", filter=ANSWERED), 0),
        "talk_sum_s": Coalesce(Sum("talk_s", filter=ANSWERED), 0),
        "talk_max_s": Coalesce(Max("talk_s", filter=ANSWERED), 0),
    }


def in_time() -> Q:
    """Answered within the service level of its own queue; the few queues are written out.

    A call of a queue that is no longer known has no service level to be within.
    """
    codes: dict[int, list[str]] = {}
    for code, seconds in Queue.objects.values_list("code", "sla_seconds"):
        codes.setdefault(seconds, []).append(code)
    condition = Q(pk__in=[])
    for seconds, of_these in codes.items():
        condition |= Q(queue_code__in=of_these, wait_s__lte=seconds)
    return condition


class HoursSince(Func):
    """Whole hours from a moment to the instant in a column: elapsed time, whatever the clocks."""

    output_field = IntegerField()

    def __init__(self, column: str, since: datetime) -> None:
        super().__init__(column, since=int(since.timestamp()), hour=HOUR_SECONDS)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "FLOOR((EXTRACT(EPOCH FROM %(expressions)s) - %(since)s) / %(hour)s)::integer"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(CAST(STRFTIME('%%%%s', %(expressions)s) AS INTEGER) - %(since)s) / %(hour)s"
        return self.as_sql(compiler, connection, template=template, **context)
