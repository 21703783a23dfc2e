"""What the account may run: the list, the plan, and the launch."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from opsconsole import Operation, Plan, approvals, params, permissions, registry, runner
from opsconsole.admin.plans import TYPE_ABOVE, must_type, problem_with
from opsconsole.admin.plans import Answer as Confirmation
from opsconsole.exceptions import AlreadyRunning, BadInput
from opsconsole.plans import StalePlan

from .. import idempotency
from ..answers import Answer, ApiError
from ..api import Call, api_view
from ..deadline import lifted
from ..domain import scopes
from ..schema import require_types, schema_of
from .runs import accepted, taken

KNOWN = {"params", "plan_digest", "rows"}


@api_view("GET", scope=scopes.SEE_OPERATIONS)
def every_operation(call: Call) -> Answer:
    """Those that the account may run, with what each wants to know."""
    found = [described(one, call) for one in permissions.runnable(call.account)]
    return Answer(data={"operaciones": found})


@api_view("POST", scope=scopes.LAUNCH)
def plan(call: Call, name: str) -> Answer:
    """What the operation would touch; nothing is written."""
    operation, (values, _confirmation) = registry.get(name), sent(call)
    permissions.require(operation, call.account)
    if not operation.has_plan():
        raise ApiError(
            _("«%(title)s» no tiene plan.") % {"title": operation.title},
            status=404,
            remedy=_("Láncela directamente."),
        )
    require_types(operation, values)
    cleaned = params.clean(operation.Params, values)
    found = runner.plan(operation, cleaned, door=call.door)
    return Answer(data=plan_as_json(operation, found))


@api_view("POST", scope=scopes.LAUNCH)
def launch(call: Call, name: str) -> Answer:
    """202 and where the run is; a repeated request with the same key leads to the same run."""
    operation, (values, confirmation) = registry.get(name), sent(call)
    key = idempotency.key_of(call)
    if (known := idempotency.run_for(key)) is not None:
        return accepted(known, repeated=True)
    if permissions.may_run(operation, call.account):
        require_types(operation, values)
        require_confirmed(operation, values, confirmation)
    try:
        with lifted(), idempotency.leading_to_the_first(key):
            run = runner.submit(
                operation,
                values,
                door=call.door,
                plan_digest=confirmation.digest if operation.has_plan() else "",
                request_key=key,
            )
    except idempotency.Repeated as repeated:
        return accepted(repeated.run, repeated=True)
    except AlreadyRunning as error:
        raise taken(error, call) from error
    return accepted(run)


def sent(call: Call) -> tuple[dict[str, Any], Confirmation]:
    """The parameters, and the plan that is confirmed with them."""
    body = call.body()
    values, digest, rows = body.get("params", {}), body.get("plan_digest", ""), body.get("rows", "")
    wrong = {name: [_("No se conoce este campo.")] for name in sorted(set(body) - KNOWN)}
    if not isinstance(values, dict):
        wrong["params"] = [_("Debe ser un objeto.")]
    if not isinstance(digest, str):
        wrong["plan_digest"] = [_("Debe ser un texto.")]
    if isinstance(rows, bool) or not isinstance(rows, (int, str)):
        wrong["rows"] = [_("Debe ser un número.")]
    if wrong:
        raise BadInput(wrong)
    return values, Confirmation(digest=digest, typed=str(rows))


def require_confirmed(
    operation: Operation, values: dict[str, Any], confirmation: Confirmation
) -> None:
    """Raise unless what has a plan comes with the digest of the plan as it is now."""
    if not operation.has_plan():
        return
    if not confirmation.digest:
        raise BadInput(
            {"plan_digest": [_("Falta: confirme un plan.")]},
            remedy=_("Pida el plan en %(url)s y envíe su digest.")
            % {"url": reverse("api:plan", args=[operation.name])},
        )
    now = operation.plan(params.clean(operation.Params, values))
    problem = problem_with(confirmation, now, operation=operation)
    if problem is not None:
        raise ApiError(
            problem.message,
            status=409 if isinstance(problem, StalePlan) else 400,
            cause=problem.cause,
            remedy=problem.remedy,
            plan=plan_as_json(operation, now),
        )


def described(operation: Operation, call: Call) -> dict[str, Any]:
    """An operation as JSON."""
    links = {"corridas": reverse("api:launch", args=[operation.name])}
    if operation.has_plan():
        links["plan"] = reverse("api:plan", args=[operation.name])
    return {
        "name": operation.name,
        "title": str(operation.title),
        "description": str(operation.description),
        "section": str(operation.section),
        "effect": operation.effect.value,
        "has_plan": operation.has_plan(),
        "needs_approval": approvals.is_needed(operation, call.door),
        "timeout_seconds": operation.timeout_seconds,
        "params": schema_of(operation),
        "links": links,
    }


def plan_as_json(operation: Operation, found: Plan) -> dict[str, Any]:
    """A plan as JSON, with what confirms it."""
    return {
        "summary": str(found.summary),
        "rows": found.rows,
        "lines": [{str(key): plain(value) for key, value in line.items()} for line in found.lines],
        "warnings": [str(one) for one in found.warnings],
        "plan_digest": found.digest(),
        "must_repeat_rows": must_type(operation, found),
        "rows_above": TYPE_ABOVE,
    }


def plain(value: Any) -> Any:
    """A cell of the plan, as JSON."""
    value = params.json_value(value)
    return value if value is None or isinstance(value, (str, int, float, list)) else str(value)
