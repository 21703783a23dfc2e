"""A run: how it stands, and what may be asked of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from opsconsole import permissions, runner
from opsconsole.exceptions import AlreadyRunning
from opsconsole.models import JobRun
from opsconsole.states import Status

from .. import idempotency
from ..answers import Answer, ApiError
from ..api import Call, api_view
from ..deadline import lifted
from ..domain import scopes


@api_view("GET", scope=scopes.SEE_OPERATIONS)
def show(call: Call, pk: int) -> Answer:
    """The run as it stands."""
    return Answer(data=as_json(visible(call, pk)))


@api_view("POST", scope=scopes.LAUNCH)
def cancel(call: Call, pk: int) -> Answer:
    """End it, or ask it to end at its next safe place."""
    run = visible(call, pk)
    nothing_sent(call)
    with lifted():
        return accepted(runner.cancel(run, door=call.door))


@api_view("POST", scope=scopes.LAUNCH)
def retry(call: Call, pk: int) -> Answer:
    """The same again, as a run of its own."""
    run = visible(call, pk)
    nothing_sent(call)
    key = idempotency.key_of(call)
    if (known := idempotency.run_for(key)) is not None:
        return accepted(known, repeated=True)
    try:
        with lifted(), idempotency.leading_to_the_first(key):
            return accepted(runner.retry(run, door=call.door, request_key=key))
    except idempotency.Repeated as repeated:
        return accepted(repeated.run, repeated=True)
    except AlreadyRunning as error:
        raise taken(error, call) from error


def visible(call: Call, pk: int) -> JobRun:
    """The run; raises UnknownRun or NotAllowed."""
    run = runner.find(pk)
    if not permissions.may_see(run, call.account):
        raise permissions.not_allowed(
            _("ver la corrida %(id)s") % {"id": pk},
            call.account,
            permission="opsconsole.view_jobrun",
        )
    return run


def nothing_sent(call: Call) -> None:
    """These verbs take no parameters."""
    if call.body():
        raise ApiError(
            _("Aquí no se envían parámetros."),
            status=400,
            remedy=_("Repita la solicitud sin contenido."),
        )


def accepted(run: JobRun, *, repeated: bool = False) -> Answer:
    """202, and where to look."""
    headers = {"Location": run_url(run)}
    if repeated:
        headers["Idempotent-Replayed"] = "true"
    return Answer(data=as_json(run), status=202, headers=headers)


def taken(error: AlreadyRunning, call: Call) -> ApiError:
    """409, with the run that holds the lock where the account may see it."""
    holder = runner.find(error.run_id)
    told = {"id": holder.pk, "url": run_url(holder), "status": holder.status}
    sight = permissions.may_see(holder, call.account)
    return ApiError(
        error.message,
        status=409,
        cause=error.cause,
        remedy=error.remedy,
        corrida=told if sight else None,
    )


def run_url(run: JobRun) -> str:
    """Its address in the API."""
    return reverse("api:run", args=[run.pk])


def as_json(run: JobRun) -> dict[str, Any]:
    """A run as JSON; its parameters and result were masked when they were written."""
    return {
        "id": run.pk,
        "operation": run.operation,
        "title": run.title,
        "status": run.status,
        "status_text": str(Status(run.status).label),
        "has_ended": run.has_ended,
        "origin": run.origin,
        "requested_by": run.requested_by,
        "params": run.params,
        "queued_at": run.queued_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "progress": {
            "current": run.progress_current,
            "total": run.progress_total,
            "unit": run.progress_unit,
            "phase": run.phase,
        },
        "result": run.result,
        "error": problem_of(run),
        "retry_of": run.retry_of_id,
        "part_of": run.parent_id,
        "links": {
            "self": run_url(run),
            "page": settings.OPSCONSOLE["SITE_URL"] + run.get_absolute_url(),
        },
    }


def problem_of(run: JobRun) -> dict[str, str] | None:
    """Why it ended badly, in three parts."""
    if not run.error:
        return None
    return {"message": run.error, "cause": run.error_cause, "remedy": run.error_remedy}
