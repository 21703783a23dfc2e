"""``user.has_perm()``, answered from groups and exceptions; Django's own backend comes after."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from .domain.mapping import capability_of
from .selectors import Rights, rights_of

logger = logging.getLogger(__name__)
CACHE = "_capacidad_rights"


class CapacidadBackend(BaseBackend):
    """The capabilities of a person, as permissions of Django.

    Stands before ModelBackend: an exception that revokes is a no that nothing after it turns into
    a yes, and so is a database that does not answer. Superusers are Django's own affair: it never
    asks a backend about them. Everything is read by one query and kept on the account, which lives
    as long as a request; what Django's own backend wants to know is read along.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        """Never: this backend answers what people may do, not who they are."""

    def get_user(self, user_id: Any) -> Any:
        """As Django's own: a session may name any of the backends."""
        return ModelBackend().get_user(user_id)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether a capability gives it; raises PermissionDenied where one takes it away."""
        if not is_somebody(user_obj) or obj is not None:
            return False
        rights, code = cached_rights(user_obj), capability_of(perm)
        if code in rights.revoked:
            raise PermissionDenied
        return code in rights.allowed

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether any capability gives something in the app."""
        if not is_somebody(user_obj):
            return False
        return any(
            name.partition(".")[0] == app_label for name in cached_rights(user_obj).permissions
        )

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """The permissions that the capabilities give, and the capabilities themselves."""
        if not is_somebody(user_obj) or obj is not None:
            return set()
        rights = cached_rights(user_obj)
        return set(rights.permissions | rights.allowed)

    # Through a group or by exception: either is hers.
    get_group_permissions = get_all_permissions


def is_somebody(user: Any) -> bool:
    """Whether there is an account, and it is not switched off."""
    return bool(user.is_active and not user.is_anonymous and user.pk is not None)


def cached_rights(user: Any) -> Rights:
    """Read once per account object; fail closed, and say so in the log."""
    rights: Rights | None = getattr(user, CACHE, None)
    if rights is None:
        try:
            rights = rights_of(user)
        except DatabaseError as error:
            logger.exception("No se pudieron leer los permisos de %s: se niega todo.", user.pk)
            raise PermissionDenied from error
        setattr(user, CACHE, rights)
        spare_queries(user, rights)
    return rights


def spare_queries(user: Any, rights: Rights) -> None:
    """Hand Django's backend what was read along, in the two places where it looks first."""
    if user.is_superuser:  # has all permissions, which were not read
        return

    def without_revoked(names: frozenset[str]) -> set[str]:
        return {name for name in names if capability_of(name) not in rights.revoked}

    user._user_perm_cache = without_revoked(rights.user_permissions)
    user._group_perm_cache = without_revoked(rights.group_permissions)
