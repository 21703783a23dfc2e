"""Offer an operation on the selected rows of any ModelAdmin, in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from .. import permissions, registry
from ..conf import setting
from ..operations import Operation
from ..text import Text
from .operation_pages import Selection, form_for_selection

ParamsOf = Callable[[Any], dict[str, Any]]
Action = Callable[[Any, HttpRequest, Any], HttpResponseBase | None]


def operation_action(name: str, *, params: ParamsOf, label: Text | None = None) -> Action:
    """Return an admin action: selection → ``params(queryset)`` → the operation's form → run.

    ``actions = [operation_action("run_etl", params=lambda rows: {"calls": …})]`` is all that a
    ModelAdmin needs. The action is hidden from, and refused to, whoever may not run the
    operation; a selection above ``MAX_SELECTION`` is refused before ``params`` is asked. What
    ``params`` returns travels in the form, not in a URL: give long lists as one text value.
    """

    def action(
        modeladmin: ModelAdmin[Any], request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponseBase | None:
        operation = registry.get(name)
        if not permissions.may_run(operation, request.user):
            raise PermissionDenied(operation.permission())
        count = size_of(queryset)
        if count is None:
            modeladmin.message_user(request, too_many(), messages.ERROR)
            return None
        selection = Selection(count=count, model=queryset.model._meta, values=params(queryset))
        return form_for_selection(request, operation, selection)

    action.__name__ = f"operation_{name}"
    action.short_description = label or lazy(_title, str)(name)  # type: ignore[attr-defined]
    action.allowed_permissions = [f"run_{name}"]  # type: ignore[attr-defined]
    return action


def size_of(queryset: QuerySet[Any]) -> int | None:
    """How many rows are selected; None: more than an action may take."""
    most: int = setting("MAX_SELECTION")
    count = queryset.order_by()[: most + 1].count()
    return count if count <= most else None


def too_many() -> str:
    """The refusal of a selection without bounds."""
    return _(
        "La selección es demasiado grande: el máximo es %(most)s. Seleccione menos filas, o lance "
        "la operación desde su página con un rango."
    ) % {"most": setting("MAX_SELECTION")}


def let_site_check(modeladmin: ModelAdmin[Any]) -> None:
    """Give the ModelAdmin the permission checks that Django asks it for, by action."""
    for action in modeladmin.actions or ():
        for permission in getattr(action, "allowed_permissions", ()):
            if permission.startswith("run_"):
                setattr(modeladmin, f"has_{permission}_permission", _check(permission[4:]))


def _check(name: str) -> Callable[[HttpRequest], bool]:
    def check(request: HttpRequest) -> bool:
        operation: Operation | None = registry.find(name)
        return operation is not None and permissions.may_run(operation, request.user)

    return check


def _title(name: str) -> str:
    operation = registry.find(name)
    return str(operation.title) if operation else name
