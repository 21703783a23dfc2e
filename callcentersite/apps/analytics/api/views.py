"""Dashboard, report, and the analysis of the calls: what they answer, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from callcentersite.apps.integrations.answers import Answer
from callcentersite.apps.integrations.api import Call, api_view
from callcentersite.apps.integrations.domain import scopes
from opsconsole.exceptions import BadInput
from opsconsole.permissions import require_permission

from ..domain.metrics import Figures, Interval, Metrics
from ..domain.periods import InvalidPeriod, NoHours
from ..services import calculate_metrics
from .document import document
from .forms import CallAnalyticsForm, PeriodForm, ReportForm, accepted
from .schemas import RATES

PERMISSION = "analytics.view_dailymetrics"


@api_view("GET", scope=scopes.METRICS)
def dashboard(call: Call) -> Answer:
    """The last thirty days at a glance: totals, today, and each day's calls."""
    metrics = found(call, ReportForm, {})
    days = [{"date": one.start.date(), "offered": one.figures.offered} for one in metrics.intervals]
    today = metrics.intervals[-1]
    return Answer(data=period_of(metrics) | {"today": figures_of(today.figures), "days": days})


@api_view("GET", scope=scopes.METRICS)
def report(call: Call) -> Answer:
    """Every day of a period, and the totals."""
    metrics = found(call, ReportForm, call.request.GET.dict())
    return Answer(data=with_intervals(metrics))


@api_view("POST", scope=scopes.METRICS)
def call_analytics(call: Call) -> Answer:
    """The same by day or by hour; a POST, because the guide has it so: it writes nothing."""
    metrics = found(call, CallAnalyticsForm, call.body())
    return Answer(data=with_intervals(metrics))


@api_view("GET")
def openapi(call: Call) -> Answer:
    """What all of this takes and answers, for programs that write clients."""
    return Answer(data=document())


def found(call: Call, form_class: type[PeriodForm], values: Mapping[str, Any]) -> Metrics:
    """The figures, for an account that may see them; raises NotAllowed, BadInput."""
    require_permission(PERMISSION, call.account, title=_("ver las métricas"))
    form = accepted(form_class, values)
    try:
        return calculate_metrics(**form.period())
    except NoHours as error:
        raise BadInput({"interval": [str(error)]}) from error
    except InvalidPeriod as error:
        # All else that the form leaves to it is whether there is such a queue.
        raise BadInput({"queue": [str(error)]}) from error


def with_intervals(metrics: Metrics) -> dict[str, Any]:
    """The period with each of its intervals."""
    return period_of(metrics) | {"intervals": [interval_of(one) for one in metrics.intervals]}


def period_of(metrics: Metrics) -> dict[str, Any]:
    """What was asked for, and its totals."""
    return {
        "start": metrics.start,
        "end": metrics.end,
        "queue": metrics.queue,
        "totals": figures_of(metrics.totals),
    }


def interval_of(interval: Interval) -> dict[str, Any]:
    """One of them."""
    return {"start": interval.start, "end": interval.end, **figures_of(interval.figures)}


def figures_of(figures: Figures) -> dict[str, Any]:
    """Counts and sums, and the rates that follow from them; null where there is no rate."""
    return asdict(figures) | {name: getattr(figures, name) for name in RATES}
