"""What the list and the page of the expected runs say of each."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import registry
from ..models import Expectation, JobRun
from ..programmes import lengths
from ..selectors.expectations import Standing
from .presenters.words import number
from .schedule_columns import by_clocks, came, written


class ExpectationColumns:
    """For the admin of the expected runs; each row brings its ``standing``."""

    @admin.display(description=_("operación"), ordering="operation")
    def what(self, one: Expectation) -> str:
        operation = registry.find(one.operation)
        return str(operation.title) if operation else f"▲ {one.operation}"

    @admin.display(description=_("cuándo"), ordering="cron")
    def when(self, one: Expectation) -> str:
        return one.cron if is_here(one.zone) else f"{one.cron} ({one.zone})"

    @admin.display(description=_("margen"), ordering="grace_seconds")
    def grace(self, one: Expectation) -> str:
        return lengths.typed(one.grace)

    @admin.display(description=_("última corrida"))
    def last_run(self, one: Expectation) -> str:
        run = standing_of(one).last
        return came(run, at=run.started_at) if run and run.started_at else str(_("Todavía ninguna"))

    @admin.display(description=_("próxima"))
    def next_time(self, one: Expectation) -> str:
        coming = standing_of(one).coming
        return written(coming[0]) if coming else str(_("▲ no se puede leer cuándo"))

    @admin.display(description=_("Las cinco próximas"))
    def next_times(self, one: Expectation) -> str:
        zone = "" if is_here(one.zone) else one.zone
        times = [(by_clocks(moment, zone),) for moment in standing_of(one).coming]
        return format_html_join("", "<div>{}</div>", times) or self.next_time(one)

    @admin.display(description=_("no llegaron en 30 días"))
    def missed(self, one: Expectation) -> str:
        standing = standing_of(one)
        if not standing.missed:
            return str(_("Ninguna"))
        count = standing.times_missed
        text = ngettext("%(count)s vez", "%(count)s veces", count) % {"count": number(count)}
        newest = standing.missed[0]
        return format_html(
            '{}<a href="{}">{}</a>: {}',
            "▲ " if standing.is_missing else "",
            missed_list(one, newest),
            text,
            newest.error,
        )

    @admin.display(description=_("se avisa a"), ordering="declared_by")
    def person(self, one: Expectation) -> str:
        if one.declared_by_id is None:
            return str(_("quienes programan tareas"))
        return one.declared_by


def standing_of(one: Expectation) -> Standing:
    """What the admin has gathered; nothing of one that is being added."""
    return getattr(one, "standing", None) or Standing(last=None, missed=(), coming=())


def is_here(zone: str) -> bool:
    """Whether it is the site's own."""
    return zone == timezone.get_default_timezone_name()


def missed_list(one: Expectation, newest: JobRun) -> str:
    """The one that it is, or all of the operation."""
    if len(standing_of(one).missed) == 1:
        return newest.get_absolute_url()
    address = reverse("admin:opsconsole_jobrun_changelist")
    return f"{address}?operation={one.operation}&status__exact={newest.status}"
