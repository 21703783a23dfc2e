"""The audit, for a supervisor: to read, to search, to take home; not to write."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.browsing import BrowseOnlyAdmin
from callcentersite.apps.common.interchange.admin import InterchangeAdmin
from callcentersite.apps.common.links import linked, page_of
from opsconsole.admin.presenters.chips import Chip

from . import detail_wording, wording
from .filters import ActionFilter, ActorFilter, MomentFilter, ResultFilter, meaning
from .models import AuditLog
from .resources import AuditLogResource
from .verifying import is_verified
from .vocabulary import RUN, Result, Source

LOOKS = {Result.OK: ("ok", "✓"), Result.REFUSED: ("warn", "⊘"), Result.FAILED: ("bad", "✕")}


@admin.register(AuditLog)
class AuditLogAdmin(BrowseOnlyAdmin, InterchangeAdmin):
    """Each entry in a sentence, with its place in the chain."""

    resource_class = AuditLogResource
    list_display = ("when", "sentence", "outcome", "origin", "address")
    list_display_links = ("sentence",)
    list_filter = (ResultFilter, MomentFilter, ActorFilter, ActionFilter)
    search_fields: ClassVar[Any] = ("actor", "target")
    search_help_text = _("Una cuenta, el nombre exacto o el número del objeto, o #posición.")
    ordering = ("-id",)
    change_form_template = "admin/audit/entry.html"
    fieldsets = (
        (None, {"fields": ("sentence", "when", "who", "what", "outcome", "reason")}),
        (_("Desde dónde"), {"fields": ("door", "address")}),
        (_("Detalle"), {"fields": ("details",)}),
        (_("La cadena"), {"fields": ("position", "verified", "previous", "hash")}),
    )

    class Media:
        css = {"all": ("callcentersite/configuration.css",)}

    def has_import_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.filter(meaning(search_term)) if search_term else queryset), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Under a heading that is a noun."""
        extra = {"title": gettext("Entrada de auditoría")} | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)

    @admin.display(description=_("cuándo"))
    def when(self, row: AuditLog) -> str:
        return wording.said_at(row)

    @admin.display(description=_("qué pasó"))
    def sentence(self, row: AuditLog) -> str:
        return wording.sentence(row)

    @admin.display(description=_("quién"))
    def who(self, row: AuditLog) -> SafeString | str:
        address = page_of("users.user", row.actor_id)
        return linked(address, row.actor) if row.actor else gettext("Nadie que haya entrado")

    @admin.display(description=_("a qué o a quién"))
    def what(self, row: AuditLog) -> SafeString | str:
        return linked(page_of(row.target_type, row.target_id), wording.target(row) or "–")

    @admin.display(description=_("resultado"))
    def outcome(self, row: AuditLog) -> SafeString:
        tone, sign = LOOKS[Result(row.result)]
        return chip(tone, sign, row.get_result_display())

    @admin.display(description=_("desde"))
    def origin(self, row: AuditLog) -> str:
        return str(row.get_source_display())

    @admin.display(description=_("desde"))
    def door(self, row: AuditLog) -> SafeString | str:
        number = row.place.removeprefix("#")
        if row.source == Source.RUN and number.isdecimal():
            return linked(page_of(RUN, number), wording.door(row))
        return wording.door(row)

    @admin.display(description=_("detalle"))
    def details(self, row: AuditLog) -> SafeString:
        return render_to_string(
            "admin/audit/detail.html", {"rows": detail_wording.detail_rows(row)}
        )

    @admin.display(description=_("posición"))
    def position(self, row: AuditLog) -> str:
        return f"#{row.pk}"

    @admin.display(description=_("estado"))
    def verified(self, row: AuditLog) -> SafeString:
        if is_verified(row):
            return chip(
                "ok", "✓", gettext("Verificada: es la que se escribió y sigue a la anterior")
            )
        return chip("bad", "✕", gettext("No se pudo verificar: avise a seguridad"))


def chip(tone: str, sign: str, label: Any) -> SafeString:
    """A state in words."""
    look = Chip(tone, sign, label)
    return render_to_string("admin/opsconsole/includes/chip.html", {"chip": look})
