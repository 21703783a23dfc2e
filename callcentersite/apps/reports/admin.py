"""The reports that there are: to find, to download, to make again; retention deletes them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.browsing import NOTHING, BrowseOnlyAdmin
from callcentersite.apps.common.links import run_link
from opsconsole.admin.presenters.chips import Chip
from opsconsole.admin.searching import people_like

from . import downloads, selectors
from .filters import CreatedFilter, CreatorFilter
from .models import Report


@admin.register(Report)
class ReportAdmin(BrowseOnlyAdmin):
    """Everybody's reports to who may see them, else one's own."""

    list_display = ("title", "row_count", "creator", "asked")  # and the file, by who looks
    list_display_links = ("title",)
    list_filter = ("kind", "format", CreatorFilter, CreatedFilter)
    search_fields = ("id",)  # the box; get_search_results says what it means
    search_help_text = _("Número de reporte, cola o persona.")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("title", "state", "kind", "since", "until", "queue_or_all")}),
        (_("Archivo"), {"fields": ("format", "row_count", "size", "sha256")}),
        (_("Quién y cuándo"), {"fields": ("creator", "created_at", "run_link")}),
    )

    class Media:
        css = {"all": ("callcentersite/reports.css",)}

    # Who may

    def has_view_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        user = request.user
        if obj is not None:
            return selectors.may_see(obj, user)
        return selectors.may_see_all(user) or selectors.may_generate(user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return selectors.visible_to(request.user)

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": _("Reportes"), "generate_url": self.generate_url(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """The columns, and the file of each row for who may take it."""
        user = request.user

        @admin.display(description=_("archivo"))
        def take(report: Report) -> SafeString:
            if not report.is_ready:
                return self.state(report)
            if not selectors.may_download(report, user):
                return format_html("{} <small>{}</small>", format_of(report), self.size(report))
            return format_html(
                '<a href="{}">{}</a> <small>{}</small>',
                download_url(report),
                gettext("Descargar %(format)s") % {"format": format_of(report)},
                self.size(report),
            )

        title, *others = self.list_display
        return (title, take, *others)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Report], search_term: str
    ) -> tuple[QuerySet[Report], bool]:
        return queryset.filter(meaning(search_term) if search_term.strip() else Q()), False

    @admin.display(description=_("estado"))
    def state(self, report: Report) -> SafeString:
        tone, sign = ("ok", "✓") if report.is_ready else ("run", "●")
        chip = Chip(tone, sign, report.get_status_display())
        return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip})

    @admin.display(description=_("filas"))
    def row_count(self, report: Report) -> str:
        if report.rows is None:
            return NOTHING
        return number_format(report.rows, force_grouping=True)

    @admin.display(description=_("tamaño"))
    def size(self, report: Report) -> str:
        return NOTHING if report.size_bytes is None else filesizeformat(report.size_bytes)

    @admin.display(description=_("lo pidió"))
    def creator(self, report: Report) -> str:
        return report.created_by or NOTHING

    @admin.display(description=_("pedido"))
    def asked(self, report: Report) -> str:
        return date_format(timezone.localtime(report.created_at), "SHORT_DATETIME_FORMAT")

    # The page of a report

    @admin.display(description=_("cola"))
    def queue_or_all(self, report: Report) -> str:
        return report.queue or gettext("Todas")

    @admin.display(description=_("corrida"))
    def run_link(self, report: Report) -> SafeString | str:
        return run_link(report.run)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the two buttons that lead on from here."""
        report = self.get_object(request, object_id)
        context = buttons(report, request.user) if report is not None else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def generate_url(self, request: HttpRequest) -> str:
        """Where a report is asked for; empty: not by this person."""
        return operation_url() if selectors.may_generate(request.user) else ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(downloads.download)
        name = "reports_report_download"
        return [path("<int:pk>/descargar/", view, name=name), *super().get_urls()]


def meaning(term: str) -> Q:
    """A report's number, a queue's code, or a person's name: each has an index."""
    words = term.strip().lstrip("#")
    if words.isdecimal() and len(words) < 19:
        return Q(pk=int(words))
    return Q(queue=words.upper()) | Q(created_by__in=[*people_like(words), words])


def buttons(report: Report, user: Any) -> dict[str, str]:
    """The addresses that the page of a report offers this person; empty: none."""
    may_take = report.is_ready and selectors.may_download(report, user)
    return {
        "download_url": download_url(report) if may_take else "",
        "again_url": again_url(report) if selectors.may_generate(user) else "",
    }


def format_of(report: Report) -> str:
    """PDF, CSV, XLSX."""
    return report.get_format_display()


def download_url(report: Report) -> str:
    """The guarded address of its file."""
    return reverse("admin:reports_report_download", args=[report.pk])


def operation_url() -> str:
    """The form of the operation."""
    return reverse("admin:opsconsole_operation", args=[selectors.OPERATION])


def again_url(report: Report) -> str:
    """The form, filled in as for this report; nothing is launched yet."""
    values = {
        "kind": report.kind,
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "queue": report.queue,
        "format": report.format,
    }
    return f"{operation_url()}?{urlencode(values)}"
