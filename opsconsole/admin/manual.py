"""The section of the guide about one operation, for whoever may run it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import approvals, permissions, registry
from ..doors import Door
from ..exceptions import OperationError
from ..manual import EXIT_CODES, manual_of
from ..models import Origin
from .pages import page, problem_page


@require_safe
def manual_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """What it does, its options, its lines for the terminal, what its numbers mean."""
    try:
        operation = registry.get(name)
        permissions.require(operation, request.user)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede mostrar la ayuda"))
    return page(
        request,
        "admin/opsconsole/manual.html",
        title=_("Ayuda: %(title)s") % {"title": operation.title},
        operation=operation,
        manual=(manual := manual_of(operation)),
        timeout=timedelta(seconds=manual.timeout_seconds),
        exit_codes=EXIT_CODES,
        needs_approval=approvals.is_needed(operation, Door(origin=Origin.ADMIN, user=request.user)),
    )
