"""The archives of calls: to verify, to bring back, to take home."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.browsing import BrowseOnlyAdmin
from callcentersite.apps.common.links import run_link
from callcentersite.data_centralization.domain.sizes import in_words
from opsconsole import permissions, registry
from opsconsole.admin.actions import operation_action
from opsconsole.admin.presenters.chips import Chip

from . import downloads
from .domain.months import Month
from .forms import text_of
from .models import CallArchive

RESTORE, VERIFY, ARCHIVE = "restore_archived_calls", "verify_call_archives", "archive_old_calls"


@admin.register(CallArchive)
class CallArchiveAdmin(BrowseOnlyAdmin):
    """A file each; its page has the buttons."""

    list_display = (
        "name", "calls", "size", "fingerprint", "archived_at", "state", "restored_at",
    )  # fmt: skip
    list_display_links = ("name",)
    ordering = ("-month", "-id")
    sortable_by = ("name",)
    search_fields = ("path",)
    search_help_text = _("Mes archivado, AAAA-MM.")
    actions = (
        operation_action(VERIFY, params=lambda rows: {"month": text_of(months_in(rows))}),
        operation_action(RESTORE, params=lambda rows: {"month": text_of(months_in(rows))}),
    )
    fieldsets = (
        (None, {"fields": ("name", "calls", "first_at", "last_at", "state", "restored_at")}),
        (_("Archivo"), {"fields": ("path", "size", "sha256", "verified_at", "damage")}),
        (_("Cuándo"), {"fields": ("archived_at", "run_link")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[CallArchive], search_term: str
    ) -> tuple[QuerySet[CallArchive], bool]:
        """By month: it has an index."""
        if not search_term.strip():
            return queryset, False
        try:
            return queryset.filter(month=Month.parse(search_term).first), False
        except ValueError:
            return queryset.none(), False

    # The list

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the way to archive more, for who may."""
        context = {"archive_url": url_of(ARCHIVE, request.user), "title": _("Archivo de llamadas")}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description=_("mes"), ordering="month")
    def name(self, archive: CallArchive) -> str:
        return str(Month.of(archive.month))

    @admin.display(description=_("llamadas"))
    def calls(self, archive: CallArchive) -> str:
        return number_format(archive.rows, force_grouping=True)

    @admin.display(description=_("tamaño"))
    def size(self, archive: CallArchive) -> str:
        return in_words(archive.size_bytes)

    @admin.display(description=_("huella"))
    def fingerprint(self, archive: CallArchive) -> SafeString:
        return format_html('<code title="{}">{}</code>', archive.sha256, archive.sha256[:12])

    @admin.display(description=_("estado"))
    def state(self, archive: CallArchive) -> SafeString:
        return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip_of(archive)})

    # The page

    @admin.display(description=_("corrida"))
    def run_link(self, archive: CallArchive) -> SafeString | str:
        return run_link(archive.run)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With its buttons."""
        archive = self.get_object(request, object_id)
        context = buttons(archive, request.user) if archive is not None else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(downloads.download)
        name = "archive_callarchive_download"
        return [path("<int:pk>/descargar/", view, name=name), *super().get_urls()]


def chip_of(archive: CallArchive) -> Chip:
    """How the file is, as far as anybody has looked."""
    if archive.damage:
        return Chip("bad", "✕", gettext("Dañado"))
    if archive.restored_at is not None:
        return Chip("idle", "○", gettext("Devuelto"))
    return Chip("ok", "✓", gettext("Verificado"))


def buttons(archive: CallArchive, user: Any) -> dict[str, str]:
    """The addresses that the page of an archive offers this person; empty: none."""
    month = str(Month.of(archive.month))
    may_take = user.has_perm(downloads.PERMISSION)
    download = reverse("admin:archive_callarchive_download", args=[archive.pk])
    return {
        "download_url": download if may_take else "",
        "verify_url": url_of(VERIFY, user, month),
        "restore_url": "" if archive.restored_at else url_of(RESTORE, user, month),
    }


def url_of(name: str, user: Any, month: str = "") -> str:
    """The form of the operation, filled in; empty for who may not run it."""
    if not permissions.may_run(registry.get(name), user):
        return ""
    url = reverse("admin:opsconsole_operation", args=[name])
    return f"{url}?month={month}" if month else url


def months_in(rows: QuerySet[CallArchive]) -> list[Month]:
    """The months of the selected archives."""
    return sorted({Month.of(day) for day in rows.values_list("month", flat=True)})
