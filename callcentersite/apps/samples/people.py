"""An account with each of the catalogue's groups, and a request that waits for a second person."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.users.granting import Grant, assign_group, put_in_group
from callcentersite.apps.users.selectors import groups_by_code, memberships_in_force
from opsconsole import OperationError

from .domain.cast import ADMINISTRATOR, ANALYST, CAST, Role
from .scene import Scene, cast_accounts


def make(scene: Scene) -> int:
    """Those that are missing; return how many. Whoever has the name already keeps it."""
    groups = catalogue()
    made = sum(make_one(role, groups[role.group]) for role in CAST)
    if made:
        ask_for_more(groups["configuracion_sistema"])
    return made


def catalogue() -> dict[str, Any]:
    """The groups by their codes; raises where they were never seeded."""
    groups = groups_by_code()
    if any(role.group not in groups for role in CAST):
        raise OperationError(
            _("Faltan los grupos de permisos del catálogo."),
            cause=_("Las personas de demostración tienen uno cada una."),
            remedy=_("Ejecute seed_permisos_granular"),
        )
    return groups


def make_one(role: Role, group: Any) -> bool:
    """The account and its membership; False: the name is taken."""
    accounts: Any = get_user_model()._default_manager
    if accounts.filter(username=role.username).exists():
        return False
    with transaction.atomic():
        account = accounts.create(
            username=role.username,
            email=role.email,
            password=quick_hash(role.username),
            first_name=role.first_name,
            last_name=role.last_name,
            is_staff=True,
        )
        put_in_group(account, group, grant(None))
    return True


def quick_hash(password: str) -> str:
    """A weak hash of a password that is no secret: ten good ones take as long as all the rest.

    The first login renews it, as it does every hash of fewer rounds than usual.
    """
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=1_000)
    return make_password(password)


def grant(by: Any) -> Grant:
    """Why, and since when."""
    return Grant(by=by, motivo=_("Datos de demostración"), now=timezone.now())


def ask_for_more(group: Any) -> None:
    """The administrator asks for a group that somebody else must approve."""
    analyst = cast_accounts().filter(username=ANALYST.username).first()
    administrator = cast_accounts().filter(username=ADMINISTRATOR.username).first()
    if analyst is None or administrator is None:
        return
    if not memberships_in_force(timezone.now()).filter(usuario=analyst, grupo=group).exists():
        assign_group(analyst, group, grant(administrator))
