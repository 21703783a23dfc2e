"""The analytics card of the home page: calls per day, drawn on the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opsconsole.admin.panels import HomePanel

from .domain.metrics import Figures
from .services import calculate_metrics

DAYS = 30
WIDTH, HEIGHT, BASE, GAP = 710, 170, 150, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """A day: its bar in the chart, its row in the table."""

    x: str
    y: str
    width: str
    height: str
    weekend: bool
    day: str
    label: str
    offered: str
    service_level: str
    abandonment: str


def calls_per_day(request: HttpRequest) -> HomePanel | None:
    """The last 30 days with their calls, for whoever may see the daily metrics."""
    if not request.user.has_perm("analytics.view_dailymetrics"):
        return None
    today = timezone.localdate()
    metrics = calculate_metrics(
        start=today - timedelta(days=DAYS - 1), end=today + timedelta(days=1)
    )
    days = [(interval.start.date(), interval.figures) for interval in metrics.intervals]
    totals = metrics.totals
    return HomePanel(
        title=_("Llamadas cargadas por día, 30 días"),
        template="admin/analytics/calls_per_day.html",
        context={
            "bars": bars(days),
            "offered": totals.offered,
            "service_level": percent(totals.service_level),
            "abandonment": percent(totals.abandonment_rate),
            "width": WIDTH,
            "height": HEIGHT,
            "base": BASE,
        },
    )


def bars(days: list[tuple[date, Figures]]) -> list[DayBar]:
    """One bar a day, the highest one as high as the chart; weekends paler."""
    most = max((figures.offered for _day, figures in days), default=0) or 1
    step = (WIDTH + GAP) / max(len(days), 1)
    return [
        bar(day, figures, x=index * step, width=step - GAP, share=figures.offered / most)
        for index, (day, figures) in enumerate(days)
    ]


def bar(day: date, figures: Figures, *, x: float, width: float, share: float) -> DayBar:
    """A day as the chart and the table show it."""
    height = (BASE - 8) * share
    return DayBar(
        x=f"{x:.1f}",
        y=f"{BASE - height:.1f}",
        width=f"{width:.1f}",
        height=f"{height:.1f}",
        weekend=day.weekday() >= 5,
        day=date_format(day, gettext("j b")),
        label=date_format(day, gettext("j b")) if day.weekday() == 0 else "",
        offered=number_format(figures.offered, force_grouping=True),
        service_level=percent(figures.service_level),
        abandonment=percent(figures.abandonment_rate),
    )


def percent(rate: float | None) -> str:
    """0.8421 → 84,2 %."""
    return "–" if rate is None else f"{number_format(100 * rate, decimal_pos=1)} %"


admin.site.register_panel(calls_per_day)  # type: ignore[attr-defined]
