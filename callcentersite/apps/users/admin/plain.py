"""Django's own permissions and groups, in the reader's words: «Can add agente» is in nobody's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opsconsole import registry

VERBS = {"add": _("agregar"), "change": _("modificar"), "delete": _("eliminar"), "view": _("ver")}
RUN = "run_"


def words_of(permission: Permission) -> str:
    """What it allows; the names that our own models give are texts to translate."""
    verb, _sign, rest = permission.codename.partition("_")
    if verb in VERBS and rest == permission.content_type.model:
        return str(VERBS[verb])
    operation = registry.find(permission.codename.removeprefix(RUN))
    if operation is not None and permission.codename.startswith(RUN):
        return gettext("Puede ejecutar: ") + str(operation.title)
    return gettext(permission.name)


class PermissionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Named by what they are about, and what they allow."""

    def label_from_instance(self, permission: Any) -> str:
        return f"{permission.content_type} | {words_of(permission)}"


class NamedPermissions(admin.ModelAdmin):  # type: ignore[type-arg]
    """For the admins whose forms offer them."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.remote_field.model is Permission:
            kwargs["form_class"] = PermissionsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class PlainGroupAdmin(NamedPermissions, GroupAdmin):
    """Django's groups; people are given ``GrupoPermiso``."""


admin.site.unregister(Group)
admin.site.register(Group, PlainGroupAdmin)
