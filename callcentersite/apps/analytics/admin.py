"""Calls, queues, agents and daily sums, to look at; the ETL alone writes them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.audit.viewing import PersonalDataAdmin
from callcentersite.apps.common.browsing import (
    NOTHING,
    BrowseOnlyAdmin,
    FoundByNumber,
    decimal,
    masked,
    percent,
)
from opsconsole.admin.actions import operation_action

from . import files
from .domain.metrics import Figures
from .filters import CallDayFilter, MetricsDayFilter, MetricsQueueFilter, QueueFilter
from .models import Agent, Call, DailyMetrics, Queue


@admin.register(Call)
class CallAdmin(PersonalDataAdmin, FoundByNumber):
    """The clean calls; a caller's full number is only on the page of the call."""

    list_display = (
        "number", "started_at", "queue_code", "agent_code", "disposition", "wait_s", "talk_s",
        "caller",
    )  # fmt: skip
    list_filter = (CallDayFilter, QueueFilter, "disposition", "language")
    ordering = ("-started_at",)
    sortable_by = ("started_at", "number")
    search_help_text = _("Número exacto de la llamada.")
    actions = (
        operation_action(
            "run_etl",
            params=lambda rows: {"call_ids": ",".join(str(pk) for pk in keys(rows))},
            label=_("Reprocesar"),
        ),
        operation_action(
            "export_calls",
            params=lambda rows: {"call_ids": ",".join(str(pk) for pk in keys(rows))},
            label=_("Exportar las seleccionadas"),
        ),
    )
    change_list_template = "admin/interchange/change_list.html"
    fieldsets = (
        (None, {"fields": ("number", "disposition", "queue_code", "agent_code", "language")}),
        (
            _("Tiempos"),
            {"fields": ("started_at", "answered_at", "ended_at", "duration_s", "wait_s", "talk_s")},
        ),
        (_("Quién llamó"), {"fields": ("ani", "dnis", "customer", "menu_path")}),
        (
            _("Registro"),
            {"fields": ("recording_file", "notes", "source_updated_at", "anonymized_at")},
        ),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With links to import, and to export what the list shows."""
        links = files.links(request.GET, request.user)
        return super().changelist_view(request, links | (extra_context or {}))

    def shows_personal_data(self, request: HttpRequest, obj: Call) -> bool:
        return bool(obj.ani) or obj.customer_id is not None

    @admin.display(description=_("número que llama"))
    def caller(self, call: Call) -> str:
        return masked(call.ani)

    @admin.display(description=_("cliente"))
    def customer(self, call: Call) -> str:
        return NOTHING if call.customer_id is None else str(call.customer_id)


def keys(rows: Any) -> list[int]:
    """The numbers of the selected calls, in order."""
    return list(rows.order_by("pk").values_list("pk", flat=True))


@admin.register(Queue)
class QueueAdmin(BrowseOnlyAdmin):
    """The queues, as the last run of the ETL found them."""

    list_display = ("code", "name", "segment", "sla_seconds", "active")
    list_filter = ("segment", "active")
    search_fields = ("code", "name")
    ordering = ("code",)
    sortable_by = ("code", "name", "segment", "sla_seconds")


@admin.register(Agent)
class AgentAdmin(BrowseOnlyAdmin):
    """The agents, as the last run of the ETL found them."""

    list_display = ("code", "name", "team", "active")
    list_filter = ("team", "active")
    search_fields = ("code", "name")
    ordering = ("code",)
    sortable_by = ("code", "name", "team")


@admin.register(DailyMetrics)
class DailyMetricsAdmin(BrowseOnlyAdmin):
    """One local day of one queue: the stored sums and what follows from them."""

    list_display = (
        "day", "queue", "offered", "answered", "abandoned", "abandonment", "service_level",
        "speed_of_answer", "handle_time",
    )  # fmt: skip
    list_filter = (MetricsDayFilter, MetricsQueueFilter)
    ordering = ("-day", "queue")
    sortable_by = ("day",)

    @admin.display(description=_("abandono"))
    def abandonment(self, row: DailyMetrics) -> str:
        return percent(figures(row).abandonment_rate)

    @admin.display(description=_("nivel de servicio"))
    def service_level(self, row: DailyMetrics) -> str:
        return percent(figures(row).service_level)

    @admin.display(description=_("espera media (s)"))
    def speed_of_answer(self, row: DailyMetrics) -> str:
        return decimal(figures(row).average_speed_of_answer_s)

    @admin.display(description=_("conversación media (s)"))
    def handle_time(self, row: DailyMetrics) -> str:
        return decimal(figures(row).average_handle_time_s)

    def get_fields(self, request: Any, obj: DailyMetrics | None = None) -> tuple[str, ...]:
        """The sums first, then what follows from them."""
        computed = ("abandonment", "service_level", "speed_of_answer", "handle_time")
        return ("day", "queue", *Figures.__dataclass_fields__, *computed)


def figures(row: DailyMetrics) -> Figures:
    """The stored sums, as the domain reckons with them."""
    return Figures(**{name: getattr(row, name) for name in Figures.__dataclass_fields__})
