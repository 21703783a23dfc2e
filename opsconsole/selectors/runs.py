"""What has been run, what runs now, how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Q, QuerySet

from ..models import JobRun
from ..permissions import may_see_every_run, runnable
from ..states import IN_WORKER, Status

# Columns that no list shows; some of them are large.
HEAVY = (
    "params", "sealed_params", "phases", "result",
    "error_cause", "error_remedy", "error_class", "traceback",
)  # fmt: skip
RECENT = 60
# What somebody asked for; parts are the engine's own doing, and told of with their run.
ASKED_FOR = Q(parent=None)
# Endings that somebody should look at.
BAD_ENDS = (Status.FAILED, Status.LOST, Status.MISSED)


def visible_to(user: Any) -> QuerySet[JobRun]:
    """The runs that this account may see, newest first, without their heavy columns."""
    runs = JobRun.objects.defer(*HEAVY)
    if may_see_every_run(user):
        return runs
    # By name as well as by number: the name has the index.
    return runs.filter(
        requested_by=user.get_username(),
        requested_by_id=str(user.pk),
        operation__in=[operation.name for operation in runnable(user)],
    )


WAITING = (Status.QUEUED, Status.INTERRUPTED, Status.AWAITING_APPROVAL)


def going_on(user: Any, *, apart_from: Sequence[JobRun] = (), limit: int = 10) -> list[JobRun]:
    """Runs in a worker's hands, then the ones that wait; ``apart_from``: shown elsewhere."""
    runs = visible_to(user).filter(ASKED_FOR).exclude(pk__in=[run.pk for run in apart_from])
    working = list(runs.filter(status__in=sorted(IN_WORKER))[:limit])
    waiting = runs.filter(status__in=WAITING).order_by("pk")
    return working + list(waiting[: limit - len(working)])


def to_decide(user: Any, *, limit: int = 10) -> list[JobRun]:
    """Runs that wait for a second person, and this one may be it; the oldest first."""
    if not user.is_active or not user.has_perm("opsconsole.approve_jobrun"):
        return []
    waiting = visible_to(user).filter(status=Status.AWAITING_APPROVAL)
    return list(waiting.exclude(requested_by_id=str(user.pk)).order_by("pk")[:limit])


def went_wrong(user: Any, *, since: datetime, limit: int = 5) -> list[JobRun]:
    """The last runs that failed, were lost, or never came."""
    # The date bounds the search: somebody without failures must not cost a walk of the history.
    runs = visible_to(user).filter(ASKED_FOR, queued_at__gte=since)
    return list(runs.filter(status__in=BAD_ENDS)[:limit])


def recent(operation: str, *, limit: int = RECENT, before: int | None = None) -> list[JobRun]:
    """The last runs of an operation, newest first; with ``before``, those older than that run."""
    runs = JobRun.objects.defer(*HEAVY).filter(ASKED_FOR, operation=operation)
    return list((runs if before is None else runs.filter(pk__lt=before))[:limit])


def recent_by_operation(operations: Sequence[str], *, limit: int) -> dict[str, list[JobRun]]:
    """The last runs of each of these operations, newest first, by one statement.

    A branch for each operation, and each stops after its ``limit`` runs by its own index: a window
    over the table would number the whole history first.
    """
    found: dict[str, list[JobRun]] = {name: [] for name in operations}
    if not found:
        return found
    branches = [branch(name, limit=limit) for name in found]
    sql = " UNION ALL ".join(f"SELECT * FROM ({text}) AS branch" for text, _params in branches)
    for run in JobRun.objects.raw(sql, [one for _text, params in branches for one in params]):
        found[run.operation].append(run)
    return found


def branch(operation: str, *, limit: int) -> tuple[str, tuple[Any, ...]]:
    """The statement of the last runs of one operation, with its parameters."""
    runs = JobRun.objects.defer(*HEAVY).filter(ASKED_FOR, operation=operation)[:limit]
    sql, params = runs.query.get_compiler(using=runs.db).as_sql()
    return sql, tuple(params)


def outcome_before(run: JobRun) -> str | None:
    """How the operation's last earlier run that did its work, or failed to, ended."""
    earlier = JobRun.objects.filter(ASKED_FOR, operation=run.operation, pk__lt=run.pk)
    said = earlier.filter(status__in=[Status.SUCCEEDED, *BAD_ENDS])
    return said.values_list("status", flat=True).first()


def working() -> list[JobRun]:
    """Runs in a worker's hands."""
    runs = JobRun.objects.defer(*HEAVY).filter(ASKED_FOR, status__in=sorted(IN_WORKER))
    return list(runs)


def successes(runs: Sequence[JobRun], *, limit: int = 12) -> list[JobRun]:
    """The last ones that ended well, newest first."""
    return [run for run in runs if run.status == Status.SUCCEEDED and run.started_at][:limit]


def usual_duration(runs: Sequence[JobRun]) -> timedelta | None:
    """The median of the last successes; None where there are none."""
    durations = [run.duration() or timedelta() for run in successes(runs)]
    return timedelta(seconds=median(d.total_seconds() for d in durations)) if durations else None
