"""What the run page's partials are given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from .. import approvals, pausing, permissions, registry, runner
from .. import params as parameters
from ..conf import setting, shows_tracebacks
from ..exceptions import NotAllowed
from ..models import Approval, JobRun, SealedPlan
from ..operations import Link, Operation
from ..parts import newest_parts
from ..selectors import runs as history
from ..selectors.queue import queue_state
from ..states import Status
from .presenters import figures
from .presenters import run as present
from .presenters.queue_words import advice
from .presenters.spark import spark_of

# Partials that may differ at every look, and those that only a change of state changes.
changing_parts = ("meta", "notices", "progress", "shares", "figures")
once = ("state", "outcome", "actions", "remains")


def whole_page(run: JobRun, user: Any) -> dict[str, Any]:
    """For the page as it is first shown."""
    operation = registry.find(run.operation)
    runs = history.recent(run.operation)
    return parts(run, user) | {
        "heading": present.title_of(run),
        "part_names": (*changing_parts, *once),
        "params": figures.params_of(run.params, operation),
        "command": command_of(run, operation),
        "kept": SealedPlan.objects.filter(run=run).only("pk").first(),
        "spark": None if run.is_part else spark_of(runs, current=run),
        "raw_result": figures.raw_result(run),
        "may_run": operation is not None and user.has_perm(operation.permission()),
        "live_url": reverse("admin:opsconsole_jobrun_live", args=[run.pk]),
    }


def command_of(run: JobRun, operation: Operation | None) -> str:
    """The same in the terminal; a part has no command of its own."""
    if operation is None or run.is_part:
        return ""
    return parameters.command_line(operation, run.params)


def parts(run: JobRun, user: Any) -> dict[str, Any]:
    """For the partials, on the page and in the live feed."""
    operation, now = registry.find(run.operation), timezone.now()
    return {
        "run": run,
        "operation": operation,
        "gone": operation is None,
        "awaits_approval": run.status == Status.AWAITING_APPROVAL,
        "approval": Approval.objects.filter(run=run).first() if run.requested_by_id else None,
        "waits": run.status == Status.QUEUED,
        "origin": present.origin_sentence(run),
        "running_for": run.duration(now=now),
        "started": present.clock(run.started_at),
        "finished": present.clock(run.finished_at),
        "silent_for": now - run.heartbeat_at if run.heartbeat_at and run.is_active else None,
        # What a whole run takes says nothing of a part.
        "usual": None if run.is_part else usual_duration(run),
        "progress": present.progress_of(run, now=now),
        "phases": present.phases_of(run, operation),
        "shares": present.shares_of(newest_parts(run.pk), now=now),
        "figures": figures.figures_of(run, operation),
        "breakdowns": figures.breakdowns_of(run, operation),
        "remains": operation.if_cancelled(run) if operation and run.is_active else "",
        **queue_advice(run),
        **rights(run, user, operation),
        **trace_of(run, user),
        **undo(run, user, operation),
        **files_of(run, user),
        **links_of(run, user, operation),
        **result_part(run, user, operation),
    }


def files_of(run: JobRun, user: Any) -> dict[str, Any]:
    """What the run left, and why this person may not take it home."""
    found = list(run.artifacts.order_by("name")) if run.has_ended else []
    try:
        permissions.require_download(run, user)
    except NotAllowed as error:
        return {"artifacts": found, "files_refusal": error}
    return {"artifacts": found}


def links_of(run: JobRun, user: Any, operation: Operation | None) -> dict[str, Any]:
    """What the operation offers, of which the first leads on; then what the site does."""
    if not run.has_ended:
        return {}
    path: str = setting("RUN_LINKS")
    own: list[Link] = list(operation.links(run, user)) if operation else []
    return {"links": [*own, *(import_string(path)(run, user) if path else ())], "leads": bool(own)}


def usual_duration(run: JobRun) -> timedelta | None:
    """What its operation usually takes."""
    return history.usual_duration(history.recent(run.operation, limit=20))


def result_part(run: JobRun, user: Any, operation: Operation | None) -> dict[str, Any]:
    """The operation's own part of the page of a run that has ended."""
    if operation is None or not operation.result_template or not run.has_ended:
        return {}
    found = operation.result_details(run, user)
    return {"result_template": operation.result_template, "found": found} if found else {}


def undo(run: JobRun, user: Any, operation: Operation | None) -> dict[str, Any]:
    """Whether and until when it can be undone, and where; what a run did before it failed too."""
    if operation is None or not run.has_ended:
        return {}
    notice, possible = operation.undo_notice(run)
    undoing = registry.find(operation.undone_by)
    if not possible or undoing is None or not permissions.may_run(undoing, user):
        return {"undo_notice": notice}
    url = reverse("admin:opsconsole_operation", args=[undoing.name])
    return {"undo_notice": notice, "undo_url": f"{url}?run={run.pk}"}


def queue_advice(run: JobRun) -> dict[str, Any]:
    """While it waits: whether anybody is going to take it."""
    if run.status != Status.QUEUED:
        return {"queue_is_consumed": True}
    state = queue_state()
    return {"queue_is_consumed": state.is_consumed, "advice": advice(state)}


def rights(run: JobRun, user: Any, operation: Operation | None) -> dict[str, Any]:
    """Which buttons there are."""
    return {
        "may_cancel": run.status in (Status.QUEUED, Status.RUNNING, Status.INTERRUPTED)
        and runner.may_cancel(run, user),
        "may_decide": run.status == Status.AWAITING_APPROVAL and approvals.may_decide(run, user),
        "pausable": operation is not None and operation.pausable,
        "goes_on": pausing.may_go_on(run),
        "may_retry": operation is not None and run.has_ended and runner.may_retry(run, user),
    }


def trace_of(run: JobRun, user: Any) -> dict[str, Any]:
    """The traceback where it may be shown; else whether there is one, and whose to see it is."""
    if not run.traceback:
        return {}
    may_see = permissions.may_see_tracebacks(user)
    shown = may_see and shows_tracebacks()
    return {"trace": run.traceback if shown else "", "trace_hidden": not shown, "may_see": may_see}
