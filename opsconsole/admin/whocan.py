"""The page that says who may run an operation, and why."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import access, approvals, permissions, registry
from ..doors import Door
from ..exceptions import OperationError
from ..models import Origin
from .pages import page, problem_page
from .paginator import CappedPaginator

PER_PAGE = 50


def permission() -> str:
    """The right to see accounts: this page is a list of them."""
    model = get_user_model()._meta
    return f"{model.app_label}.view_{model.model_name}"


@require_safe
def whocan_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """The table, in pages."""
    try:
        operation = registry.get(name)
        permissions.require_permission(
            permission(),
            request.user,
            title=_("ver quién puede ejecutar «%(name)s»") % {"name": name},
        )
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede mostrar quién puede"))
    people = CappedPaginator(access.who_may(operation), PER_PAGE)
    return page(
        request,
        "admin/opsconsole/whocan.html",
        title=_("Quién puede: %(title)s") % {"title": operation.title},
        operation=operation,
        people=people.get_page(request.GET.get("p")),
        needs_approval=approvals.is_needed(operation, Door(origin=Origin.ADMIN, user=request.user)),
        may_run=permissions.may_run(operation, request.user),
    )
