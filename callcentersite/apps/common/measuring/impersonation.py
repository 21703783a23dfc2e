"""As whom a page is measured."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from opsconsole.doors import operating_system_user
from opsconsole.exceptions import BadInput, NotAllowed

PERMISSION = "users.impersonate_user"


def account_for(requester: Any, username: str) -> Any:
    """The account whose page is measured; raises BadInput, NotAllowed.

    ``requester`` None is the terminal, whose user may do anything to the site as it is: she acts
    as whom she names, else as the account of her own name, else as the only superuser there is.
    """
    if not username:
        return requester or terminals_own()
    account = active().filter(username=username).first()
    if account is None:
        raise BadInput({"user": [_("No hay una cuenta activa «%(name)s».") % {"name": username}]})
    if requester is not None and not may_act_as(requester, account):
        raise NotAllowed(
            _("%(user)s no puede medir como %(other)s.")
            % {"user": requester.get_username(), "other": username},
            cause=_("Falta el permiso %(permission)s, o la cuenta es de un superusuario.")
            % {"permission": PERMISSION},
            remedy=_("Mida con su propia cuenta, o pida el permiso."),
        )
    return account


def may_act_as(requester: Any, account: Any) -> bool:
    """Herself always; anybody for superusers; for others a right, and never a superuser."""
    if requester.pk == account.pk or requester.is_superuser:
        return True
    return requester.has_perm(PERMISSION) and not account.is_superuser


def terminals_own() -> Any:
    """The account of the terminal's user; raises BadInput where that is not clear."""
    own = active().filter(username=operating_system_user()).first()
    superusers = list(active().filter(is_superuser=True)[:2])
    if own is None and len(superusers) != 1:
        raise BadInput({"user": [_("La terminal no tiene cuenta: indique --user o --as.")]})
    return own or superusers[0]


def active() -> Any:
    """Accounts that can log in."""
    return get_user_model()._default_manager.filter(is_active=True)
