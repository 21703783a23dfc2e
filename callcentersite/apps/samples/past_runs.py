"""Three months of runs with every ending; apart, runs in the states that have not ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from opsconsole.context import Artifact
from opsconsole.history import PastLine, PastRun, write
from opsconsole.models import Origin
from opsconsole.selectors.queue import living_clusters
from opsconsole.states import IN_WORKER, Status

from .domain.cast import ADMINISTRATOR, ANALYST, TECHNICIAN, Role
from .domain.episode import Episode
from .domain.past import episodes
from .scene import Scene

WORKERS = ("ops-1:4312", "ops-1:4313")
# What has not ended, who asked for it, and what it is: the oldest first.
UNDER_WAY = (
    (Status.AWAITING_APPROVAL, "run_etl", TECHNICIAN),
    (Status.INTERRUPTED, "generate_report", ANALYST),
    (Status.CANCELLING, "generate_report", ANALYST),
    (Status.RUNNING, "generate_report", ANALYST),
    (Status.QUEUED, "generate_report", ANALYST),
)
REPORT = {"kind": "day", "period": "last_7_days", "queue": "", "format": "csv"}
PARAMS: dict[str, dict[str, Any]] = {"generate_report": REPORT, "run_etl": {"full": True}}


def make(scene: Scene) -> int:
    """Those that are not there yet; return how many."""
    return write([past_run(one, scene) for one in episodes(seed=scene.seed, end=scene.end)])


def make_under_way(scene: Scene) -> int:
    """After the calls: a worker that takes them finds what to report."""
    return write(list(now(scene)))


def now(scene: Scene) -> Iterator[PastRun]:
    """What has not ended; where there are workers, nothing that seems to be in their hands.

    They would declare it lost within a minute, and the health of a new console be critical.
    """
    left_out = IN_WORKER if scene.awaits_workers or living_clusters() else ()
    for number, (status, operation, role) in enumerate(UNDER_WAY):
        if status not in left_out:
            yield under_way(status, operation, role, number, scene)


def past_run(one: Episode, scene: Scene) -> PastRun:
    """An episode as the engine takes it."""
    started = one.queued_at + timedelta(seconds=0.4) if one.has_started else None
    begun = started or one.queued_at
    ended = begun + timedelta(seconds=one.seconds)
    return PastRun(
        key=scene.key("run", one.number),
        operation=one.operation,
        status=Status(one.status),
        origin=one.origin,
        requested_by=one.person.username,
        requested_by_id=scene.number_of(one.person),
        queued_at=one.queued_at,
        started_at=started,
        finished_at=ended,
        fields=columns(one),
        lines=tuple(
            PastLine(
                level=said.level, message=said.message, at=begun + timedelta(seconds=said.seconds)
            )
            for said in one.lines
        ),
        files=() if one.file is None else (file_of(*one.file),),
        decided_by=ADMINISTRATOR.username,
        decided_by_id=scene.number_of(ADMINISTRATOR) or ADMINISTRATOR.username,
    )


def columns(one: Episode) -> dict[str, Any]:
    """What else its row says."""
    error, cause, remedy = one.error
    cancelled = ADMINISTRATOR.username if one.status == Status.CANCELLED else ""
    return {
        "params": one.params,
        "result": one.result,
        "error": error,
        "error_cause": cause,
        "error_remedy": remedy,
        "worker": WORKERS[one.number % 2] if one.has_started else "",
        "cancel_requested_by": cancelled,
    }


def file_of(name: str, text: str) -> Artifact:
    """A file that the run left."""
    return Artifact(name=name, content=text.encode(), content_type="text/csv")


def under_way(status: Status, operation: str, role: Role, number: int, scene: Scene) -> PastRun:
    """A run that stands there; nobody works at it, and the console finds that out by itself."""
    now, works = timezone.now(), status in IN_WORKER
    progress = {"progress_current": 3, "progress_total": 7, "worker": WORKERS[0]} if works else {}
    return PastRun(
        key=scene.key("now", number),
        operation=operation,
        status=status,
        origin=Origin.ADMIN,
        requested_by=role.username,
        requested_by_id=scene.number_of(role),
        queued_at=now,
        started_at=now if works else None,
        fields={"params": PARAMS[operation], **progress},
        lines=(PastLine(level="INFO", message="Métricas por día", at=now),) if works else (),
    )
