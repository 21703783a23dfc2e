"""Recorded requests in the admin: a list, a page for each, and the way to profile one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from silk.models import Request

from opsconsole.admin.pages import page
from opsconsole.admin.presenters.chips import Chip
from opsconsole.admin.read_only import ReadOnlyAdmin
from opsconsole.models import JobRun

from .gate import what_is_recorded
from .links import RUN
from .presenters import answer_chip, milliseconds, page_of
from .rules import may_look
from .selectors import during, listed

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
Choices = list[tuple[str, Any]]


class MethodFilter(admin.SimpleListFilter):
    """By method; the table is not asked which ones there are."""

    title = _("método")
    parameter_name = "method"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(one, one) for one in METHODS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(method=self.value()) if self.value() else queryset


class AnswerFilter(admin.SimpleListFilter):
    """By how it ended."""

    title = _("respuesta")
    parameter_name = "respuesta"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("2", _("Atendida (2xx)")),
            ("3", _("Redirigida (3xx)")),
            ("4", _("Rechazada (4xx)")),
            ("5", _("Con error (5xx)")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"2", "3", "4", "5"}:
            return queryset
        first = 100 * int(self.value() or 0)
        return queryset.filter(response__status_code__range=(first, first + 99))


class RunFilter(admin.SimpleListFilter):
    """Those that were under way while a run was: the run's page leads here."""

    title = _("corrida")
    parameter_name = RUN

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        asked = request.GET.get(RUN, "")
        return [(asked, f"#{asked}")] if asked.isdecimal() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (self.value() or "").isdecimal():
            return queryset
        run = JobRun.objects.filter(pk=int((self.value() or "")[:18])).first()
        return during(run, queryset) if run else queryset.none()


@admin.register(Request)
class RecordedRequestAdmin(ReadOnlyAdmin):
    """Superusers read; the rows go by retention, and by the cap of their number."""

    menu_section = _("Rendimiento")
    menu_title = _("Peticiones grabadas")
    change_list_template = "admin/profiling/list.html"
    list_display = ("what", "answer", "moment", "took", "queries_total", "in_database")
    list_display_links = ("what",)
    list_filter = (MethodFilter, AnswerFilter, RunFilter)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-start_time",)
    sortable_by = ("moment", "took", "queries_total")  # of a few thousand rows, never more
    search_fields = ("path", "view_name")
    search_help_text = _("Parte de la dirección o del nombre de la vista.")

    class Media:
        css = {"all": ("callcentersite/profile.css",)}

    # Who may

    def has_view_permission(self, request: HttpRequest, obj: Request | None = None) -> bool:
        return may_look(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_look(request.user)

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": self.menu_title, "recording": what_is_recorded()}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Request]:
        return listed()

    @admin.display(description=_("petición"), ordering="path")
    def what(self, recorded: Request) -> SafeString:
        return format_html(
            "<code>{} {}</code><small>{}</small>",
            recorded.method,
            recorded.path,
            recorded.view_name or "",
        )

    @admin.display(description=_("respuesta"))
    def answer(self, recorded: Request) -> SafeString:
        chip: Chip = answer_chip(recorded)
        return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip})

    @admin.display(description=_("momento"), ordering="start_time")
    def moment(self, recorded: Request) -> str:
        return date_format(timezone.localtime(recorded.start_time), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("duración, ms"), ordering="time_taken")
    def took(self, recorded: Request) -> str:
        return milliseconds(recorded.time_taken)

    @admin.display(description=_("consultas"), ordering="num_sql_queries")
    def queries_total(self, recorded: Request) -> int:
        return int(recorded.num_sql_queries)

    @admin.display(description=_("base de datos, ms"))
    def in_database(self, recorded: Any) -> str:
        return milliseconds(recorded.database_ms)

    # The page of one

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not may_look(request.user):
            raise PermissionDenied
        recorded = listed().defer(None).filter(pk=object_id).first()
        if recorded is None:
            raise Http404
        title = f"{recorded.method} {recorded.path}"
        return page(
            request, "admin/profiling/request.html", title=title, **page_of(recorded, request.user)
        )
