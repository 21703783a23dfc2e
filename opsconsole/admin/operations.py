"""What is done on the page of an operation: fill in its form, confirm its plan, launch it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import params as parameters
from .. import permissions, registry, runner
from ..doors import Door
from ..exceptions import AlreadyRunning, BadInput, OperationError
from ..models import Origin
from ..operations import Operation
from ..plans import Plan
from . import plans
from .forms import FIXED, params_form
from .operation_pages import form_page, plan_page
from .pages import problem_page


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
    if operation.begins_at:
        return redirect(operation.begins_at)
    initial = {key: request.GET[key] for key in operation.Params.base_fields if key in request.GET}
    return form_page(request, operation, params_form(operation, initial=initial))


def offer(
    request: HttpRequest, operation: Operation, values: dict[str, Any], plan: Plan
) -> HttpResponseBase:
    """Lead from another page to the operation: to its plan for these values, to be confirmed."""
    permissions.require(operation, request.user)
    form = params_form(operation, data=values)
    form.full_clean()
    return plan_page(request, operation, form, plan, problem=None)


def launch(request: HttpRequest, operation: Operation) -> HttpResponseBase:
    """Check the form; what declares a plan shows it first."""
    fixed = [name for name in request.POST.getlist(FIXED) if name in operation.Params.base_fields]
    form = params_form(operation, data=request.POST, hidden=fixed)
    if not form.is_valid():
        return form_page(request, operation, form)
    try:
        if operation.keeps_plan:
            door = Door(origin=Origin.ADMIN, user=request.user)
            return redirect(runner.keep_plan(operation, form.cleaned_data, door=door))
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
    answer = plans.Answer.of(request)
    if answer is None:
        door = Door(origin=Origin.ADMIN, user=request.user)
        plan = runner.plan(operation, form.cleaned_data, door=door)
    else:
        plan = operation.plan(form.cleaned_data)
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
