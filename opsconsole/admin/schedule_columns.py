"""What the list and the page of the programmes say of each."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .. import registry
from ..models import JobRun
from ..programmes import describing
from ..programmes.orders import next_times, order_of
from .presenters.chips import Chip, state_chip
from .presenters.figures import params_of
from .programme_offer import terms_of

WRITTEN = _("D j b Y, H:i")


class ProgrammeColumns:
    """For the admin of the programmes."""

    @admin.display(description=_("nombre"))
    def label(self, schedule: Schedule) -> str:
        return describing.label(schedule)

    @admin.display(description=_("operación"))
    def operation(self, schedule: Schedule) -> str:
        order = order_of(schedule)
        if order is None:
            return str(_("▲ ilegible o ajeno: %(func)s")) % {"func": schedule.func}
        operation = registry.find(order.operation)
        return str(operation.title) if operation else f"▲ {order.operation}"

    @admin.display(description=_("parámetros"))
    def params(self, schedule: Schedule) -> str:
        order = order_of(schedule)
        views = params_of(order.params, registry.find(order.operation)) if order else []
        lines = format_html_join("", "<div>{}: {}</div>", ((one.label, one.value) for one in views))
        return lines or str(_("Sin parámetros."))

    @admin.display(description=_("cuándo"))
    def when(self, schedule: Schedule) -> str:
        zone = terms_of(schedule).zone
        text = describing.when(schedule)
        return f"{text} ({zone})" if zone else text

    @admin.display(description=_("próxima vez"))
    def next_time(self, schedule: Schedule) -> str:
        if schedule.repeats == 0:
            return self.state(schedule)
        if schedule.next_run is None:
            return "–"
        return written(schedule.next_run)

    @admin.display(description=_("a nombre de"))
    def owner(self, schedule: Schedule) -> str:
        known: str | None = getattr(schedule, "owner_name", None)
        return known or describing.owner_name(order_of(schedule))

    @admin.display(description=_("zona horaria"))
    def zone(self, schedule: Schedule) -> str:
        return terms_of(schedule).zone or str(_("la del sitio"))

    @admin.display(description=_("si no se pudo"))
    def on_missed(self, schedule: Schedule) -> str:
        return str(terms_of(schedule).get_on_missed_display())

    @admin.display(description=_("estado"))
    def state(self, schedule: Schedule) -> SafeString:
        look, reason = Chip("idle", "‖", _("En pausa")), terms_of(schedule).suspended_because
        if schedule.repeats != 0:
            look = Chip("ok", "✓", _("Activa"))
        elif reason:
            look = Chip("warn", "▲", _("Suspendida"))
        elif was_once(schedule):
            look = Chip("idle", "✓", _("Ya se ejecutó"))
        chip = render_to_string("admin/opsconsole/includes/chip.html", {"chip": look})
        return format_html("{} {}", chip, reason) if look.tone == "warn" else chip

    @admin.display(description=_("última vez"))
    def last_result(self, schedule: Schedule) -> str:
        terms = terms_of(schedule)
        if terms.last_due is None:
            return str(_("Todavía ninguna"))
        run = terms.last_run
        if run is None:
            return f"{written(terms.last_due)}: {terms.last_word}"
        return came(run, at=terms.last_due)

    @admin.display(description=_("Las cinco próximas"))
    def coming(self, schedule: Schedule) -> str:
        if schedule.pk is None:
            return str(_("Se ven aquí al decir cuándo."))
        try:
            moments = next_times(schedule)
        except (ValueError, KeyError):  # spoilt by other hands, and nobody has suspended it yet
            return str(_("▲ no se puede leer cuándo"))
        times = [(by_clocks(moment, terms_of(schedule).zone),) for moment in moments]
        return format_html_join("", "<div>{}</div>", times) or str(_("Ninguna: está en pausa."))


def was_once(schedule: Schedule) -> bool:
    """Whether its only time has come and gone."""
    return schedule.schedule_type == Schedule.ONCE and terms_of(schedule).last_due is not None


def written(moment: datetime) -> str:
    """By the clock on the wall here."""
    return date_format(localtime(moment), str(WRITTEN))


def came(run: JobRun, *, at: datetime) -> str:
    """When a run was due or asked for, and its state as a link to its page."""
    chip = state_chip(run.status)
    address = run.get_absolute_url()
    return format_html(
        '{}: <a href="{}">{} {} · {}</a>', written(at), address, chip.sign, chip.label, run
    )


def by_clocks(moment: datetime, zone: str) -> str:
    """By the clock of its zone; and by the one on the wall here, where it has one of its own."""
    there, here = date_format(moment, str(WRITTEN)), written(moment)
    if not zone:
        return there
    words = {"there": there, "zone": zone, "here": here}
    return str(_("%(there)s en %(zone)s; aquí, %(here)s") % words)
