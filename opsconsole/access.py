"""Who may run an operation, through which doors, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .conf import setting
from .operations import Operation
from .programmes.orders import owners_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The answer about one account; ``until`` None: nothing ends it by itself."""

    person: str
    person_id: str
    allowed: bool
    why: str
    doors: str
    until: datetime | None = None


def who_may(operation: Operation) -> list[Access]:
    """Every account about which there is something to say, by name.

    The site's ``OPSCONSOLE["EXPLAIN_ACCESS"]`` answers where its own backend decides: a dotted
    path of a function from a permission to Access rows. Without it, Django's own permissions are
    all there is. Accounts that may nothing, and never could, are not listed.
    """
    owners = owners_of(operation)
    rows = explained(operation.permission())
    return [with_door(one, programmes(owners[one.person_id])) for one in rows]


def with_door(row: Access, door: str) -> Access:
    """The row with one more way in, if it is one and the account may at all."""
    return replace(row, doors=f"{row.doors}; {door}") if door and row.allowed else row


def programmes(count: int) -> str:
    """What runs by itself in her name; empty: nothing does."""
    if not count:
        return ""
    text = ngettext("%(count)s tarea programada suya", "%(count)s tareas programadas suyas", count)
    return text % {"count": count}


def who_may_decide(asker: Any) -> list[str]:
    """The names of those who could be the second person where this account is the first."""
    found = explained("opsconsole.approve_jobrun")
    return [one.person for one in found if one.allowed and one.person_id != str(asker.pk)]


def explained(permission: str) -> list[Access]:
    """Who has the permission and why, as the site tells it; those who have it first."""
    path = setting("EXPLAIN_ACCESS")
    explain = import_string(path) if path else plain_access
    return sorted(explain(permission), key=lambda one: (not one.allowed, one.person))


def plain_access(permission: str) -> Iterable[Access]:
    """Superusers, and who has Django's permission of her own or through a group of Django's."""
    return [access(user, allowed=True, why=why) for user, why in plain_holders(permission)]


def plain_holders(permission: str) -> list[tuple[Any, str]]:
    """Active accounts with the reason, the strongest first; each once."""
    app, _dot, codename = permission.partition(".")
    wanted = Permission.objects.filter(content_type__app_label=app, codename=codename)
    people = active_people()
    name = get_user_model().USERNAME_FIELD
    found: dict[Any, tuple[Any, str]] = {}
    for condition, why in (
        (Q(is_superuser=True), _("es superusuario")),
        (Q(user_permissions__in=wanted), _("permiso propio de Django")),
        (Q(groups__permissions__in=wanted), _("permiso de un grupo de Django")),
    ):
        for user in people.filter(condition).order_by(name).distinct():
            found.setdefault(user.pk, (user, why))
    return list(found.values())


def active_people() -> QuerySet[Any]:
    """Accounts that may do anything at all."""
    people: QuerySet[Any] = get_user_model()._default_manager.filter(is_active=True)
    return people


def access(user: Any, *, allowed: bool, why: str, until: datetime | None = None) -> Access:
    """The row of an account; its doors are those that open to it."""
    return Access(
        person=user.get_username(),
        person_id=str(user.pk),
        allowed=allowed,
        why=why,
        doors=doors_of(user) if allowed else "",
        until=until,
    )


def doors_of(user: Any) -> str:
    """The pages are for the staff; the terminal acts for anybody with ``--as``."""
    if user.is_staff:
        return _("la página y la terminal (--as)")
    return _("solo la terminal (--as)")
