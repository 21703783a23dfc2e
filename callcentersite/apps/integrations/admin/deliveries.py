"""Notices: what was sent, what was answered, and once more by hand."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.browsing import NOTHING, BrowseOnlyAdmin
from callcentersite.apps.common.links import run_link

from ..models import WebhookDelivery
from ..webhooks import sending
from .endpoints import result_of
from .off import SaysWhenOff
from .steps import Said, Step, change_permission, step_urls
from .words import delivery_chip, rendered

AGAIN = Step(
    slug="reenviar",
    title=gettext_lazy("Enviar otra vez"),
    sentence=gettext_lazy(
        "Se envía ahora el mismo aviso, con el mismo identificador: un receptor que ya lo tiene lo "
        "reconoce."
    ),
    button=gettext_lazy("Enviar otra vez"),
)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(SaysWhenOff, BrowseOnlyAdmin):
    """Made for very many rows."""

    keeps_history = True
    list_display = ("created_at", "state_chip", "endpoint", "event", "run", "attempts", "answer")
    list_display_links = ("created_at",)
    list_filter = ("state", "endpoint")
    list_select_related = ("endpoint",)
    search_fields = ("=run_id",)
    search_help_text = gettext_lazy("Número de corrida.")
    ordering = ("-created_at", "-id")
    change_form_template = "admin/integrations/client.html"
    fields = (
        "state_chip", "endpoint", "event", "run", "id", "created_at", "attempts", "attempted_at",
        "next_at", "answer", "error", "response", "content",
    )  # fmt: skip
    readonly_fields = fields

    class Media:
        css = {"all": ("callcentersite/integrations.css",)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        number = search_term.strip()
        if not number:
            return queryset, False
        if not number.isdecimal() or len(number) > 18:
            return queryset.none(), False
        return queryset.filter(run_id=int(number)), False

    @admin.display(description=gettext_lazy("estado"))
    def state_chip(self, row: WebhookDelivery) -> SafeString:
        return rendered(delivery_chip(row))

    @admin.display(description=gettext_lazy("corrida"))
    def run(self, row: WebhookDelivery) -> SafeString | str:
        if row.run_id is None:
            return _("prueba")
        return run_link(row.run_id)

    @admin.display(description=gettext_lazy("respuesta"))
    def answer(self, row: WebhookDelivery) -> str:
        return str(row.response_code or NOTHING)

    @admin.display(description=gettext_lazy("principio de la respuesta"))
    def response(self, row: WebhookDelivery) -> SafeString | str:
        return preformatted(row.response_text) if row.response_text else NOTHING

    @admin.display(description=gettext_lazy("contenido"))
    def content(self, row: WebhookDelivery) -> SafeString:
        return preformatted(json.dumps(json.loads(row.body), indent=2, ensure_ascii=False))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        context["steps"] = [AGAIN] if request.user.has_perm(change_permission(self)) else []
        return super().render_change_form(request, context, *args, **kw)

    def get_urls(self) -> list[URLPattern]:
        def again(request: HttpRequest, row: WebhookDelivery) -> Said:
            return result_of(sending.send_again(row))

        own = step_urls(self, (AGAIN, again), key="<uuid:pk>")
        return [*own, *super().get_urls()]


def preformatted(text: str) -> SafeString:
    """Text from elsewhere, as text."""
    return format_html('<pre class="notice">{}</pre>', text)
