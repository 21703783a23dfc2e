"""Asking runs to end: one statement, whatever state each is found in."""

from __future__ import annotations

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Now

from .models import JobRun
from .states import Status

CANCELLABLE = sorted({Status.QUEUED, Status.INTERRUPTED, Status.RUNNING})


def ask_to_end(runs: QuerySet[JobRun], *, by: str) -> int:
    """End those that wait, ask those that run; return how many it concerned.

    Between two statements a worker could claim a run, and neither would find it.
    """
    running = When(status=Status.RUNNING, then=Value(Status.CANCELLING))
    still = When(status=Status.RUNNING, then=F("sealed_params"))
    return runs.filter(status__in=CANCELLABLE).update(
        status=Case(running, default=Value(Status.CANCELLED)),
        finished_at=Case(When(status=Status.RUNNING, then=None), default=Now()),
        sealed_params=Case(still, default=Value(""), output_field=TextField()),
        cancel_requested_by=by,
    )


def cancel_parts(run_id: int, *, by: str) -> int:
    """Ask the parts of a run to end."""
    return ask_to_end(JobRun.objects.filter(parent_id=run_id), by=by)
