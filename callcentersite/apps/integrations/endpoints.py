"""The addresses that are told of runs that end: create them, renew their secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from opsconsole import OperationError
from opsconsole.sealing import seal, unseal

from .domain.signatures import new_secret
from .models import WebhookEndpoint


def create(
    *,
    nombre: str,
    url: str,
    statuses: Iterable[str],
    operations: Iterable[str] = (),
    active: bool = True,
    by: Any,
) -> tuple[WebhookEndpoint, str]:
    """The endpoint and its secret, which is told here and never again."""
    secret = new_secret()
    endpoint = WebhookEndpoint.objects.create(
        nombre=nombre,
        url=url,
        statuses=list(statuses),
        operations=list(operations),
        active=active,
        sealed_secret=seal({"secret": secret}),
        created_by=by.get_username(),
    )
    return endpoint, secret


def renew_secret(endpoint: WebhookEndpoint) -> str:
    """A new secret; what is sent from now on is signed with it."""
    secret = new_secret()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(sealed_secret=seal({"secret": secret}))
    return secret


def secret_of(endpoint: WebhookEndpoint) -> str:
    """The secret; raise OperationError where SECRET_KEY is no longer the one that sealed it."""
    try:
        return str(unseal(endpoint.sealed_secret)["secret"])
    except OperationError as error:
        raise OperationError(
            _("No se puede leer el secreto de «%(name)s».") % {"name": endpoint},
            cause=_("SECRET_KEY cambió desde que se creó."),
            remedy=_("Renueve el secreto y déselo al receptor."),
        ) from error


def trusted_hosts() -> frozenset[str]:
    """The hosts of our own network that may be told."""
    return frozenset(one.lower().rstrip(".") for one in settings.WEBHOOK_ALLOWED_HOSTS)
