"""Filters of the analytics lists; none of them reads a large table to know its choices."""

from datetime import date, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opsconsole.admin.filters import DayFilter, days_of, midnight

from .models import DailyMetrics, Queue


class QueueFilter(SimpleListFilter):
    """By queue: those that the IVR has, and one that is gone if it was asked for."""

    title = _("cola")
    parameter_name = "queue"
    column = "queue_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        known = [(queue.code, str(queue)) for queue in Queue.objects.order_by("code")]
        asked = request.GET.get(self.parameter_name)
        return known if not asked or asked in dict(known) else [*known, (asked, asked)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class MetricsQueueFilter(QueueFilter):
    column = "queue"


class MetricsDayFilter(DayFilter):
    """By local day, reckoned from the last day with calls: today may have none yet."""

    known = [("today", _("El último con llamadas")), ("week", _("Los últimos 7 días"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        days = days_of(self.value() or "", today=last_day())
        return self.between(queryset, *days) if days else queryset.none()

    def between(self, queryset: QuerySet[Any], first: date, last: date) -> QuerySet[Any]:
        return queryset.filter(day__range=(first, last))


class CallDayFilter(MetricsDayFilter):
    """By the local day on which the call began."""

    def between(self, queryset: QuerySet[Any], first: date, last: date) -> QuerySet[Any]:
        return queryset.filter(
            started_at__gte=midnight(first), started_at__lt=midnight(last + timedelta(days=1))
        )


def last_day() -> date:
    """The last day with calls, as far as its sums have been built."""
    newest: date | None = DailyMetrics.objects.aggregate(day=Max("day"))["day"]
    return newest or timezone.localdate()
