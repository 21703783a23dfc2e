"""The page of the programmes: what runs by itself, when, with which parameters, in whose name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db import router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .. import events, permissions, registry
from ..events import Change, Programme
from ..schedules import next_times, order_of
from .schedule_form import TYPES, ScheduleForm

WRITTEN = "D j b Y, H:i"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page that asks before deleting says of a programme."""

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
    list_display = ("label", "operation", "when", "next_time", "owner", "is_active")
    fields = (
        "name", "operation", "params", "schedule_type", "cron", "minutes", "next_run", "active",
        "coming",
    )  # fmt: skip
    readonly_fields = ("coming",)
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
        return super().changeform_view(request, object_id, form_url, named)

    def get_form(
        self, request: HttpRequest, obj: Schedule | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # Fields that the model does not have: the form class declares them.
        kwargs["fields"] = ("name", "schedule_type", "cron", "minutes", "next_run")
        return type("OwnedForm", (ScheduleForm,), {"user": request.user})

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
        super().save_model(request, obj, form, change)
        self._tell(request, Change.CHANGED if change else Change.CREATED, self.as_told(obj))

    def delete_model(self, request: HttpRequest, obj: Schedule) -> None:
        told = self.as_told(obj)
        super().delete_model(request, obj)
        self._tell(request, Change.DELETED, told)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        told = [self.as_told(one) for one in queryset]
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
        _named, counts, missing, protected = super().get_deleted_objects(objs, request)
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

    def as_told(self, schedule: Schedule) -> Programme:
        """The programme for whoever listens, as it is now."""
        order = order_of(schedule)
        return Programme(
            number=str(schedule.pk),
            name=self.label(schedule),
            operation=order.operation if order else schedule.func,
            params=order.params if order else {},
            when=self.when(schedule),
            owner=self.owner(schedule),
            active=self.is_active(schedule),
        )

    # What the list and the page say

    @admin.display(description=_("nombre"))
    def label(self, schedule: Schedule) -> str:
        return schedule.name or f"#{schedule.pk}"

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
        if schedule.schedule_type == Schedule.CRON:
            return str(schedule.cron)
        return str(dict(TYPES).get(schedule.schedule_type, schedule.schedule_type))

    @admin.display(description=_("próxima vez"))
    def next_time(self, schedule: Schedule) -> str:
        times = next_times(schedule, count=1)
        return date_format(times[0], WRITTEN) if times else "–"

    @admin.display(description=_("a nombre de"))
    def owner(self, schedule: Schedule) -> str:
        order = order_of(schedule)
        person = permissions.person(order.owner_id) if order else None
        return str(person.get_username() or "▲") if person is not None else "–"

    @admin.display(description=_("activo"), boolean=True)
    def is_active(self, schedule: Schedule) -> bool:
        return bool(schedule.repeats != 0)

    active = is_active

    @admin.display(description=_("Las cinco próximas"))
    def coming(self, schedule: Schedule) -> str:
        if schedule.pk is None:
            return str(_("Se muestran al guardar."))
        times = [(date_format(moment, WRITTEN),) for moment in next_times(schedule)]
        return format_html_join("", "<div>{}</div>", times) or str(_("Ninguna: está en pausa."))


def address_of(page: str, *args: Any) -> str:
    """A page of the programmes."""
    return reverse(f"admin:django_q_schedule_{page}", args=args)
