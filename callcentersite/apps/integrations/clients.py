"""Create, rotate and revoke clients of the API; and know one by its token."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.audit.services import Action, record
from opsconsole import OperationError
from opsconsole.exceptions import NotAllowed

from .domain.scopes import LAUNCH
from .domain.tokens import Token, new_token, parsed
from .models import ApiClient

WRITE_USE_EVERY = timedelta(minutes=1)


@transaction.atomic
def create(
    *,
    nombre: str,
    account: Any,
    scopes: Iterable[str],
    expires_at: datetime | None,
    by: Any,
) -> tuple[ApiClient, str]:
    """The client and its token, which is told here and never again."""
    require_giveable(account, by)
    token = new_token()
    proof = proof_of(token)
    client = ApiClient.objects.create(
        nombre=nombre,
        account=account,
        scopes=sorted(scopes),
        expires_at=expires_at,
        prefix=proof.prefix,
        digest=proof.digest,
        created_by=by.get_username(),
    )
    record(
        Action.CLIENT_CREATED,
        client,
        by=by,
        account=str(account),
        scopes=client.scopes,
        expires_at=expires_at,
    )
    return client, token


@transaction.atomic
def rotate(client: ApiClient, *, by: Any) -> str:
    """A new token in place of the old one, which is refused from now on."""
    require_giveable(client.account, by)
    token = new_token()
    proof = proof_of(token)
    changed = ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(
        prefix=proof.prefix, digest=proof.digest, rotated_at=timezone.now()
    )
    if not changed:
        raise already_revoked(client)
    record(Action.CLIENT_ROTATED, client, by=by, account=str(client.account or ""))
    return token


@transaction.atomic
def revoke(client: ApiClient, *, by: Any) -> None:
    """Its token is refused from now on."""
    changed = ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=by.get_username()
    )
    if not changed:
        raise already_revoked(client)
    record(Action.CLIENT_REVOKED, client, by=by, account=str(client.account or ""))


def proof_of(token: str) -> Token:
    """What is stored of a token of ours."""
    proof = parsed(token)
    assert proof is not None  # noqa: S101
    return proof


def require_giveable(account: Any, by: Any) -> None:
    """Raise NotAllowed unless the account is her own, or a system's within her own rights."""
    require_nobody_else(account, by)
    require_no_more_than_oneself(account, by)


def require_nobody_else(account: Any, by: Any) -> None:
    """Raise NotAllowed where what the token does would be told of a colleague."""
    if account is None or account == by or is_service(account):
        return
    raise NotAllowed(
        _("No puede dar un token que actúe a nombre de %(account)s.") % {"account": account},
        cause=_("Es la cuenta de una persona: lo que haga el token se le atribuiría a ella."),
        remedy=_("Use su propia cuenta, o una de servicio: sin acceso al admin ni contraseña."),
    )


def is_service(account: Any) -> bool:
    """Whether nobody can log in as it: the account of a system."""
    return not account.is_staff and not account.has_usable_password()


def require_no_more_than_oneself(account: Any, by: Any) -> None:
    """Raise NotAllowed where a token would give its maker rights that she does not have."""
    if account is None or by.is_superuser or account == by:
        return
    if account.is_superuser or not by.get_all_permissions() >= account.get_all_permissions():
        raise NotAllowed(
            _("No puede dar un token con los permisos de %(account)s.") % {"account": account},
            cause=_("Esa cuenta puede cosas que la suya no."),
            remedy=_("Elija otra cuenta, o pídalo a quien tenga esos permisos."),
        )


def already_revoked(client: ApiClient) -> OperationError:
    """The refusal of what was ended already."""
    return OperationError(
        _("«%(client)s» ya estaba revocado.") % {"client": client},
        remedy=_("Cree otro cliente si ese sistema debe volver a entrar."),
    )


def that_launch(now: datetime) -> dict[str, list[str]]:
    """Account by account, the names of the clients that may launch operations now."""
    found: dict[str, list[str]] = {}
    in_force = ApiClient.objects.filter(revoked_at=None).exclude(expires_at__lte=now)
    for client in in_force.exclude(account=None).order_by("nombre"):
        if LAUNCH in client.scopes:
            found.setdefault(str(client.account_id), []).append(client.nombre)
    return found


# At each request


def known(token: Token | None) -> ApiClient | None:
    """The client that the token belongs to, as it is now; None: nobody's."""
    if token is None:
        return None
    client = ApiClient.objects.select_related("account").filter(prefix=token.prefix).first()
    return client if client is not None and token.is_digest(client.digest) else None


def problem_with(client: ApiClient, *, now: datetime) -> str:
    """Why the client may not come in, in a sentence; empty: it may."""
    if client.revoked_at is not None:
        return _("El token fue revocado.")
    if client.is_over(now):
        return _("El token venció.")
    if client.account is None or not client.account.is_active:
        return _("La cuenta del cliente está inactiva.")
    return ""


def note_use(client: ApiClient, *, now: datetime) -> None:
    """Write down that it was used, at most once a minute."""
    if client.last_used_at is not None and now - client.last_used_at < WRITE_USE_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - WRITE_USE_EVERY)
    ApiClient.objects.filter(stale, pk=client.pk).update(last_used_at=now)
