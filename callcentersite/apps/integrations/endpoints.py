"""The addresses that are told of runs that end: create them, renew their secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callcentersite.apps.audit.services import Action, record
from opsconsole import OperationError
from opsconsole.sealing import seal, unseal

from .domain.signatures import new_secret
from .models import WebhookEndpoint


@transaction.atomic
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
    record(Action.WEBHOOK_CREATED, endpoint, by=by, **what_it_tells(endpoint))
    return endpoint, secret


@transaction.atomic
def change(endpoint: WebhookEndpoint, *, by: Any) -> None:
    """Store what was changed in it; its secret is another matter."""
    endpoint.save()
    record(Action.WEBHOOK_CHANGED, endpoint, by=by, **what_it_tells(endpoint))


@transaction.atomic
def renew_secret(endpoint: WebhookEndpoint, *, by: Any) -> str:
    """A new secret; what is sent from now on is signed with it."""
    secret = new_secret()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(sealed_secret=seal({"secret": secret}))
    record(Action.WEBHOOK_RENEWED, endpoint, by=by)
    return secret


def what_it_tells(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """Where to and of what, for the audit; of the address no more than the receiver's name."""
    return {
        "url": urlsplit(endpoint.url).hostname or "",
        "statuses": list(endpoint.statuses),
        "operations": list(endpoint.operations),
        "active": endpoint.active,
    }


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
