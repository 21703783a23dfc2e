"""The page of the programmes: what runs by itself, when, with which parameters, in whose name."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .. import events, permissions, registry
from ..events import Change, Programme
from ..models import ProgrammeTerms
from ..operations import Operation
from ..programmes import describing
from ..programmes.orders import order_of
from .pages import page
from .programme_offer import choice, offered
from .schedule_answers import ProgrammeAnswers, address_of
from .schedule_columns import ProgrammeColumns
from .schedule_form import OWN, TIME_FIELDS, ScheduleForm
from .schedule_preview import preview

# In our words: the library explains its fields in English.
TO_READ = (
    (None, {"fields": ("label", "operation", "params")}),
    (_("Cuándo"), {"fields": ("when", "zone", "coming", "on_missed")}),
    (_("Cómo va"), {"fields": ("state", "owner", "last_result")}),
)


class ScheduleAdmin(ProgrammeColumns, ProgrammeAnswers):
    """Programmes of registered operations, for whoever has Django's rights on schedules.

    Beyond these rights the form only offers what its author may run, and whoever saves a
    programme becomes its owner: it runs with their rights as they are at that moment.
    """

    form = ScheduleForm
    list_display = ("label", "operation", "when", "next_time", "owner", "state", "last_result")
    list_select_related = ("terms__last_run",)
    readonly_fields = ("state", "coming", "last_result", "owner")
    search_fields = ("name",)
    search_help_text = _("Parte del nombre.")
    ordering = ("next_run",)
    show_full_result_count = False

    class Media:
        js = ("opsconsole/programme.js",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(preview)
        return [path("proximas/", view, name="django_q_schedule_preview"), *super().get_urls()]

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
        if not changeable:
            return TO_READ
        own = [
            OWN + name
            for name in (chosen.Params.base_fields if chosen else ())
            if chosen and name not in chosen.sensitive
        ]
        parts = [
            (None, {"fields": ["name", "operation"]}),
            (_("Parámetros"), {"fields": own}),
            (_("Cuándo"), {"fields": [*TIME_FIELDS, "coming", "on_missed", "active"]}),
        ]
        if obj is not None:
            parts.append((_("Cómo va"), {"fields": ["state", "owner", "last_result"]}))
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
            title=_("Agregar una tarea programada"),
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

    def _tell(self, request: HttpRequest, change: Change, programme: Programme) -> None:
        """Once it is written: what is rolled back did not happen."""
        transaction.on_commit(
            lambda: events.send(
                events.changed_schedule, change=change, programme=programme, user=request.user
            ),
            using=router.db_for_write(Schedule),
        )
