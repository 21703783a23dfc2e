"""The page of the programmes: what runs by itself, when, with which parameters, in whose name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .. import describing, events, permissions, registry
from ..events import Change, Programme
from ..models import ProgrammeTerms
from ..operations import Operation
from ..schedules import next_times, order_of
from .pages import page
from .presenters.chips import state_chip
from .schedule_form import OWN, ScheduleForm, choice, offered, terms_of

WRITTEN = "D j b Y, H:i"
TIMES = ("schedule_type", "cron", "minutes", "next_run", "zone", "on_missed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the pages call a programme."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


class ScheduleAdmin(admin.ModelAdmin):
    """Programmes of registered operations, for whoever has Django's rights on schedules.

    Beyond these rights the form only offers what its author may run, and whoever saves a
    programme becomes its owner: it runs with their rights as they are at that moment.
    """

    form = ScheduleForm
    list_display = ("label", "operation", "when", "next_time", "owner", "state", "last_result")
    list_select_related = ("terms__last_run",)
    readonly_fields = ("state", "coming", "last_result", "owner")
    ordering = ("next_run",)
    show_full_result_count = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Programas"), **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        # django-q2 calls every row by its function, which is the same for all of them.
        named = {"title": _("Programa"), "subtitle": None, **(extra_context or {})}
        schedule = self.get_object(request, object_id) if object_id else None
        if schedule is not None:
            named["original"] = Shown(pk=schedule.pk, name=self.label(schedule))
        return super().changeform_view(request, object_id, form_url, named)

    def get_form(
        self, request: HttpRequest, obj: Schedule | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # Fields that the model does not have: the form class declares them.
        kwargs["fields"] = ("name", "schedule_type", "cron", "minutes", "next_run")
        chosen = self._chosen(request, obj)
        return type("OwnedForm", (ScheduleForm,), {"user": request.user, "chosen": chosen})

    def _chosen(self, request: HttpRequest, obj: Schedule | None) -> Operation | None:
        """The operation of the programme, or the one that was picked for a new one."""
        order = order_of(obj) if obj is not None else None
        asked = request.POST.get("operation") or request.GET.get("operation") or ""
        return choice(order.operation if order else asked, request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Schedule | None = None) -> Any:
        """What it is, the operation's own form, when it comes, how it goes."""
        chosen = self._chosen(request, obj)
        changeable = (
            self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        )
        own = [
            OWN + name
            for name in (chosen.Params.base_fields if chosen else ())
            if chosen and name not in chosen.sensitive
        ]
        parts = [
            (None, {"fields": ["name", "operation"]}),
            (_("Parámetros"), {"fields": own if changeable else ["params"]}),
            (_("Cuándo"), {"fields": [*TIMES, "active"]}),
        ]
        if obj is not None:
            parts.append((_("Cómo va"), {"fields": ["state", "owner", "coming", "last_result"]}))
        return [(title, options) for title, options in parts if options["fields"]]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        """First which operation, for the rest of the form is its own."""
        if request.method != "POST" and self._chosen(request, None) is None:
            return self._ask_which(request)
        return super().add_view(request, form_url, extra_context)

    def _ask_which(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = sorted(offered(request.user), key=lambda one: (str(one.section), str(one.title)))
        return page(
            request,
            "admin/opsconsole/programme_operation.html",
            title=_("Agregar un programa"),
            operations=found,
            add_url=address_of("add"),
            list_url=address_of("changelist"),
        )

    def has_change_permission(self, request: HttpRequest, obj: Schedule | None = None) -> bool:
        """Whoever may not run the operation does not decide when it runs."""
        return super().has_change_permission(request, obj) and self._may_run(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Schedule | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_run(request, obj)

    def _may_run(self, request: HttpRequest, obj: Schedule | None) -> bool:
        order = order_of(obj) if obj is not None else None
        operation = registry.find(order.operation) if order else None
        return operation is None or permissions.may_run(operation, request.user)

    # What is done, and told

    def save_model(self, request: HttpRequest, obj: Schedule, form: Any, change: bool) -> None:
        wanted = obj.next_run
        super().save_model(request, obj, form, change)
        # django-q2 writes its own idea of it on a new row, by the site's clock.
        Schedule.objects.filter(pk=obj.pk).update(next_run=wanted)
        # Whoever saves it has looked at it: it goes on, in their name.
        ProgrammeTerms.objects.update_or_create(
            schedule=obj,
            defaults={
                "zone": form.cleaned_data["zone"],
                "on_missed": form.cleaned_data["on_missed"],
                "suspended_because": "",
                "suspended_at": None,
                "told_until": None,
                "looked_at": None,
            },
        )
        self._tell(request, Change.CHANGED if change else Change.CREATED, describing.told(obj))

    def delete_model(self, request: HttpRequest, obj: Schedule) -> None:
        told = describing.told(obj)
        super().delete_model(request, obj)
        self._tell(request, Change.DELETED, told)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        told = [describing.told(one) for one in queryset]
        super().delete_queryset(request, queryset)
        for one in told:
            self._tell(request, Change.DELETED, one)

    # django-q2 calls every row by its function; people, by its name.

    def response_add(
        self, request: HttpRequest, obj: Schedule, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._said(request, obj, _("Se agregó el programa «%(name)s»."))

    def response_change(self, request: HttpRequest, obj: Schedule) -> HttpResponse:
        return self._said(request, obj, _("Se guardó el programa «%(name)s»."))

    def _said(self, request: HttpRequest, schedule: Schedule, sentence: Any) -> HttpResponse:
        """Say it, and go where the button leads."""
        text = sentence % {"name": self.label(schedule)}
        self.message_user(request, text, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(address_of("change", schedule.pk))
        return HttpResponseRedirect(
            address_of("add" if "_addanother" in request.POST else "changelist")
        )

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        self.message_user(request, _("Se eliminó el programa."), messages.SUCCESS)
        return HttpResponseRedirect(address_of("changelist"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        _named, _counts, missing, protected = super().get_deleted_objects(objs, request)
        counts = {_("programas"): len(objs)}
        return [self.label(one) for one in objs], counts, missing, protected

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        schedule = self.get_object(request, object_id)
        named: dict[str, Any] = {}
        if schedule is not None:
            shown = Shown(pk=schedule.pk, name=self.label(schedule))
            named = {"object": shown, "object_name": _("programa")}
        return super().delete_view(request, object_id, named | (extra_context or {}))

    def _tell(self, request: HttpRequest, change: Change, programme: Programme) -> None:
        """Once it is written: what is rolled back did not happen."""
        transaction.on_commit(
            lambda: events.send(
                events.changed_schedule, change=change, programme=programme, user=request.user
            ),
            using=router.db_for_write(Schedule),
        )

    # What the list and the page say

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
        return json.dumps(order.params, ensure_ascii=False) if order else "–"

    @admin.display(description=_("cuándo"))
    def when(self, schedule: Schedule) -> str:
        zone = terms_of(schedule).zone
        text = describing.when(schedule)
        return f"{text} ({zone})" if zone else text

    @admin.display(description=_("próxima vez"))
    def next_time(self, schedule: Schedule) -> str:
        if schedule.repeats == 0 or schedule.next_run is None:
            return "–"
        return date_format(localtime(schedule.next_run), WRITTEN)

    @admin.display(description=_("a nombre de"))
    def owner(self, schedule: Schedule) -> str:
        return describing.owner_name(order_of(schedule))

    @admin.display(description=_("activo"), boolean=True)
    def active(self, schedule: Schedule) -> bool:
        return bool(schedule.repeats != 0)

    @admin.display(description=_("zona horaria"))
    def zone(self, schedule: Schedule) -> str:
        return terms_of(schedule).zone or str(_("la del sitio"))

    @admin.display(description=_("si no se pudo"))
    def on_missed(self, schedule: Schedule) -> str:
        return str(terms_of(schedule).get_on_missed_display())

    @admin.display(description=_("estado"))
    def state(self, schedule: Schedule) -> str:
        if schedule.repeats != 0:
            return str(_("✓ Activo"))
        reason = terms_of(schedule).suspended_because
        return str(_("▲ Suspendido: %(why)s") % {"why": reason} if reason else _("‖ En pausa"))

    @admin.display(description=_("última vez"))
    def last_result(self, schedule: Schedule) -> str:
        terms = terms_of(schedule)
        if terms.last_due is None:
            return str(_("Todavía ninguna"))
        due = date_format(localtime(terms.last_due), WRITTEN)
        run = terms.last_run
        if run is None:
            return f"{due}: {terms.last_word}"
        chip = state_chip(run.status)
        return format_html(
            '{}: <a href="{}">{} {} · {}</a>',
            due,
            run.get_absolute_url(),
            chip.sign,
            chip.label,
            run,
        )

    @admin.display(description=_("Las cinco próximas"))
    def coming(self, schedule: Schedule) -> str:
        times = [(by_clocks(moment, terms_of(schedule).zone),) for moment in next_times(schedule)]
        return format_html_join("", "<div>{}</div>", times) or str(_("Ninguna: está en pausa."))


def by_clocks(moment: datetime, zone: str) -> str:
    """By the clock of its zone; and by the one on the wall here, where it has one of its own."""
    there, here = date_format(moment, WRITTEN), date_format(localtime(moment), WRITTEN)
    if not zone:
        return there
    words = {"there": there, "zone": zone, "here": here}
    return str(_("%(there)s en %(zone)s; aquí, %(here)s") % words)


def address_of(page: str, *args: Any) -> str:
    """A page of the programmes."""
    return reverse(f"admin:django_q_schedule_{page}", args=args)
