"""Webhooks: where notices go; the secret is shown once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.browsing import NOTHING
from opsconsole import registry
from opsconsole.admin.paginator import CappedPaginator
from opsconsole.states import Status

from .. import endpoints
from ..models import WebhookDelivery, WebhookEndpoint
from ..webhooks import sending
from .forms import EndpointForm
from .off import SaysWhenOff
from .steps import (
    Said,
    Secret,
    Step,
    change_permission,
    once_only,
    only_save,
    secret_page,
    step_urls,
)
from .words import endpoint_chip, rendered

RENEW = Step(
    slug="renovar",
    title=gettext_lazy("Renovar el secreto"),
    sentence=gettext_lazy(
        "Lo que se envíe desde ahora va firmado con el nuevo, que se muestra una sola vez."
    ),
    button=gettext_lazy("Renovar el secreto"),
)
TEST = Step(
    slug="probar",
    title=gettext_lazy("Enviar una prueba"),
    sentence=gettext_lazy("Se envía ahora un aviso de prueba, firmado como los de verdad."),
    button=gettext_lazy("Enviar la prueba"),
)


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(SaysWhenOff):
    """Switched off rather than deleted: its notices are the history."""

    form = EndpointForm
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_display = ("nombre", "state", "url", "when", "which")
    list_filter = ("active",)
    search_fields = ("nombre", "url")
    ordering = ("nombre",)
    sortable_by = ()
    change_form_template = "admin/integrations/client.html"
    empty_value_display = NOTHING

    class Media:
        css = {"all": ("callcentersite/integrations.css",)}

    @admin.display(description=gettext_lazy("estado"))
    def state(self, endpoint: WebhookEndpoint) -> SafeString:
        return rendered(endpoint_chip(endpoint))

    @admin.display(description=gettext_lazy("cuándo avisa"))
    def when(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join(str(Status(one).label) for one in endpoint.statuses)

    @admin.display(description=gettext_lazy("de qué operaciones"))
    def which(self, endpoint: WebhookEndpoint) -> str:
        known = ((name, registry.find(name)) for name in endpoint.operations)
        titles = (str(operation.title) if operation else name for name, operation in known)
        return ", ".join(titles) or _("de todas")

    # What may be done

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who may only look reads words instead of boxes."""
        if self.has_change_permission(request, obj) or obj is None:
            return EndpointForm.Meta.fields
        return ("nombre", "state", "url", "when", "which", "created_by", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("state", "when", "which", "created_by", "created_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new one gets its secret where all do."""
        if change:
            endpoints.change(obj, by=request.user)
            return
        given = {name: form.cleaned_data[name] for name in EndpointForm.Meta.fields}
        made, request.new_secret = endpoints.create(**given, by=request.user)  # type: ignore[attr-defined]
        obj.pk = made.pk

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        shown = webhook_secret(obj, request.new_secret)  # type: ignore[attr-defined]
        back = reverse("admin:integrations_webhookendpoint_change", args=[obj.pk])
        return secret_page(request, shown, back=back)  # type: ignore[return-value]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        may = request.user.has_perm(change_permission(self))
        context["steps"] = [TEST, RENEW] if may and kw.get("obj") else []
        return super().render_change_form(request, context | only_save(kw.get("obj")), *args, **kw)

    def get_urls(self) -> list[URLPattern]:
        def renew(request: HttpRequest, endpoint: WebhookEndpoint) -> Secret:
            return webhook_secret(endpoint, endpoints.renew_secret(endpoint, by=request.user))

        def test(request: HttpRequest, endpoint: WebhookEndpoint) -> Said:
            return result_of(sending.send_test(endpoint))

        own = step_urls(self, (RENEW, renew), (TEST, test))
        return [*own, *super().get_urls()]


def webhook_secret(endpoint: WebhookEndpoint, secret: str) -> Secret:
    """A secret with what to do with it."""
    return Secret(
        title=_("Secreto de «%(name)s»") % {"name": endpoint},
        text=secret,
        sentences=(
            once_only(),
            _("Con él comprueba el receptor la firma de cada aviso; docs/api.md dice cómo."),
        ),
    )


def result_of(row: WebhookDelivery) -> Said:
    """What came of an attempt."""
    if not row.error:
        return Said(text=_("Llegó: el receptor respondió %(code)s.") % {"code": row.response_code})
    return Said(text=_("No llegó. %(error)s") % {"error": row.error}, went_well=False)
