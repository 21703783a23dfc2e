"""The page of an operation: read about it, fill in its form, see its plan, launch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models.options import Options
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import approvals, permissions, registry, runner
from .. import params as parameters
from ..doors import Door
from ..exceptions import AlreadyRunning, BadInput, OperationError
from ..models import Origin
from ..operations import Effect, Operation
from ..plans import Plan, StalePlan
from ..selectors import runs as history
from ..selectors.queue import queue_state
from . import plans, whocan
from .forms import FIXED, admin_form, current_values, params_form
from .pages import page, problem_page
from .presenters.queue_words import advice
from .presenters.spark import spark_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows that an admin action hands to an operation, as values for its form."""

    count: int
    model: Options[Any] | None
    values: dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def operation_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """Show the form; or take it, and lead to the plan or to the run."""
    try:
        operation = registry.get(name)
        permissions.require(operation, request.user)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede mostrar la operación"))
    if request.method == "POST":
        return launch(request, operation)
    initial = {key: request.GET[key] for key in operation.Params.base_fields if key in request.GET}
    return form_page(request, operation, params_form(operation, initial=initial))


def launch(request: HttpRequest, operation: Operation) -> HttpResponseBase:
    """Check the form; what declares a plan shows it first."""
    fixed = [name for name in request.POST.getlist(FIXED) if name in operation.Params.base_fields]
    form = params_form(operation, data=request.POST, hidden=fixed)
    if not form.is_valid():
        return form_page(request, operation, form)
    try:
        if operation.has_plan():
            return confirm(request, operation, form)
        return submit(request, operation, form)
    except BadInput as error:
        add_errors(form, error)
        return form_page(request, operation, form)
    except OperationError as error:
        return form_page(request, operation, form, problem=error)


def confirm(request: HttpRequest, operation: Operation, form: forms.Form) -> HttpResponseBase:
    """Show the plan until it is confirmed as it was shown; then submit that."""
    plan = operation.plan(form.cleaned_data)
    answer = plans.Answer.of(request)
    problem = plans.problem_with(answer, plan, operation=operation)
    if answer is None or problem is not None:
        return plan_page(request, operation, form, plan, problem=problem)
    return submit(request, operation, form, plan_digest=answer.digest)


def submit(
    request: HttpRequest, operation: Operation, form: forms.Form, *, plan_digest: str = ""
) -> HttpResponseBase:
    """Hand it to the runner, and lead to the run; or to the one that is already under way."""
    door = Door(origin=Origin.ADMIN, user=request.user)
    values = parameters.to_json(form.cleaned_data)
    try:
        return redirect(runner.submit(operation, values, door=door, plan_digest=plan_digest))
    except AlreadyRunning as error:
        return lead_to_active(request, operation, error)


def lead_to_active(
    request: HttpRequest, operation: Operation, error: AlreadyRunning
) -> HttpResponseBase:
    """The other thirty-nine clicks end here."""
    messages.warning(request, f"{error.message} {error.cause} {error.remedy}")
    holder = error.run_id and runner.find(error.run_id)
    if holder and permissions.may_see(holder, request.user):
        return redirect(holder)
    return redirect("admin:opsconsole_operation", name=operation.name)


def add_errors(form: forms.Form, error: BadInput) -> None:
    """Put the runner's errors at the fields that they are about."""
    for name, sentences in error.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def form_for_selection(
    request: HttpRequest, operation: Operation, selection: Selection
) -> HttpResponseBase:
    """The form of an operation with what the selection gives filled in and hidden."""
    form = params_form(operation, initial=selection.values, hidden=list(selection.values))
    return form_page(request, operation, form, selection=selection)


def form_page(
    request: HttpRequest,
    operation: Operation,
    form: forms.Form,
    *,
    problem: OperationError | None = None,
    selection: Selection | None = None,
) -> HttpResponseBase:
    """The page: form, command line, history."""
    runs = history.recent(operation.name)
    return page(
        request,
        "admin/opsconsole/operation.html",
        title=operation.title,
        operation=operation,
        destroys=operation.effect is Effect.DESTROYS,
        needs_approval=approvals.is_needed(operation, Door(origin=Origin.ADMIN, user=request.user)),
        may_see_people=request.user.has_perm(whocan.permission()),
        has_plan=operation.has_plan(),
        form=form,
        adminform=admin_form(form),
        fixed=[field.name for field in form.hidden_fields()],
        fixed_name=FIXED,
        selection=selection,
        problem=problem,
        command=parameters.command_line(operation, current_values(form)),
        command_base=parameters.command_line(operation, {}),
        runs=visible(request, runs)[:8],
        last=runs[0] if runs else None,
        active=next((run for run in runs if run.is_active), None) if operation.exclusive else None,
        usual=history.usual_duration(runs),
        spark=spark_of(runs),
        queue=queue_state(),
        advice=advice(queue_state()),
    )


def visible(request: HttpRequest, runs: list[Any]) -> list[Any]:
    """Those of the runs that this person may open."""
    return [run for run in runs if permissions.may_see(run, request.user)]


def plan_page(
    request: HttpRequest,
    operation: Operation,
    form: forms.Form,
    plan: Plan,
    *,
    problem: OperationError | None,
) -> HttpResponseBase:
    """The plan, with its consequence on the button."""
    # Secrets are not written into the page: they are asked for again.
    hidden = [name for name in form.fields if name not in operation.sensitive]
    carried = params_form(operation, data=request.POST, hidden=hidden)
    return page(
        request,
        "admin/opsconsole/plan.html",
        title=operation.title,
        operation=operation,
        form=carried,
        plan=plan,
        table=plans.table_of(plan),
        digest=plan.digest(),
        destroys=operation.effect is Effect.DESTROYS,
        must_type=plans.must_type(operation, plan),
        most=plans.TYPE_ABOVE,
        problem=problem,
        stale=isinstance(problem, StalePlan),
        command=parameters.command_line(operation, current_values(form)),
    )
