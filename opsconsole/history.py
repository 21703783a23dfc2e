"""Write runs that were not run here: for demonstrations and test data.

What is written looks like any other run, in every state; an active one is treated as any other:
a queued one is rung for at once, and one in a worker's hands soon declared lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from . import artifacts, registry
from .bell import ring
from .conf import ops_alias
from .context import Artifact
from .language import source_language
from .models import Approval, JobLog, JobRun
from .states import IN_WORKER, Status

AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """A line of its log."""

    level: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run as it was: ``key`` is its own for ever, so that writing it again writes nothing.

    ``fields`` are further columns of JobRun: params, result, error, worker, progress.
    """

    key: str
    operation: str
    status: Status
    origin: str
    requested_by: str
    requested_by_id: str | None
    queued_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    lines: tuple[PastLine, ...] = ()
    files: tuple[Artifact, ...] = ()
    decided_by: str = ""
    decided_by_id: str | None = None


def write(runs: Sequence[PastRun]) -> int:
    """Write those whose key is new, in their order; return how many."""
    written = 0
    for start in range(0, len(runs), AT_ONCE):
        written += write_some(runs[start : start + AT_ONCE])
    return written


def write_some(runs: Sequence[PastRun]) -> int:
    """One transaction, with their logs; then their files."""
    known = set(
        JobRun.objects.filter(request_key__in=[run.key for run in runs]).values_list(
            "request_key", flat=True
        )
    )
    fresh = [run for run in runs if run.key not in known]
    with transaction.atomic(using=ops_alias()), source_language():
        rows = JobRun.objects.bulk_create([row_of(run) for run in fresh])
        pairs = list(zip(fresh, rows, strict=True))
        JobLog.objects.bulk_create(
            [line for run, row in pairs for line in log_of(run, row)], batch_size=1_000
        )
        Approval.objects.bulk_create([approval_of(*pair) for pair in pairs if was_asked(pair[0])])
        for row in rows:
            if row.status == Status.QUEUED:
                ring(row.pk)
    for run, row in pairs:
        for file in run.files:
            artifacts.store_one(row.pk, file)
    return len(fresh)


def row_of(run: PastRun) -> JobRun:
    """The run's row; nobody is told of its ending any more."""
    operation = registry.find(run.operation)
    working = run.status in IN_WORKER
    return JobRun(
        operation=run.operation,
        title=str(operation.title)[:200] if operation else run.operation,
        status=run.status,
        origin=run.origin,
        requested_by=run.requested_by,
        requested_by_id=run.requested_by_id,
        request_key=run.key,
        queued_at=run.queued_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        heartbeat_at=run.finished_at or (run.started_at if working else None),
        announced_at=run.finished_at,
        attempt=int(run.started_at is not None),
        progress_unit=str(operation.unit)[:40] if operation else "",
        timeout_seconds=operation.timeout_seconds if operation else 3600,
        log_lines=len(run.lines),
        **run.fields,
    )


def log_of(run: PastRun, row: JobRun) -> Iterable[JobLog]:
    """Its lines, numbered from 1."""
    for number, line in enumerate(run.lines, 1):
        yield JobLog(run=row, seq=number, level=line.level, message=line.message, at=line.at)


ASKED = {
    Status.AWAITING_APPROVAL: Approval.Decision.PENDING,
    Status.REJECTED: Approval.Decision.REJECTED,
    Status.EXPIRED: Approval.Decision.EXPIRED,
}


def was_asked(run: PastRun) -> bool:
    """Whether a second person came into it."""
    return run.status in ASKED


def approval_of(run: PastRun, row: JobRun) -> Approval:
    """What became of asking."""
    decision = ASKED[run.status]
    decided = decision is Approval.Decision.REJECTED
    return Approval(
        run=row,
        requested_by=run.requested_by,
        requested_by_id=run.requested_by_id or "",
        asked_at=run.queued_at,
        decision=decision,
        decided_by=run.decided_by if decided else "",
        decided_by_id=run.decided_by_id if decided else None,
        decided_at=run.finished_at,
        reason=run.fields.get("error", "")[:300] if decided else "",
    )
