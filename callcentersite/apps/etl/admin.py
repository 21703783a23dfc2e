"""What the ETL refused, and how far it has read; to look at, and to try again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.audit.viewing import PersonalDataAdmin
from callcentersite.apps.common.browsing import NOTHING, BrowseOnlyAdmin, FoundByNumber
from callcentersite.apps.common.links import run_link
from opsconsole.admin.actions import operation_action

from .domain.reasons import REASONS, judged, reason
from .models import CallRejection, EtlWatermark


class ReasonFilter(admin.SimpleListFilter):
    """By one of the reasons of a rejection."""

    title = _("motivo")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, gettext(each.title)) for code, each in REASONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        # As text: SQLite has no «contains» for JSON.
        queryset = queryset.annotate(listed=Cast("reasons", TextField()))
        return queryset.filter(listed__contains=f'"{self.value()}"')


@admin.register(CallRejection)
class CallRejectionAdmin(PersonalDataAdmin, FoundByNumber):
    """The refused rows; each page shows the row as it was read, with what is wrong in it."""

    list_display = ("number", "why", "seen_at", "run_link")
    list_filter = (ReasonFilter, "seen_at")
    ordering = ("-call_id",)
    sortable_by = ("number", "seen_at")
    search_help_text = _("Número exacto de la llamada.")
    actions = (
        operation_action(
            "run_etl",
            params=lambda rows: {"call_ids": ",".join(str(pk) for pk in keys(rows))},
            label=_("Reprocesar"),
        ),
    )
    fieldsets = (
        (None, {"fields": ("number", "seen_at", "run_link")}),
        (_("Qué tiene de malo"), {"fields": ("sentences", "raw_row")}),
        (
            _("Cómo estaba antes de estropearse"),
            {"fields": ("last_good_row",), "classes": ("collapse",)},
        ),
    )

    class Media:
        css = {"all": ("callcentersite/rejection.css",)}

    @admin.display(description=_("motivos"))
    def why(self, rejection: CallRejection) -> str:
        return " · ".join(gettext(reason(code).title) for code in rejection.reasons)

    @admin.display(description=_("ejecución"))
    def run_link(self, rejection: CallRejection) -> str:
        return run_link(rejection.run)

    @admin.display(description=_("motivos"))
    def sentences(self, rejection: CallRejection) -> SafeString:
        reasons = [reason(code) for code in rejection.reasons]
        return render_to_string("admin/etl/reasons.html", {"reasons": reasons})

    @admin.display(description=_("fila original"))
    def raw_row(self, rejection: CallRejection) -> SafeString:
        fields = judged(rejection.raw, rejection.reasons)
        return render_to_string("admin/etl/row.html", {"fields": fields, "judges": True})

    @admin.display(description=_("última versión buena"))
    def last_good_row(self, rejection: CallRejection) -> SafeString | str:
        if not rejection.last_good:
            return NOTHING
        fields = judged(rejection.last_good, [])
        return render_to_string("admin/etl/row.html", {"fields": fields})


def keys(rows: Any) -> list[int]:
    """The numbers of the selected calls, in order."""
    return list(rows.order_by("pk").values_list("pk", flat=True))


@admin.register(EtlWatermark)
class EtlWatermarkAdmin(BrowseOnlyAdmin):
    """How far each reading of the IVR has come."""

    list_display = ("name", "updated_at", "last_call", "saved_at")
    ordering = ("name",)
    fields = list_display

    @admin.display(description=_("leídas hasta la llamada"))
    def last_call(self, watermark: EtlWatermark) -> str:
        return NOTHING if watermark.call_id is None else str(watermark.call_id)
