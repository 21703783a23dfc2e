"""How clients and notices look: states in words, sign and colour; scopes in words."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from callcentersite.apps.configuration.services import is_on
from opsconsole.admin.presenters.chips import Chip

from ..clients import problem_with
from ..domain import scopes
from ..models import ApiClient, WebhookDelivery, WebhookEndpoint
from ..webhooks.notices import KEY

State = WebhookDelivery.State


def rendered(chip: Chip) -> SafeString:
    """The chip as HTML."""
    return render_to_string("admin/opsconsole/includes/chip.html", {"chip": chip})


def client_chip(client: ApiClient, *, now: datetime) -> Chip:
    """Whether its token lets in."""
    if client.revoked_at is not None:
        return Chip("idle", "⊘", _("Revocado"))
    if client.is_over(now):
        return Chip("idle", "⌛", _("Vencido"))
    if problem_with(client, now=now):
        return Chip("bad", "✕", _("Cuenta inactiva"))
    return Chip("ok", "✓", _("Vigente"))


def endpoint_chip(endpoint: WebhookEndpoint) -> Chip:
    """Whether anything is sent to it."""
    if not is_on(KEY):
        return Chip("idle", "⊘", _("Webhooks apagados"))
    if not endpoint.active:
        return Chip("idle", "○", _("Inactivo"))
    return Chip("ok", "✓", _("Activo"))


def delivery_chip(delivery: WebhookDelivery) -> Chip:
    """How the notice stands."""
    label = State(delivery.state).label
    if delivery.state == State.DELIVERED:
        return Chip("ok", "✓", label)
    if delivery.state == State.GIVEN_UP:
        return Chip("bad", "✕", label)
    return Chip("warn", "◐", _("Se reintenta")) if delivery.attempts else Chip("idle", "○", label)


def scope_words(scope: str) -> str:
    """A scope, for people."""
    if scope == scopes.SEE_OPERATIONS:
        return _("Ver operaciones y corridas (%(scope)s)") % {"scope": scope}
    if scope == scopes.LAUNCH:
        return _("Lanzar, cancelar y repetir corridas (%(scope)s)") % {"scope": scope}
    if scope == scopes.METRICS:
        return _("Leer las métricas de las llamadas (%(scope)s)") % {"scope": scope}
    categoria = scope.partition(".")[2]
    return _("Leer la configuración de %(category)s (%(scope)s)") % {
        "category": categoria,
        "scope": scope,
    }
