"""Accounts, groups of permissions, policies: every ``save()``, from any door, is written down.

In the transaction of the save: where the entry cannot be written, the change is undone. What is
changed in bulk is written down by whoever does it (``users.granting``).
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from callcentersite.apps.users.models import GrupoPermiso
from callcentersite.data_centralization.models import RetentionPolicy

from .services import record
from .vocabulary import Action

User = get_user_model()
# What is told as it was and as it is; of the rest of an account only that it changed.
SAID_IN_FULL: dict[type[Model], tuple[str, ...]] = {
    User: ("username", "is_active", "is_staff", "is_superuser"),
    GrupoPermiso: ("codigo", "nombre", "nivel_riesgo", "requiere_aprobacion", "activo"),
    RetentionPolicy: tuple(
        field.name for field in RetentionPolicy._meta.fields if not field.primary_key
    ),
}
ONLY_NAMED = {
    User: ("first_name", "last_name", "email"),
    GrupoPermiso: ("descripcion", "categoria"),
    RetentionPolicy: (),
}
CREATED = {
    User: Action.ACCOUNT_CREATED,
    GrupoPermiso: Action.GROUP_CHANGED,
    RetentionPolicy: Action.POLICY_CREATED,
}
CHANGED = {
    User: Action.ACCOUNT_CHANGED,
    GrupoPermiso: Action.GROUP_CHANGED,
    RetentionPolicy: Action.POLICY_CHANGED,
}
DELETED = {
    User: Action.ACCOUNT_DELETED,
    GrupoPermiso: Action.GROUP_CHANGED,
    RetentionPolicy: Action.POLICY_DELETED,
}
SIGNS = {"post_add": "added", "post_remove": "removed", "pre_clear": "cleared"}


def remember(
    sender: Any, instance: Any, using: str, update_fields: Any = None, **kwargs: Any
) -> None:
    """What the row says now."""
    names = names_of(sender)
    touched = update_fields is None or set(update_fields) & set(names)
    instance._audit_before = None
    if touched and instance.pk is not None:
        rows = sender._default_manager.using(using).filter(pk=instance.pk)
        instance._audit_before = rows.values(*names).first()


def tell_save(
    sender: Any, instance: Any, created: bool, update_fields: Any = None, **kwargs: Any
) -> None:
    """A new row, a changed one, a new password."""
    before: dict[str, Any] | None = instance.__dict__.pop("_audit_before", None)
    if created:
        record(CREATED[sender], instance, **first_said(sender, instance))
    elif before is not None:
        changes = differences(sender, instance, before, update_fields)
        if changes:
            record(CHANGED[sender], instance, **changes)
    # Django's own mark of a new password; None where it only renewed the old one's hash.
    if getattr(instance, "_password", None) is not None and not created:
        record(Action.PASSWORD_CHANGED, instance)


def tell_delete(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A row that is gone."""
    detail = {"deleted": True} if sender is GrupoPermiso else first_said(sender, instance)
    record(DELETED[sender], instance, **detail)


def names_of(sender: Any) -> tuple[str, ...]:
    """The columns that are watched."""
    return (*SAID_IN_FULL[sender], *ONLY_NAMED[sender])


def first_said(sender: Any, instance: Any) -> dict[str, Any]:
    """What is worth telling of a whole row."""
    return {name: getattr(instance, name) for name in SAID_IN_FULL[sender]}


def differences(
    sender: Any, instance: Any, before: dict[str, Any], update_fields: Any
) -> dict[str, Any]:
    """Column → as it was and as it is; personal ones only by their name."""
    written = set(names_of(sender)) if update_fields is None else set(update_fields)
    changed = [
        name
        for name in names_of(sender)
        if name in written and before[name] != getattr(instance, name)
    ]
    full = {
        name: [before[name], getattr(instance, name)]
        for name in changed
        if name in SAID_IN_FULL[sender]
    }
    others = [name for name in changed if name in ONLY_NAMED[sender]]
    return full | ({"others": others} if others else {})


def tell_rights(
    sender: Any, instance: Model, action: str, model: Any, pk_set: Any, **kwargs: Any
) -> None:
    """Django's own groups and permissions, given and taken."""
    if action not in SIGNS or (action != "pre_clear" and not pk_set):
        return
    rows = model._default_manager.filter(pk__in=pk_set or ())
    detail = {SIGNS[action]: sorted(map(str, rows)), "of": str(model._meta.label_lower)}
    record(Action.ACCOUNT_CHANGED, instance, **detail)


for _model in SAID_IN_FULL:
    pre_save.connect(remember, sender=_model)
    post_save.connect(tell_save, sender=_model)
    post_delete.connect(tell_delete, sender=_model)
for _through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
    m2m_changed.connect(tell_rights, sender=_through)
