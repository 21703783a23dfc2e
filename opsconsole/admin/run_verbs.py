"""What people ask of a run on its page: cancel it, repeat it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import approvals, asked_plans, kept_plans, pausing, permissions, registry, runner
from ..doors import Door
from ..exceptions import AlreadyRunning, BadInput, OperationError
from ..models import JobRun, Origin, SealedPlan
from ..operations import Effect
from ..plans import StalePlan
from ..refusals import illegal
from ..states import Status
from . import plans
from .operations import lead_to_active
from .pages import page, problem_page
from .presenters import figures

DECISIONS: dict[str, Callable[..., JobRun]] = {"approve": runner.approve, "reject": runner.reject}


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask first (the page without JavaScript), then do it."""
    try:
        run = runner.find(pk)
        require_sight(run, request.user)
        if request.method != "POST":
            return ask_before_cancelling(request, run)
        run = runner.cancel(run, door=Door(origin=Origin.ADMIN, user=request.user))
    except OperationError as error:
        return problem_page(request, error, title=_("No se canceló"))
    if run.is_active:
        messages.info(request, what_was_asked(run))
    else:
        messages.success(request, _("La corrida se canceló antes de empezar."))
    return redirect(run)


def what_was_asked(run: JobRun) -> str:
    """Its end; or a pause, where it can be resumed."""
    if pausing.is_pausable(run):
        return _("Se pidió pausar: la corrida parará en el próximo punto seguro.")
    return _("Se pidió cancelar: la corrida parará en el próximo punto seguro.")


def ask_before_cancelling(request: HttpRequest, run: JobRun) -> HttpResponseBase:
    """The confirmation, with what would remain."""
    if not runner.may_cancel(run, request.user):
        raise permissions.not_allowed(
            _("cancelar la corrida %(id)s") % {"id": run.pk},
            request.user,
            permission="opsconsole.cancel_jobrun",
        )
    operation = registry.find(run.operation)
    pausable = pausing.is_pausable(run)
    title = _("Pausar la corrida %(id)s") if pausable else _("Cancelar la corrida %(id)s")
    return page(
        request,
        "admin/opsconsole/cancel.html",
        title=title % {"id": run.pk},
        run=run,
        operation=operation,
        remains=operation.if_cancelled(run) if operation else "",
    )


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Run the same again; what destroys goes back to its plan, what has secrets to its form."""
    try:
        run = runner.find(pk)
        require_sight(run, request.user)
        operation = registry.get(run.operation)
        if operation.effect is Effect.DESTROYS and runner.may_retry(run, request.user):
            return redirect(prefilled(run))
        try:
            return redirect(runner.retry(run, door=Door(origin=Origin.ADMIN, user=request.user)))
        except AlreadyRunning as error:
            return lead_to_active(request, operation, error)
        except BadInput as error:
            messages.warning(request, f"{error.message} {error.cause} {error.remedy}")
            return redirect(prefilled(run))
    except OperationError as error:
        return problem_page(request, error, title=_("No se repitió"))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The second person reads what was asked for, then approves or rejects it."""
    try:
        run = runner.find(pk)
        require_sight(run, request.user)
        door = Door(origin=Origin.ADMIN, user=request.user)
        title = _("Aprobar o rechazar la corrida %(id)s") % {"id": run.pk}
        approvals.require_second_person(run, door, verb=title.lower())
        if run.status != Status.AWAITING_APPROVAL:
            raise illegal(run, _("aprobar ni rechazar"))
        decision = request.POST.get("decision", "")
        if decision not in DECISIONS:
            return page(
                request,
                "admin/opsconsole/decide.html",
                title=title,
                run=run,
                operation=registry.find(run.operation),
                params=figures.params_of(run.params, registry.find(run.operation)),
                **plan_parts(run),
            )
        said: dict[str, Any] = {"reason": request.POST.get("reason", "").strip()[:300]}
        if decision == "approve":
            said["seen"] = request.POST.get("plan_digest", "")
        run = DECISIONS[decision](run, door=door, **said)
    except OperationError as error:
        return problem_page(request, error, title=_("No se decidió"))
    if run.status == Status.REJECTED:
        messages.success(request, _("La corrida se rechazó: no se ejecuta."))
    else:
        messages.success(request, _("La corrida se aprobó y está en cola."))
    return redirect(run)


def plan_parts(run: JobRun) -> dict[str, Any]:
    """What the run is to carry out, where it has a plan: the second person reads it too."""
    kept = SealedPlan.objects.filter(run=run).first()
    if kept is not None:
        plan = kept_plans.shown(kept)
        return {"plan": plan, "details": plan.details, "table": plans.table_of(plan)}
    try:
        asked = asked_plans.plan_of(run)
    except OperationError as error:  # it may still be rejected
        return {"problem": error}
    if asked is None:
        return {}
    changed = run.plan_digest not in ("", asked.digest())
    return {
        "plan": asked,
        "table": plans.table_of(asked),
        "digest": asked.digest(),
        "problem": StalePlan(asked) if changed else None,
    }


def require_sight(run: JobRun, user: Any) -> None:
    """Raise NotAllowed unless this person may see the run at all."""
    if not permissions.may_see(run, user):
        raise permissions.not_allowed(
            _("ver la corrida %(id)s") % {"id": run.pk}, user, permission="opsconsole.view_jobrun"
        )


def prefilled(run: JobRun) -> str:
    """The operation's page with the run's parameters, secrets left out."""
    operation = registry.get(run.operation)
    values = {
        name: "on" if value is True else value
        for name, value in run.params.items()
        if value not in (None, "", False, []) and name not in operation.sensitive
    }
    url = reverse("admin:opsconsole_operation", args=[operation.name])
    query = urlencode(values, doseq=True)
    return f"{url}?{query}" if query and len(query) < 4_000 else url
