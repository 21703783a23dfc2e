"""The pages of an operation: its form with what is known of it, and its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models.options import Options
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from .. import approvals, limits, permissions
from .. import params as parameters
from ..doors import Door
from ..exceptions import OperationError
from ..models import Origin
from ..operations import Effect, Operation
from ..plans import Plan, StalePlan
from ..selectors import runs as history
from ..selectors.queue import queue_state
from . import plans, whocan
from .forms import FIXED, admin_form, current_values, params_form
from .pages import page
from .presenters.queue_words import advice
from .presenters.spark import spark_of
from .programme_card import programme_card


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Rows that an admin action hands to an operation, as values for its form."""

    count: int
    model: Options[Any] | None
    values: dict[str, Any]


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
    runs, state = history.recent(operation.name), queue_state()
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
        timeout=timedelta(seconds=operation.deadline({})),
        spark=spark_of(runs),
        queue=state,
        advice=advice(state),
        **programme_card(operation, request.user),
    )


def begun_elsewhere(
    request: HttpRequest, operation: Operation, values: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """For the page where it begins: its help, its last runs and the same line in the terminal."""
    if not permissions.may_run(operation, request.user):
        return {}
    runs = history.recent(operation.name)
    return {
        "operation": operation,
        "manual_url": reverse("admin:opsconsole_manual", args=[operation.name]),
        "runs": visible(request, runs)[:8],
        "last": runs[0] if runs else None,
        "command": parameters.command_line(operation, values or {}),
    }


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
    carried = params_form(operation, data=form.data, hidden=hidden)
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
        most=limits.TYPE_ABOVE,
        problem=problem,
        stale=isinstance(problem, StalePlan),
        command=parameters.command_line(operation, current_values(form)),
    )
