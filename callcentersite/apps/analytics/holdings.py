"""The calls and figures of a demonstration, and what was remembered of removed ones."""

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.holdings import Holding

from .models import Call, ClosedDay, DailyMetrics, RemovedCalls, StaleDay

HOLDINGS = (
    Holding(key="calls", title=_("Llamadas cargadas"), rows=Call.objects.all),
    Holding(key="daily_metrics", title=_("Métricas por día"), rows=DailyMetrics.objects.all),
)


def forget_marks() -> None:
    """No call counts as removed any more, and no day as closed or due."""
    for model in (RemovedCalls, ClosedDay, StaleDay):
        model.objects.all().delete()
