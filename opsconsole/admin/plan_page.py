"""The page of a plan that is kept: read it, type its number, confirm it once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import approvals, kept_plans, limits, permissions, registry, runner
from ..access import who_may_decide
from ..doors import Door
from ..exceptions import AlreadyRunning, NotAllowed, OperationError
from ..models import Origin, SealedPlan
from ..operations import Effect, Operation
from ..plans import StalePlan
from . import plans
from .forms import params_form
from .operations import lead_to_active
from .pages import page, problem_page


@require_http_methods(["GET", "HEAD", "POST"])
def plan_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show it to who made it and to who may see every run; let who made it confirm it."""
    try:
        kept = kept_plans.find(pk)
        operation = registry.get(kept.operation)
        require_sight(kept, operation, request.user)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede mostrar el plan"))
    if request.method != "POST":
        return show(request, kept, operation)
    try:
        return confirm(request, kept, operation)
    except AlreadyRunning as error:
        return lead_to_active(request, operation, error)
    except NotAllowed as error:
        return problem_page(request, error, title=_("No se puede confirmar el plan"))
    except OperationError as error:
        return show(request, kept, operation, problem=error)


def require_sight(kept: SealedPlan, operation: Operation, user: Any) -> None:
    """Raise NotAllowed unless it is theirs and they may still run it, or they may see every run."""
    own = kept_plans.is_own(kept, user) and permissions.may_run(operation, user)
    if not own and not permissions.may_see_every_run(user):
        raise NotAllowed(
            _("El plan %(id)s es de otra persona.") % {"id": kept.pk},
            cause=_("Falta el permiso %(permission)s.") % {"permission": "opsconsole.view_jobrun"},
            remedy=_("Lance la operación usted y tendrá su propio plan."),
        )


def confirm(request: HttpRequest, kept: SealedPlan, operation: Operation) -> HttpResponseBase:
    """Apply it; where it is large, only with its number."""
    if limits.is_large(kept.rows) and plans.typed_number(request) != str(kept.rows):
        raise plans.wrong_number(kept.rows)
    return redirect(runner.apply(kept, door=Door(origin=Origin.ADMIN, user=request.user)))


def show(
    request: HttpRequest,
    kept: SealedPlan,
    operation: Operation,
    *,
    problem: OperationError | None = None,
) -> HttpResponseBase:
    """The page, with the consequence on the button."""
    kept.refresh_from_db()
    plan = kept_plans.shown(kept)
    door = Door(origin=Origin.ADMIN, user=request.user)
    usable = usability(kept, door)
    needs_approval = approvals.is_needed(operation, door, plan=kept)
    return page(
        request,
        "admin/opsconsole/kept_plan.html",
        title=operation.title,
        status=409 if isinstance(problem, StalePlan) else 200,
        operation=operation,
        kept=kept,
        may_run=permissions.may_run(operation, request.user),
        plan=plan,
        table=plans.table_of(plan),
        details=plan.details,
        destroys=operation.effect is Effect.DESTROYS,
        must_type=limits.is_large(kept.rows),
        most=limits.TYPE_ABOVE,
        problem=problem or (usable if not kept.run_id else None),
        usable=usable is None and not isinstance(problem, StalePlan),
        again=params_form(operation, data=kept.params, hidden=list(operation.Params.base_fields)),
        needs_approval=needs_approval,
        deciders=who_may_decide(request.user) if needs_approval else [],
        command=f"python manage.py console apply {kept.pk} --expect-rows={kept.rows}",
    )


def usability(kept: SealedPlan, door: Door) -> OperationError | None:
    """Why this person cannot confirm it now; None: they can."""
    try:
        kept_plans.require_usable(kept, door=door)
    except OperationError as error:
        return error
    return None
