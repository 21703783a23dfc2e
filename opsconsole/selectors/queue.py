"""Who takes runs off the queue, what waits in it, and whether that goes well."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.status import Stat

from ..bell import TASK
from ..canary import TASK as CANARY
from ..conf import setting
from ..models import JobRun
from ..states import IN_WORKER, Status
from .canary import NEVER, CanaryState, canary_state
from .runs import HEAVY

# With a worker free, nothing should wait for so long.
PATIENCE = timedelta(seconds=30)
MOST = 1_000
AHEAD = 50


class Verdict(enum.Enum):
    """How the queue is doing, from bad to good."""

    NOBODY = "nobody"  # no cluster alive
    STOPPING = "stopping"  # alive, but told to stop
    DEAF = "deaf"  # workers free, and yet things wait, or nothing is ever taken
    BUSY = "busy"  # every worker has something to do
    WORKING = "working"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A ``qcluster`` as it reports of itself."""

    host: str
    pid: int
    stopping: bool
    workers: tuple[str, ...]
    since: datetime
    reincarnations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """The queue at a glance."""

    clusters: tuple[Cluster, ...]
    busy: int
    waiting: int
    oldest_wait: timedelta | None
    canary: CanaryState = NEVER
    silent: bool = False  # the canary, of clusters that have been there for long enough
    moving: bool = False  # something was taken, or done with, a moment ago

    @property
    def workers(self) -> int:
        """How many workers are alive."""
        return sum(len(cluster.workers) for cluster in self.clusters)

    @property
    def verdict(self) -> Verdict:
        """One word for it."""
        if not self.clusters:
            return Verdict.NOBODY
        if all(cluster.stopping for cluster in self.clusters):
            return Verdict.STOPPING
        if self.busy >= self.workers:
            return Verdict.BUSY
        if self.silent or (self.oldest_wait is not None and self.oldest_wait > PATIENCE):
            # Between two runs a worker is free for a moment, however much waits.
            return Verdict.BUSY if self.moving else Verdict.DEAF
        return Verdict.WORKING if self.busy or self.waiting else Verdict.IDLE

    @property
    def is_consumed(self) -> bool:
        """Whether what waits will be taken."""
        return self.verdict not in (Verdict.NOBODY, Verdict.STOPPING, Verdict.DEAF)


def queue_state() -> QueueState:
    """Read it: clusters from their cache, bells and runs from their tables."""
    clusters, now, canary = living_clusters(), timezone.now(), canary_state()
    hands = {worker for cluster in clusters for worker in cluster.workers}
    bells = OrmQ.objects.filter(lock__lte=now)
    first_bell = bells.order_by("lock").values_list("lock", flat=True).first()
    first = next(iter(waiting(limit=1)), None)
    return QueueState(
        clusters=clusters,
        # A worker that works on a part of its own run has two runs in its hands.
        busy=len({run.worker for run in working() if gives_signs(run, now=now)} & hands),
        # A canary on its way is nothing that anybody waits for.
        waiting=max(waiting_runs_count(), bells[:MOST].count() - canary.waits),
        oldest_wait=longest(now, (first_bell, waiting_since(first))),
        canary=canary,
        silent=canary.is_silent and not has_just_come(clusters, now=now),
        moving=is_moving(first, canary, now=now),
    )


def gives_signs(run: JobRun, *, now: datetime) -> bool:
    """Whether its worker really works: one that was frozen keeps its run, and is not busy."""
    silence = timedelta(seconds=setting("LOST_AFTER_SECONDS"))
    return run.heartbeat_at is not None and now - run.heartbeat_at < silence


def is_moving(first: JobRun | None, canary: CanaryState, *, now: datetime) -> bool:
    """Whether a canary, or a run ahead of the first that waits, came off the queue lately."""
    lately = min(PATIENCE, timedelta(seconds=setting("CANARY_LATE_SECONDS")))
    moments = [canary.sung_at]
    if first is not None:
        ahead = JobRun.objects.filter(pk__lt=first.pk).order_by("-pk")
        for pair in ahead.values_list("started_at", "finished_at")[:AHEAD]:
            moments += pair
    return any(moment is not None and now - moment < lately for moment in moments)


def has_just_come(clusters: Sequence[Cluster], *, now: datetime) -> bool:
    """Whether no cluster has been there for long enough to be heard of."""
    late = timedelta(seconds=setting("CANARY_LATE_SECONDS"))
    return all(now - cluster.since < late for cluster in clusters)


def living_clusters() -> tuple[Cluster, ...]:
    """The clusters that gave a sign in the last seconds."""
    try:
        stats = Stat.get_all()
    except Error:  # the cache's table is not there yet
        stats = []
    return tuple(sorted(map(_cluster, stats), key=lambda cluster: (cluster.host, cluster.pid)))


def _cluster(stat: Stat) -> Cluster:
    return Cluster(
        host=stat.host,
        pid=stat.pid,
        stopping=stat.status in (Conf.STOPPING, Conf.STOPPED),
        workers=tuple(f"{stat.host}:{pid}" for pid in stat.workers),
        since=stat.tob,
        reincarnations=stat.reincarnations,
    )


def working(*, limit: int = 100) -> Sequence[JobRun]:
    """Runs in the hands of a worker or a terminal."""
    return list(JobRun.objects.defer(*HEAVY).filter(status__in=sorted(IN_WORKER))[:limit])


def waiting(*, limit: int = 100) -> Sequence[JobRun]:
    """Runs that wait, the first one first."""
    runs = JobRun.objects.defer(*HEAVY).filter(status=Status.QUEUED)
    return list(runs.order_by("pk")[:limit])


def waiting_runs_count() -> int:
    """How many runs wait, counted to a thousand."""
    return JobRun.objects.filter(status=Status.QUEUED).order_by()[:MOST].count()


def waiting_since(run: JobRun | None) -> datetime | None:
    """Since when; one that was put back waits since its last bell."""
    if run is None:
        return None
    return run.rung_at if run.attempt and run.rung_at else run.queued_at


def longest(now: datetime, moments: Sequence[datetime | None]) -> timedelta | None:
    """The time since the earliest of the moments."""
    known = [moment for moment in moments if moment is not None]
    return max(now - min(known), timedelta()) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTask:
    """Something in the queue that is not a run."""

    name: str
    function: str
    since: datetime


def other_tasks(*, limit: int = 20) -> list[OtherTask]:
    """What waits beside the runs: schedules, above all."""
    rows = OrmQ.objects.filter(lock__lte=timezone.now()).order_by("lock")[:100]
    tasks = [
        OtherTask(name=str(row.name() or row.pk), function=str(row.func()), since=row.lock)
        for row in rows
        if row.func() not in (TASK, CANARY)
    ]
    return tasks[:limit]
